"""What TRACAB and MA25 files look like where they are not as in the book: snippets by hand."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from test_tracking_readers import by_key

from xgoals.domain.errors import FeedError
from xgoals.domain.match import Match, Team
from xgoals.domain.pitch import Pitch
from xgoals.feeds.synchronise.identities import Member, identify
from xgoals.feeds.synchronise.tracking import BALL, Span, Track, TrackedPerson, TrackingWindows
from xgoals.feeds.tracking.kinds import METADATA, POSITIONS, is_ma25, tracab_kind
from xgoals.feeds.tracking.ma25 import read_ma25
from xgoals.feeds.tracking.tracab import read_tracab
from xgoals.feeds.tracking.tracab_metadata import read_tracab_metadata

PERIODS = {1: (1000, 69_000), 2: (90_000, 160_000)}
PERSON = "1,7,10,1050,-340,3.20;"
ALIVE = "1100,-300,15,8.00,H,Alive;"


def metadata(folder: Path, periods: dict[int, tuple[int, int]] = PERIODS, **changes: str) -> Path:
    values = {
        "dtDate": "2024-05-04 15:30:00",
        "iFrameRateFps": "25",
        "fPitchXSizeMeters": "100",
        "fPitchYSizeMeters": "64",
    }
    values |= changes
    attributes = " ".join(f'{name}="{value}"' for name, value in values.items())
    inside = "".join(
        f'<period iId="{n}" iStartFrame="{first}" iEndFrame="{last}"/>'
        for n, (first, last) in periods.items()
    )
    path = folder / "9_metadata.xml"
    path.write_text(f'<TracabMetaData><match iId="9" {attributes}>{inside}</match></TracabMetaData>')
    return path


def tracab(
    folder: Path, *lines: str, meta: Path | None = None, spans: list[Span] | None = None
) -> TrackingWindows:
    dat = folder / "9.dat"
    dat.write_text("\n".join([*lines, ""]))
    return read_tracab(dat, meta or metadata(folder), spans or [Span(1, 0, 10)])


def frame(n: int, people: str = PERSON, ball: str = ALIVE) -> str:
    return f"{n}:{people}:{ball}:"


def remarks(windows: TrackingWindows) -> list[str]:
    """What is said of lines: that a snippet is no whole match is known."""
    return [note for note in windows.notes if "part of the match is missing" not in note]


def tracks(windows: TrackingWindows, span: int = 0) -> dict[str, Track]:
    return by_key(windows.tracks[span])


@pytest.mark.parametrize(
    ("x", "y"), [("10000", "6400"), ("100.00", "64.00"), ("100,00", "64,00"), (" 100 ", "64")]
)
def test_a_pitch_in_metres_or_centimetres(tmp_path: Path, x: str, y: str) -> None:
    assert read_tracab_metadata(metadata(tmp_path, fPitchXSizeMeters=x, fPitchYSizeMeters=y)).pitch == Pitch(
        100, 64
    )


@pytest.mark.parametrize("x", ["unknown", "", "1000000", "-100"])
def test_a_pitch_that_cannot_be_is_none(tmp_path: Path, x: str) -> None:
    assert read_tracab_metadata(metadata(tmp_path, fPitchXSizeMeters=x)).pitch is None


def test_extra_time_is_read_and_a_shoot_out_is_no_period(tmp_path: Path) -> None:
    periods = PERIODS | {3: (170_000, 193_000), 4: (194_000, 218_000), 5: (220_000, 240_000)}
    meta = metadata(tmp_path, periods)
    spans = [Span(3, 0, 1), Span(4, 0, 1), Span(2, 0, 1)]
    windows = tracab(
        tmp_path, *(frame(n) for n in (90_010, 170_010, 194_020, 220_010)), meta=meta, spans=spans
    )
    assert set(windows.periods) == {1, 2, 3, 4}
    assert [tracks(windows, i)[BALL].time_s.tolist() for i in range(3)] == [[0.4], [0.8], [0.4]]


def test_a_second_half_after_midnight_has_lower_frames(tmp_path: Path) -> None:
    """Frames are times of day."""
    periods = {1: (2_080_000, 2_150_000), 2: (20_000, 90_000)}
    meta = metadata(tmp_path, periods)
    lines = [frame(2_080_025), frame(2_149_000), frame(20_050), frame(90_000)]
    windows = tracab(tmp_path, *lines, meta=meta, spans=[Span(1, 0, 5), Span(2, 0, 5)])
    assert tracks(windows, 0)[BALL].time_s.tolist() == [1.0]
    assert tracks(windows, 1)[BALL].time_s.tolist() == [2.0]
    assert remarks(windows) == []


def test_dead_balls_and_either_owner_are_read_alike(tmp_path: Path) -> None:
    balls = ["1100,-300,15,8.00,H,Alive;", "1200,-300,15,8.00,A,Dead;", "1300,-300,15,8.00,H,Dead,B1,x;"]
    windows = tracab(tmp_path, *(frame(1000 + i, ball=ball) for i, ball in enumerate(balls)))
    assert tracks(windows)[BALL].xyz_m[:, 0].tolist() == [11.0, 12.0, 13.0]
    assert remarks(windows) == []


def test_a_ball_at_zeros_is_not_seen(tmp_path: Path) -> None:
    windows = tracab(
        tmp_path, frame(1000), frame(1001, ball="0,0,0,0.00,H,Dead;"), frame(1002, ball="0,1,0,0.00,H,Alive;")
    )
    assert np.isnan(tracks(windows)[BALL].xyz_m[:, 0]).tolist() == [False, True, False]


def test_nobody_is_made_of_referees_shirts_of_minus_one_and_unknown_teams(tmp_path: Path) -> None:
    people = PERSON + "3,9,1,0,0,0.0;4,4,-1,5550,4400,0.0;1,5,-1,10,10,0.0;-1,6,7,0,0,0.0;0,8,0,5,5,0.0;"
    assert set(tracks(tracab(tmp_path, frame(1000, people)))) == {BALL, "home 10", "away 0"}


def test_of_two_with_one_shirt_the_first_is_taken(tmp_path: Path) -> None:
    windows = tracab(tmp_path, frame(1000, PERSON + "1,12,10,-4000,0,0.00;"))
    assert tracks(windows)["home 10"].xyz_m[:, :2].tolist() == [[10.5, -3.4]]


def test_a_substitute_is_seen_from_when_he_comes_on(tmp_path: Path) -> None:
    windows = tracab(tmp_path, frame(1000), frame(1025, PERSON.replace(",10,", ",14,")))
    assert {key: track.time_s.tolist() for key, track in tracks(windows).items()} == {
        "home 10": [0.0], "home 14": [1.0], BALL: [0.0, 1.0]
    }  # fmt: skip


@pytest.mark.parametrize("end", ["\r\n", "  \n", "\n\n", "\t\r\n"])
def test_ends_of_lines_do_not_matter(tmp_path: Path, end: str) -> None:
    dat = tmp_path / "9.dat"
    dat.write_bytes(end.join([frame(1000), frame(1001), ""]).encode())
    windows = read_tracab(dat, metadata(tmp_path), [Span(1, 0, 1)])
    assert tracks(windows)["home 10"].xyz_m[:, 0].tolist() == [10.5, 10.5]
    assert remarks(windows) == []


def test_zipped_files_are_known_and_read(tmp_path: Path) -> None:
    plain = metadata(tmp_path)
    meta = tmp_path / "9_metadata.xml.gz"
    meta.write_bytes(gzip.compress(plain.read_bytes()))
    dat = tmp_path / "9.dat.gz"
    dat.write_bytes(gzip.compress((frame(1000) + "\n").encode()))
    assert (tracab_kind(dat), tracab_kind(meta)) == ((POSITIONS, None), (METADATA, "9"))
    assert set(tracks(read_tracab(dat, meta, [Span(1, 0, 1)]))) == {BALL, "home 10"}


def test_a_local_time_that_is_marked_as_utc_keeps_its_day(tmp_path: Path) -> None:
    for text in ("2024-05-04 23:30:00", "2024-05-04T23:30:00Z", "2024-05-04"):
        assert str(read_tracab_metadata(metadata(tmp_path, dtDate=text)).match_date) == "2024-05-04"
    assert read_tracab_metadata(metadata(tmp_path, dtDate="04/05/24")).match_date is None


@pytest.mark.parametrize(
    ("periods", "changes", "said"),
    [
        ({}, {}, "it says of no period from which frame to which it is"),
        ({1: (0, 0), 2: (5000, 4000)}, {}, "it says of no period from which frame to which it is"),
        (PERIODS, {"iFrameRateFps": ""}, "'' is no frame rate"),
        (PERIODS, {"iFrameRateFps": "12"}, "at 12 frames a second period 1 would last 94 min: the frame rate is wrong"),
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_used(tmp_path: Path, periods, changes, said: str) -> None:
    with pytest.raises(FeedError, match=said) as raised:
        read_tracab_metadata(metadata(tmp_path, periods, **changes))
    assert "Ask for the metadata file" in (raised.value.advice or "")


def test_metadata_of_elements_in_any_order_are_known(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_text(
        "<root><FrameRate>25</FrameRate><Phase1StartFrame>1000</Phase1StartFrame><Phase1EndFrame>69000</Phase1EndFrame>"
        "<PitchLongSide>10000</PitchLongSide><PitchShortSide>6400</PitchShortSide><GameID>77</GameID></root>"
    )
    assert tracab_kind(path) == (METADATA, "77")
    about = read_tracab_metadata(path)
    assert (about.match_id, about.pitch, about.frames) == ("77", Pitch(100, 64), {1: (1000, 69_000)})


def ma25(folder: Path, *lines: str, spans: list[Span] | None = None) -> TrackingWindows:
    path = folder / "9_ma25.txt"
    path.write_text("\n".join([*lines, ""]))
    return read_ma25(path, spans or [Span(1, 0, 10)], Pitch(105, 68))


def line(ms: int, ball: str, people: str = "0,aa,9,62.5,33.0;", period: int = 1) -> str:
    return f"{1714836600000 + ms};{ms},{period},0:{people}{ball}"


def test_a_ball_with_less_than_everything(tmp_path: Path) -> None:
    """Without a height, as zeros, as words, and with no block at all: people stay in each frame."""
    balls = [":53.5,34.0,1.2;", ":53.5,34.0;:", ":53.5,34.0,;", ":0,0,0;", ":x,y,z;", ":;", ":", ""]
    windows = ma25(tmp_path, *(line(100 * i, ball) for i, ball in enumerate(balls, start=1)))
    ball = tracks(windows)[BALL]
    assert ball.time_s.tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert ball.xyz_m[:, :2].tolist() == [[1.0, 0.0]] * 3
    assert ball.xyz_m[0, 2] == 1.2
    assert np.isnan(ball.xyz_m[1:, 2]).all()
    assert len(tracks(windows)["home aa"].time_s) == len(balls)
    assert remarks(windows) == []


def test_halves_that_count_on_from_45_00_are_understood(tmp_path: Path) -> None:
    """So do 90:00 and 105:00; a half that counts from 0 may be longer than 45 minutes."""
    ball = ":53.5,34.0,1.2;:"
    lines = [line(0, ball), line(2_760_000, ball)]
    lines += [line(2_700_000 + ms, ball, period=2) for ms in (0, 2_720_000)]
    lines += [line(5_400_100, ball, period=3), line(6_300_200, ball, period=4)]
    spans = [Span(1, 2759, 2761), Span(2, 2719, 2721), Span(3, 0, 1), Span(4, 0, 1)]
    windows = ma25(tmp_path, *lines, spans=spans)
    assert [tracks(windows, i)[BALL].time_s.tolist() for i in range(4)] == [[2760.0], [2720.0], [0.1], [0.2]]


def test_unknown_types_and_periods_are_left_out(tmp_path: Path) -> None:
    people = "0,aa,9,62.5,33.0;5,cc,3,1.0,1.0;2,rr,0,1.0,1.0;9,,0,1.0,1.0;"
    windows = ma25(
        tmp_path, line(100, ":53.5,34.0,1.2;", people), line(100, ":53.5,34.0,1.2;", people, period=5)
    )
    assert set(windows.people) == {"home aa"}
    assert set(windows.periods) == {1}


def test_people_without_ids_are_told_by_their_shirts(tmp_path: Path) -> None:
    people = "0,,9,62.5,33.0;0,,10,60.0,30.0;1,,9,50.0,30.0;3,,1,2.0,34.0;"
    windows = ma25(tmp_path, line(100, ":53.5,34.0,1.2;", people))
    assert {key: (who.shirt, who.player_id) for key, who in windows.people.items()} == {
        "home 9": (9, None), "home 10": (10, None), "away 9": (9, None), "home 1": (1, None)
    }  # fmt: skip


@pytest.mark.parametrize("player_id", ["uuid-9", "p12345", None])
def test_whoever_has_another_providers_id_is_found_by_his_shirt(player_id: str | None) -> None:
    from datetime import date

    match = Match(
        "statsperform", "1", "c", "C", "s", "S", date(2024, 5, 4), Team("h", "H"), Team("a", "A"), 1
    )
    members = [Member("uuid-9", "h", 9, "Nine"), Member("uuid-99", "a", 9, "Other")]
    who = identify([TrackedPerson("home x", "home", 9, player_id)], members, match)
    assert (who.player_ids, who.team_ids) == ({"home x": "uuid-9"}, {"home x": "h"})


def test_ma25_is_known_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "positions.txt"
    path.write_text(line(0, ":1,1,1;:") + "\n")
    assert is_ma25(path)
    path.write_text("1;2;3\n")
    assert not is_ma25(path)
