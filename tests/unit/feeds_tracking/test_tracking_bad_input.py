"""Tracking that cannot be what it should be: each with its sentence, and the shots stand all the same."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from provider_matches import Telling, as_told, errors_of, read, sentences, tell, tracked

from xgoals.domain.scene import Person, Scene
from xgoals.feeds import MatchReading
from xgoals.feeds.simulator.provider_game import Manner
from xgoals.feeds.synchronise.clocks import place_sd_m


def dat_of(folder: Path) -> Path:
    return next(folder.glob("*.dat"))


def rewritten(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text()))


def meta_of(folder: Path) -> Path:
    return next(folder.glob("*_metadata.xml"))


def people_of(scene: Scene) -> tuple[int | None, list[Person]]:
    """Frame and people, in any order."""
    return scene.frame_n, sorted(scene.people, key=lambda person: person.player_id or "")


def assert_untracked(reading: MatchReading, telling: Telling, sentence: str) -> None:
    """One sentence on the file, and all shots as the events have them."""
    assert len(reading.record.shots) == len(telling.record.shots)
    assert tracked(reading) == 0
    assert len(reading.problems) == 1, sentences(reading)
    assert re.search(sentence, sentences(reading)[0]), sentences(reading)
    assert "until then the shots go without tracking" in sentences(reading)[0]
    assert Path(reading.problems[0].path).parent.exists()


def mirrored(line: str, *, x: int, y: int) -> str:
    head, people, ball, *rest = line.split(":")
    turned = []
    for person in filter(None, people.split(";")):
        team, target, shirt, px, py, speed = person.split(",")
        turned.append(f"{team},{target},{shirt},{x * int(px)},{y * int(py)},{speed}")
    if ball:
        bx, by, more = ball.split(",", 2)
        ball = f"{x * int(bx)},{y * int(by)},{more}"
    return ":".join([head, "".join(f"{p};" for p in turned), ball, *rest])


def test_a_file_that_was_cut_off_keeps_what_it_has(copied: Path, tracab: Telling) -> None:
    path = dat_of(copied)
    lines = path.read_bytes().splitlines(keepends=True)
    half = sum(map(len, lines[: len(lines) // 2]))
    path.write_bytes(path.read_bytes()[: half + 200])
    reading = read("opta", copied)
    said = sentences(reading)
    assert any(
        re.match(r"the file is cut off: its last line has no end, its last frame is \d+\.", s) for s in said
    )
    assert any(
        re.match(r"the positions of period 2 end after \d+ of \d+ min: part of the match", s) for s in said
    )
    assert 5 <= tracked(reading) < len(tracab.record.shots)
    assert (errors_of(tracab, reading.record) <= 3).all()
    lost = [s for s in said if "the shot goes without tracking" in s]
    assert len(lost) == len(tracab.record.shots) - tracked(reading)


def test_an_ma25_file_that_was_cut_off_keeps_what_it_has(copied_ma25: Path, ma25: Telling) -> None:
    path = next(copied_ma25.glob("*_ma25.txt"))
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"\n", 0, 2 * len(data) // 3) + 300])
    reading = read("statsperform", copied_ma25)
    assert (
        sentences(reading)[0].startswith("the file is cut off") or "cannot be read" in sentences(reading)[0]
    )
    assert 5 <= tracked(reading) < len(ma25.record.shots)
    assert (errors_of(ma25, reading.record) <= 3).all()


def test_an_empty_file(copied: Path, tracab: Telling) -> None:
    dat_of(copied).write_bytes(b"")
    assert_untracked(read("opta", copied), tracab, "^the file is empty")


def test_a_file_of_something_else(copied: Path, tracab: Telling) -> None:
    dat_of(copied).write_text("<html>login</html>\n")
    assert_untracked(
        read("opta", copied), tracab, "^no line of it is a frame of tracking. Check which file this is"
    )


def test_positions_without_their_metadata(copied: Path, tracab: Telling) -> None:
    meta_of(copied).unlink()
    assert_untracked(read("opta", copied), tracab, "^there is no metadata file beside it. Add it")


def test_tracking_as_json_is_named_and_costs_no_shot(copied: Path, tracab: Telling) -> None:
    dat_of(copied).unlink()
    meta_of(copied).unlink()
    (copied / "tracab.json").write_text('{"FrameData": [{"FrameCount": 1848508}]}')
    (copied / "meta.json").write_text('{"GameID": 1, "Phase1StartFrame": 1848508}')
    (copied / "other.json").write_text('{"anything": "else"}')
    module = import_module("xgoals.feeds.opta")
    (delivery,), problems = module.discover(copied)
    assert sorted(Path(problem.path).name for problem in problems) == ["meta.json", "tracab.json"]
    assert {problem.reason for problem in problems} == {
        "this is TRACAB tracking as JSON, and only .dat with its XML metadata are read"
    }
    record, _ = module.read_match(delivery)
    assert len(record.shots) == len(tracab.record.shots)


def test_a_document_type_in_the_metadata_is_refused(copied: Path, tracab: Telling) -> None:
    rewritten(meta_of(copied), lambda text: '<!DOCTYPE a [<!ENTITY b "c">]>' + text)
    reading = read("opta", copied)
    assert tracked(reading) == 0
    assert sentences(reading)[0].startswith("refused: a document type declaration")


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        ("10", "^at 10 frames a second period 1 would last 11. min: the frame rate is wrong"),
        ("0", "^'0' is no frame rate"),
        ("50", r"in the tracking has 24 min at 50 frames a second: the rate is wrong, it is another match"),
        (
            "20",
            "^only . of .. shots are found where the events saw them: .* or its 20 frames a second are wrong",
        ),
    ],
)
def test_a_wrong_frame_rate(copied: Path, tracab: Telling, rate: str, sentence: str) -> None:
    rewritten(meta_of(copied), lambda text: text.replace('iFrameRateFps="25"', f'iFrameRateFps="{rate}"'))
    assert_untracked(read("opta", copied), tracab, sentence)


def test_metadata_of_other_frames(copied: Path, tracab: Telling) -> None:
    rewritten(meta_of(copied), lambda text: re.sub(r'(i(?:Start|End)Frame=")1', r"\g<1>9", text))
    assert_untracked(
        read("opta", copied), tracab, r"^it holds frames \d+ to \d+, and the periods are 9\d+ to 9\d+"
    )


def test_the_tracking_of_another_day(copied: Path, tracab: Telling) -> None:
    rewritten(meta_of(copied), lambda text: re.sub(r'dtDate="\d{4}', 'dtDate="2019', text))
    assert_untracked(read("opta", copied), tracab, "^the tracking is of 2019-.*, the match was on 2025-08-16")


@pytest.mark.parametrize("feed", ["opta", "statsperform"])
def test_the_tracking_of_another_match(
    feed: str, copied: Path, ma25: Telling, tracab: Telling, tmp_path
) -> None:
    """Of the same day, and all wear 1 to 15: the shots are not in it."""
    telling = tracab if feed == "opta" else ma25
    folder = tmp_path / "mixed"
    other = tell(feed, tmp_path / "other", telling_manner(feed), number=2)
    folder.mkdir()
    new_names = {"tracab": "x.dat", "tracab_metadata": "x_metadata.xml", "ma25": "x_ma25.txt"}
    for kind, path in telling.told.files.items():
        is_tracking = kind in new_names
        source = other.told.files[kind] if is_tracking else path
        (folder / new_names.get(kind, path.name)).write_bytes(source.read_bytes())
    reading = read(feed, folder)
    assert len(reading.record.shots) == len(telling.record.shots)
    assert tracked(reading) == 0
    assert any("another match" in s or "no frame of ball and shooter" in s for s in sentences(reading))


def telling_manner(feed: str) -> Manner:
    return Manner(clock_s=12.0) if feed == "opta" else Manner(rate_hz=10, clock_s=-12.0, whole_seconds=True)


def test_sides_that_are_reversed_in_a_half_change_nothing(copied: Path, tracab: Telling) -> None:
    """Some write every half so that the home team plays to the right: the keepers say where they stand."""
    lines = dat_of(copied).read_text().splitlines(keepends=True)
    start = int(re.findall(r'iStartFrame="(\d+)"', meta_of(copied).read_text())[1])
    second = [int(line.split(":", 1)[0]) >= start for line in lines]
    turned = [
        mirrored(line, x=-1, y=-1) if is_second else line
        for line, is_second in zip(lines, second, strict=True)
    ]
    dat_of(copied).write_text("".join(turned))
    reading = read("opta", copied)
    assert reading.problems == []
    assert reading.record.scenes == as_told("opta", tracab.folder).record.scenes


def test_left_and_right_the_wrong_way_round_are_noted_and_mended(copied: Path, tracab: Telling) -> None:
    rewritten(
        dat_of(copied), lambda text: "".join(mirrored(line, x=1, y=-1) for line in text.splitlines(True))
    )
    reading = read("opta", copied)
    assert sentences(reading) == ["the tracking has left and right the wrong way round. It is read mirrored"]
    assert reading.record.scenes == as_told("opta", tracab.folder).record.scenes


@pytest.mark.parametrize("has_names", [True, False])
def test_teams_that_are_swapped_are_noted_and_mended(
    copied: Path, tracab: Telling, *, has_names: bool
) -> None:
    """By the names of the metadata or, where these have none and all wear 1 to 15, by the shots."""
    swap = {"0": "1", "1": "0"}
    rewritten(
        dat_of(copied),
        lambda text: re.sub(r"(?<=[:;])([01])(?=,\d+,\d+,)", lambda found: swap[found[1]], text),
    )
    teams = {"<HomeTeam>": "<AwayTeam>", "</HomeTeam>": "</AwayTeam>"}
    both = teams | {b: a for a, b in teams.items()}
    rewritten(
        meta_of(copied), lambda text: re.sub("</?(?:Home|Away)Team>", lambda found: both[found[0]], text)
    )
    if not has_names:
        rewritten(
            meta_of(copied), lambda text: re.sub(r"<HomeTeam>.*</HomeTeam>|<AwayTeam>.*</AwayTeam>", "", text)
        )
    reading = read("opta", copied)
    assert "home and away are swapped in the tracking. They are taken from line-ups and shots" in sentences(
        reading
    )
    assert tracked(reading) == len(tracab.record.shots)
    right = as_told("opta", tracab.folder).record
    assert [people_of(scene) for scene in reading.record.scenes] == [
        people_of(scene) for scene in right.scenes
    ]


@pytest.mark.parametrize("feed", ["opta", "statsperform"])
def test_no_ball_at_all(feed: str, copied: Path, copied_ma25: Path, tracab: Telling, ma25: Telling) -> None:
    if feed == "opta":
        rewritten(dat_of(copied), lambda text: re.sub(r":[^:\n]*:\n", "::\n", text))
        assert_untracked(read(feed, copied), tracab, "^positions without the ball around the shots")
    else:
        path = next(copied_ma25.glob("*_ma25.txt"))
        rewritten(path, lambda text: re.sub(r":[^:\n]*;\n", ":\n", text))
        assert_untracked(read(feed, copied_ma25), ma25, "^positions without the ball around the shots")


def test_nobody_but_the_referee(copied: Path, tracab: Telling) -> None:
    rewritten(dat_of(copied), lambda text: re.sub(r"(?<=[:;])[01](?=,\d+,\d+,)", "3", text))
    assert_untracked(read("opta", copied), tracab, "^nobody of the two teams is in the positions")


def test_without_line_ups_nobody_in_the_tracking_has_a_name(copied: Path, tracab: Telling) -> None:
    next(copied.glob("srml-*")).unlink()
    reading = read("opta", copied)
    assert tracked(reading) == 0
    assert any(
        "there are no line-ups beside the events: nobody in the tracking has a name" in s
        for s in sentences(reading)
    )


def test_a_shooter_who_is_not_tracked_costs_his_shots(copied: Path, tracab: Telling) -> None:
    game = tracab.told.game
    shot = game.shots[0].shot
    from xgoals.feeds.simulator.provider_game import shirts

    side = 1 if shot.team_id == game.match.home.team_id else 0
    shirt = shirts(game)[shot.player_id]
    rewritten(
        dat_of(copied), lambda text: re.sub(rf"(?<=[:;]){side},\d+,{shirt},-?\d+,-?\d+,0.00;", "", text)
    )
    n_shots = sum(timed.shot.player_id == shot.player_id for timed in game.shots)
    reading = read("opta", copied)
    assert tracked(reading) == len(game.shots) - n_shots
    assert [s.split(":")[0] for s in sentences(reading)] == ["the shooter is not in the tracking"] * n_shots


def test_somebody_of_no_line_up_stays_and_is_noted(copied: Path, tracab: Telling) -> None:
    rewritten(dat_of(copied), lambda text: re.sub(r"(?<=[:;])(0,\d+),3,", r"\1,88,", text))
    reading = read("opta", copied)
    assert any("in the tracking and in no line-up: away 88" in s for s in sentences(reading))
    assert tracked(reading) >= len(tracab.record.shots) - 4
    assert any(p.player_id.endswith("away 88") for scene in reading.record.scenes for p in scene.people)


def test_simulated_tracking_never_lands_beside_real_events(copied: Path, tracab: Telling) -> None:
    for path in copied.glob("*results.xml"):
        rewritten(path, lambda text: text.replace(' simulated_by="xgoals"', ""))
    rewritten(next(copied.glob("f24-*")), lambda text: text.replace(' simulated_by="xgoals"', ""))
    assert_untracked(read("opta", copied), tracab, "^the tracking is simulated, and the match is not")


def test_places_nowhere_near_the_pitch_are_none(copied: Path, tracab: Telling) -> None:
    rewritten(dat_of(copied), lambda text: re.sub(r"(?<=[:;])(1,\d+,2),-?\d+,-?\d+,", r"\1,99999,0,", text))
    reading = read("opta", copied)
    assert any(re.match(r"home 2 is nowhere near the pitch in \d+ frames", s) for s in sentences(reading))
    assert np.nanmax([abs(p.x_m) for scene in reading.record.scenes for p in scene.people]) < 70


def test_a_half_with_a_long_interruption_costs_what_came_after_it(copied: Path, tracab: Telling) -> None:
    """The cameras count on for ten minutes, the events' clock stands still: no wrong frame is taken after it."""
    first, last = (
        int(n) for n in re.findall(r'i(?:Start|End)Frame="(\d+)"', meta_of(copied).read_text())[:2]
    )
    restart, pause = first + 25 * 60 * 22, 25 * 60 * 10

    def later(line: str) -> str:
        n, rest = line.split(":", 1)
        return f"{int(n) + pause}:{rest}" if restart <= int(n) <= last else line

    rewritten(dat_of(copied), lambda text: "".join(later(line) for line in text.splitlines(keepends=True)))
    rewritten(meta_of(copied), lambda text: text.replace(f'"{last}"', f'"{last + pause}"', 1))
    reading = read("opta", copied)
    right, after = 0, 0
    for scene in reading.record.scenes:
        true = tracab.told.frames[scene.shot_id]
        is_after = restart <= true <= last
        after += is_after
        if scene.frame_n is not None:
            assert abs(scene.frame_n - (true + pause if is_after else true)) <= 3
            right += 1
    assert after >= 3
    assert right >= len(tracab.record.shots) - after
    lost = [s for s in sentences(reading) if "the shot goes without tracking" in s]
    assert len(lost) == len(tracab.record.shots) - tracked(reading)


def test_places_that_jitter_are_no_cameras(tmp_path: Path) -> None:
    telling = tell("statsperform", tmp_path, Manner(rate_hz=10, noise_m=0.5))
    told = r"^places jitter by 0\.[45] m from frame to frame, as no camera's in a stadium do: tracking from a broadcast"
    assert_untracked(read("statsperform", tmp_path), telling, told)


def test_places_of_events_that_are_far_off_cost_doubtful_frames_only(tmp_path: Path) -> None:
    """How far off they are is seen from the sure finds: then a frame has to be surer."""
    telling = tell("statsperform", tmp_path, Manner(rate_hz=10, clock_s=12.0, place_sd_m=3.2))
    reading = read("statsperform", tmp_path)
    errors = errors_of(telling, reading.record)
    assert len(errors) >= 0.8 * len(telling.record.shots)
    assert (errors <= 3).mean() >= 0.95  # of about 20; the slow test asks for 99 % of 400


@pytest.mark.parametrize(
    ("off_m", "sd_m"),
    [
        ([2.0] * 7, 1.5),  # seven say nothing
        ([0.5] * 20, 1.5),  # better than usual is as usual
        ([3.5323] * 20, 3.0),  # the median of a distance is 1.1774 deviations
        ([3.5323] * 20 + [40.0] * 3 + [None] * 50, 3.0),
        ([None] * 20, 1.5),
    ],
)
def test_how_far_off_places_are_is_seen_from_the_finds(off_m: list[float | None], sd_m: float) -> None:
    assert place_sd_m(off_m) == pytest.approx(sd_m, abs=1e-3)
