"""A schedule as editors and spreadsheets save it, and what cannot be used."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xgoals.domain.errors import SettingsError
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.schedule import PlannedMatch, read_planned_matches
from xgoals.steps.matchdays import find_schedule, schedule_problems

HEADER = "competition_id,season_id,matchday,match_id,kick_off"
LINE = "Köln,S,1,a,2090-09-01T20:30:00+02:00"
PLAIN = f"{HEADER}\n{LINE}\n"
EXPECTED = [PlannedMatch(Matchday("Köln", "S", 1), "a", datetime(2090, 9, 1, 18, 30, tzinfo=UTC))]


def semicolons(text: str) -> str:
    return text.replace(",", ";")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN.encode(), id="UTF-8"),
        pytest.param(PLAIN.encode("utf-8-sig"), id="CSV UTF-8 of Excel"),
        pytest.param(semicolons(PLAIN).replace("\n", "\r\n").encode("cp1252"), id="CSV of a German Excel"),
        pytest.param(semicolons(PLAIN).encode("utf-8-sig"), id="both"),
        pytest.param(PLAIN.replace(",", "\t").encode("utf-16"), id="Unicode text of Excel"),
        pytest.param(f"{HEADER.upper()} \n {LINE} \n,,,,\n".encode(), id="spaces, capitals, an empty line"),
        pytest.param(f"{HEADER},note\n{LINE},x,y,z\n".encode(), id="more columns"),
    ],
)
def test_a_schedule_is_read_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "schedule.csv"
    path.write_bytes(content)
    assert read_planned_matches(path) == EXPECTED
    assert schedule_problems(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "lacks the column competition_id"),
        (b"a,b\n", "lacks the column competition_id"),
        (f"{HEADER}\nC,S,first,a,\n".encode(), "line 2: 'first' is no matchday"),
        (f"{HEADER}\nC,S,0,a,\n".encode(), "line 2: '0' is no matchday"),
        (f"{HEADER}\nC,S\n".encode(), "line 2: '' is no matchday"),
        (f"{HEADER}\nC,S,1,a,tomorrow\n".encode(), "line 2: 'tomorrow' is no kick-off"),
        (f"{HEADER}\nC,S,1,a,\nC,S,2,a,\n".encode(), "match a is listed twice"),
        (b"\xff\xfe\x00", "in no encoding that is known"),
        (b"\x81\x8d", "in no encoding that is known"),
    ],
)
def test_one_that_cannot_be_used_is_named_and_counts_as_none(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "schedule.csv"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        read_planned_matches(path)
    assert find_schedule(tmp_path) == {}
    (problem,) = schedule_problems(tmp_path)
    assert problem.path == str(path)
    assert problem.severity == "value"
    assert "clubs of other matchdays" in problem.advice


def test_a_pipe_in_its_place_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "schedule.csv")
    assert find_schedule(tmp_path) == {}
