"""DFL files into the database: resends in any order, contradictions, withdrawals, broken matches, clips."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from xgoals.features.yardsticks import compare_with_official
from xgoals.feeds.clips import read_clips
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.settings import load_settings
from xgoals.steps import build_features
from xgoals.steps import ingest as ingest_step
from xgoals.store.database import connect
from xgoals.store.yardsticks import read_yardsticks

NEWER, OLDER = "2030-01-01T00:00:00.000+00:00", "2001-01-01T00:00:00.000+00:00"


@pytest.fixture(scope="session")
def three_matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three simulated matches with tracking around the shots, a folder each."""
    folder = tmp_path_factory.mktemp("dfl")
    for number, record in enumerate(simulate_matchday(1, 20)[:3]):
        write_dfl_match(record, folder / f"m{number}", seed=number)
    return folder


@pytest.fixture
def ingest(open_run, empty_database) -> Callable[[Path], dict[str, Any]]:
    """Ingest a folder; the run's figures."""
    count = 0

    def work(source: Path) -> dict[str, Any]:
        nonlocal count
        count += 1
        context = open_run(f"run{count}", "dfl", source)
        ingest_step.ingest(context)
        return rows(empty_database, f"select figures from run where run_id = 'run{count}'")[0][0]

    return work


def rows(settings, query: str) -> list[tuple[Any, ...]]:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query)).all()]
    engine.dispose()
    return found


def shots(settings) -> dict[str, str]:
    """Everything about each shot that counts and its scene but for our own keys."""
    return {
        key: f"{row} {people}"
        for key, row, people in rows(
            settings,
            """select s.shot_id, (to_jsonb(s) - 'shot_key')::text,
                      (select string_agg((to_jsonb(p) - 'shot_key')::text, ' ' order by person_n)
                       from shot_position p where p.shot_key = s.shot_key)
               from shot s where s.withdrawn_at is null""",
        )
    }


def versions(settings) -> dict[str, set[str]]:
    """Which transactions wrote a shot and its people last."""
    found: dict[str, set[str]] = {}
    for shot_id, version in rows(
        settings,
        """select shot_id, xmin::text from shot
           union all select shot_id, p.xmin::text from shot_position p join shot using (shot_key)""",
    ):
        found.setdefault(shot_id, set()).add(version)
    return found


def events_file(folder: Path) -> Path:
    return next(folder.glob("*events*"))


def send(source: Path, target: Path, message_time: str | None = None, *edits: tuple[str, str]) -> Path:
    """A match once more: with another time, and its events changed."""
    shutil.copytree(source, target)
    for path in target.iterdir() if message_time else ():
        content = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'MessageTime="[^"]*"', f'MessageTime="{message_time}"', content, count=1))
    events = events_file(target)
    content = events.read_text(encoding="utf-8")
    for old, new in edits:
        assert content.count(old) == 1
        content = content.replace(old, new)
    events.write_text(content, encoding="utf-8")
    return target


def saved_shot(folder: Path) -> tuple[str, str, str]:
    """A shot of a match that the keeper held: its id, its event, and the same one as header."""
    content = events_file(folder).read_text(encoding="utf-8")
    for event in re.findall(r"<Event\b.*?</Event>", content, re.DOTALL):
        if "<SavedShot" in event and re.search(r'TypeOfShot="(?:left|right)Leg"', event):
            shot_id = re.search(r'EventId="([^"]*)"', event)
            assert shot_id
            return shot_id[1], event, re.sub(r'TypeOfShot="\w+"', 'TypeOfShot="head"', event)
    raise AssertionError("no such shot")


def test_a_folder_goes_in_with_its_clips(empty_database, ingest, three_matches):
    figures = ingest(three_matches)
    assert (figures["matches_read"], figures["matches_quarantined"]) == (3, 0)
    assert figures["positions_read_by_seek"] == 3
    assert "Matchday 20" in figures["matchdays"]
    frame = pd.DataFrame(
        rows(
            empty_database,
            "select shot_id, clip_path, frame_n, ball_x_m, ball_y_m from shot where frame_source <> 'none'",
        ),
        columns=["shot_id", "clip_path", "frame_n", "x", "y"],
    )
    assert frame["clip_path"].nunique() == 3
    for clip_path, of_match in frame.groupby("clip_path"):
        assert not Path(clip_path).is_absolute()
        clips = {clip.shot_id: clip for clip in read_clips(empty_database.home / clip_path)}
        assert clips.keys() == set(of_match["shot_id"])
        for shot in of_match.itertuples():
            clip = clips[shot.shot_id]
            at = int(np.flatnonzero(clip.time_s == 0)[0])
            assert clip.frame_n[at] == shot.frame_n
            np.testing.assert_allclose(clip.ball_xyz_m[at, :2], (shot.x, shot.y), atol=0.006)


@pytest.mark.parametrize("copy", [shutil.copy2, shutil.copyfile], ids=["moved", "with new times"])
def test_a_home_in_another_place_makes_nothing_new_and_takes_corrections(
    empty_database, ingest, three_matches, tmp_path, monkeypatch, copy
):
    shutil.copytree(three_matches, inbox := empty_database.inbox("dfl", "main"))
    assert ingest(inbox)["matches_read"] == 3
    before, written = shots(empty_database), versions(empty_database)
    shutil.copytree(empty_database.home, tmp_path / "elsewhere", copy_function=copy)
    shutil.rmtree(empty_database.home)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "elsewhere"))
    settings = load_settings()
    inbox = settings.inbox("dfl", "main")
    figures = ingest(inbox)
    assert (figures["matches_found"], figures["matches_unchanged"], figures["matches_read"]) == (3, 3, 0)
    assert (shots(settings), versions(settings)) == (before, written)
    assert rows(settings, "select count(*) from seen_file where path like '/%'") == [(0,)]
    for (clip_path,) in rows(settings, "select distinct clip_path from shot where clip_path is not null"):
        assert read_clips(settings.home / clip_path)
    # Newer events alone: the positions beside them are found where they lie now.
    _, saved, header = saved_shot(inbox / "m0")
    again = send(inbox / "m0", inbox / "again", NEWER, (saved, header))
    for path in set(again.iterdir()) - {events_file(again)}:
        path.unlink()
    figures = ingest(inbox)
    assert (figures["matches_read"], figures["shots_corrected"], figures["matches_quarantined"]) == (1, 1, 0)
    assert {path for (path,) in rows(settings, "select path from feed_file where path like '%again%'")} == {
        events_file(again).relative_to(settings.home).as_posix()
    }


def test_the_same_folder_twice_changes_nothing(empty_database, ingest, three_matches):
    ingest(three_matches)
    before, written = shots(empty_database), versions(empty_database)
    figures = ingest(three_matches)
    assert (figures["matches_read"], figures["matches_unchanged"]) == (0, 3)
    assert (shots(empty_database), versions(empty_database)) == (before, written)


def test_the_same_bytes_from_elsewhere_are_not_read_again(empty_database, ingest, three_matches, tmp_path):
    ingest(three_matches)
    figures = ingest(send(three_matches / "m0", tmp_path / "copy"))
    assert (figures["matches_read"], figures["matches_unchanged"]) == (0, 1)


def test_a_correction_touches_the_corrected_shot_only(empty_database, ingest, three_matches, tmp_path):
    ingest(three_matches)
    before, written = shots(empty_database), versions(empty_database)
    shot_id, old, new = saved_shot(three_matches / "m1")
    figures = ingest(send(three_matches / "m1", tmp_path / "again", NEWER, (old, new)))
    assert (figures["matches_corrected"], figures["shots_corrected"]) == (1, 1)
    after = shots(empty_database)
    assert {key for key in before if after[key] != before[key]} == {shot_id}
    touched = {key for key, version in versions(empty_database).items() if version != written[key]}
    assert touched == {shot_id}
    (stored,) = rows(empty_database, f"select body_part from shot where shot_id = '{shot_id}'")
    assert stored == ("head",)
    ((message_time,),) = rows(
        empty_database, "select message_time from match order by message_time desc limit 1"
    )
    assert message_time.year == 2030


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_the_newer_message_stands_whatever_arrives_last(
    empty_database, ingest, three_matches, tmp_path, order
):
    shot_id, old, new = saved_shot(three_matches / "m1")
    send(three_matches / "m1", tmp_path / "old", OLDER)
    send(three_matches / "m1", tmp_path / "new", NEWER, (old, new))
    figures = [ingest(tmp_path / name) for name in order]
    (stored,) = rows(empty_database, f"select body_part from shot where shot_id = '{shot_id}'")
    assert stored == ("head",)
    assert figures[1]["matches_older"] == (order[1] == "old")
    assert rows(empty_database, "select * from quarantine where severity = 'match'") == []


@pytest.mark.parametrize("first", ["one", "two"])
def test_a_contradiction_is_quarantined_and_what_is_stored_stays(
    empty_database, ingest, three_matches, tmp_path, first
):
    _, old, new = saved_shot(three_matches / "m1")
    send(three_matches / "m1", tmp_path / "one", NEWER)
    send(three_matches / "m1", tmp_path / "two", NEWER, (old, new))
    second = "two" if first == "one" else "one"
    ingest(tmp_path / first)
    before = shots(empty_database)
    for source in (tmp_path / second, tmp_path):  # alone, and both at once
        figures = ingest(source)
        assert (figures["matches_read"], figures["matches_quarantined"]) == (0, 1)
        assert shots(empty_database) == before
        ((path, reason),) = rows(
            empty_database, "select path, reason from quarantine where severity = 'match'"
        )
        assert path == str(events_file(tmp_path / second))
        assert "same MessageTime" in reason
    shutil.rmtree(tmp_path / second)
    ingest(tmp_path)
    assert rows(empty_database, "select * from quarantine where severity = 'match'") == []


def test_a_withdrawn_shot_goes(empty_database, ingest, three_matches, tmp_path):
    ingest(three_matches)
    before = shots(empty_database)
    shot_id, old, _ = saved_shot(three_matches / "m1")
    time = re.search(r'EventTime="([^"]*)"', old)
    assert time
    match_id = re.search(r'MatchId="([^"]*)"', old)
    assert match_id
    delete = f'<Event EventId="{shot_id}" MatchId="{match_id[1]}" EventTime="{time[1]}"><Delete/></Event>'
    figures = ingest(send(three_matches / "m1", tmp_path / "again", NEWER, (old, old + delete)))
    assert figures["shots_withdrawn"] == 1
    assert before.keys() - shots(empty_database).keys() == {shot_id}


def test_positions_that_come_later_and_alone_are_joined_to_the_events(
    empty_database, ingest, three_matches, tmp_path
):
    whole = three_matches / "m2"
    first, later = send(whole, tmp_path / "first"), tmp_path / "later"
    later.mkdir()
    positions = next(first.glob("*positions*"))
    positions.rename(later / positions.name)
    figures = ingest(first)
    assert "positions_read_by_seek" not in figures
    assert "lacks positions" in figures["matchdays"]
    sources = "select distinct frame_source from shot"
    assert rows(empty_database, sources) == [("none",)]
    assert ingest(later)["positions_read_by_seek"] == 1
    assert ("official",) in rows(empty_database, sources)
    alone = shots(empty_database)
    ingest(whole)
    assert shots(empty_database) == alone


def test_corrected_events_that_come_alone_keep_the_tracking(empty_database, ingest, three_matches, tmp_path):
    ingest(three_matches)
    people = rows(empty_database, "select count(*) from shot_position")
    _, old, new = saved_shot(three_matches / "m0")
    alone = send(three_matches / "m0", tmp_path / "alone", NEWER, (old, new))
    for path in alone.iterdir():
        if "events" not in path.name:
            path.unlink()
    assert ingest(alone)["shots_corrected"] == 1
    assert rows(empty_database, "select count(*) from shot_position") == people


def test_a_broken_match_is_quarantined_until_it_is_mended(empty_database, ingest, three_matches, tmp_path):
    source = tmp_path / "source"
    shutil.copytree(three_matches, source)
    events = events_file(source / "m1")
    whole = events.read_bytes()
    events.write_bytes(whole[: len(whole) // 2])
    figures = ingest(source)
    assert (figures["matches_read"], figures["matches_quarantined"]) == (2, 1)
    query = "select path, place, match_id from quarantine where severity = 'match'"
    ((path, place, match_id),) = rows(empty_database, query)
    assert path == str(events)
    assert re.fullmatch(r"line \d+, column \d+", place)
    assert match_id
    events.write_bytes(whole)
    assert ingest(source)["matches_read"] == 1
    assert rows(empty_database, query) == []


def test_a_value_that_no_column_holds_is_missing_and_its_match_goes_in(
    empty_database, ingest, three_matches, tmp_path
):
    source = tmp_path / "source"
    shutil.copytree(three_matches, source)
    info = next((source / "m1").glob("*matchinformation*"))
    content = info.read_text(encoding="utf-8")
    info.write_text(re.sub('MatchDay="[0-9]+"', 'MatchDay="99999999999"', content), encoding="utf-8")
    figures = ingest(source)
    assert (figures["matches_read"], figures["matches_quarantined"]) == (3, 0)
    query = "select path, place, reason from quarantine where place = 'MatchDay'"
    assert rows(empty_database, query) == [(str(info), "MatchDay", "MatchDay '99999999999' is no number")]
    assert sorted(rows(empty_database, "select matchday from match"), key=str) == [(20,), (20,), (None,)]


def test_a_match_that_the_schema_refuses_is_left_out_and_the_others_go_in(
    empty_database, ingest, three_matches, tmp_path, monkeypatch
):
    """What the gate of the readers would have mended, should it ever let something through."""
    monkeypatch.setattr("xgoals.feeds.dfl.match.plausible", lambda record, path, **_: (record, []))
    source = tmp_path / "source"
    shutil.copytree(three_matches, source)
    events = events_file(source / "m1")
    content = events.read_text(encoding="utf-8")
    events.write_text(re.sub(' Player="[^"]*"', ' Player="NOBODY"', content, count=1), encoding="utf-8")
    figures = ingest(source)
    assert (figures["matches_read"], figures["matches_quarantined"]) == (2, 1)
    ((reason,),) = rows(empty_database, "select reason from quarantine where severity = 'match'")
    assert "foreign key" in reason


def test_a_file_that_the_fast_reader_refuses_goes_through_the_parser(
    empty_database, ingest, three_matches, tmp_path
):
    odd = send(three_matches / "m0", tmp_path / "odd")
    positions = next(odd.glob("*positions*"))
    content = positions.read_text(encoding="utf-8")
    positions.write_text(content.replace("<FrameSet", "<!-- by hand --><FrameSet", 1), encoding="utf-8")
    assert ingest(odd)["positions_read_by_parser"] == 1
    parsed = shots(empty_database)
    positions.write_text(content, encoding="utf-8")
    ingest(send(odd, tmp_path / "plain", NEWER))
    assert shots(empty_database) == parsed


def test_a_schedule_beside_the_files_says_what_is_missing(
    empty_database, ingest, three_matches, tmp_path, query
):
    source = tmp_path / "source"
    shutil.copytree(three_matches, source)
    ((competition_id, season_id, known),) = rows_of_matches(source)
    lines = [f"{competition_id},{season_id},20,{match_id}" for match_id in (*known, "LATE-1")]
    (source / "schedule.csv").write_text(
        "\n".join(["competition_id,season_id,matchday,match_id", *lines]) + "\n"
    )
    sentence = ingest(source)["matchdays"]
    assert "is partial; 3 of 4 matches (expected by schedule); missing: LATE-1" in sentence
    (source / "schedule.csv").write_text("matchday,match_id\n20,X\n")
    assert "matchdays" not in ingest(source)
    told = query("select place, reason, advice from quarantine where path like '%schedule.csv'")
    assert told["reason"].tolist() == ["the schedule lacks the column competition_id"]
    assert "clubs of other matchdays" in told["advice"][0]


def rows_of_matches(source: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    """Competition, season and match ids as the match information files say them."""
    heads = [path.read_text(encoding="utf-8") for path in sorted(source.rglob("*matchinformation*"))]
    found = [
        tuple(re.search(f'{name}="([^"]*)"', head)[1] for name in ("CompetitionId", "SeasonId", "MatchId"))
        for head in heads
    ]
    return {(*found[0][:2], tuple(match_id for _, _, match_id in found))}


def test_our_values_stand_beside_the_official_ones(empty_database, open_run, three_matches):
    context = open_run("run", "dfl", three_matches)
    ingest_step.ingest(context)
    build_features.build_features(context)
    engine = connect(empty_database, "main")
    with engine.connect() as connection:
        shots = read_yardsticks(connection)
    engine.dispose()
    table = compare_with_official(shots).set_index("quantity")
    official = shots[shots["frame_source"] == "official"]
    assert len(official) > 50
    assert table.loc["pressure", "n"] == len(
        official[~official["is_penalty"]]
    )  # without a frame it is not given
    assert table.loc["distance_m", "median_abs_difference"] < 0.1  # 5 cm of noise in the tracks
    assert table.loc["pressure", "median_abs_difference"] < 0.05
    assert table.loc["keeper_distance_m", "max_abs_difference"] < 0.25
    assert table.loc["speed_kmh", "median_abs_difference"] < 1
    assert table.loc["xg", "n"] == 0  # there is no champion
    for quantity in ("distance_m", "angle_deg", "pressure", "defenders", "keeper_distance_m", "speed_kmh"):
        assert table.loc[quantity, "correlation"] > 0.95
