"""The timetable of runs after the last planned kick-off of a matchday."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pendulum
import pytest
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.timetables.base import DataInterval, TimeRestriction

from xgoals.feeds.matchday import Matchday
from xgoals.feeds.schedule import PlannedMatch
from xgoals.orchestration.timetable import AfterLastKickOff, moments_after, time_schedule
from xgoals.settings import load_settings

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY, SUNDAY = datetime(2090, 9, 1, 20, 30, tzinfo=BERLIN), datetime(2090, 9, 3, 17, 30, tzinfo=BERLIN)
NEXT = datetime(2090, 9, 10, 17, 30, tzinfo=BERLIN)


def planned(number: int, kick_off: datetime | None, match_id: str = "") -> PlannedMatch:
    return PlannedMatch(Matchday("C", "S", number), match_id or f"{number}-{kick_off}", kick_off)


def due(
    timetable: AfterLastKickOff, after: datetime | None = None, *, catchup: bool = True
) -> datetime | None:
    last = DataInterval.exact(pendulum.instance(after)) if after else None
    info = timetable.next_dagrun_info(
        last_automated_data_interval=last, restriction=TimeRestriction(None, None, catchup)
    )
    return info.run_after if info else None


def test_the_latest_kick_off_of_each_matchday_counts() -> None:
    season = [planned(1, SUNDAY), planned(1, FRIDAY), planned(2, NEXT), planned(3, None)]
    assert moments_after(season, timedelta(hours=4)) == [
        datetime(2090, 9, 3, 19, 30, tzinfo=UTC),  # 17:30 in Berlin is 15:30 UTC in summer
        datetime(2090, 9, 10, 19, 30, tzinfo=UTC),
    ]


def test_each_matchday_has_one_run_and_then_it_is_over() -> None:
    timetable = AfterLastKickOff([NEXT, SUNDAY])
    assert due(timetable) == SUNDAY
    assert due(timetable, SUNDAY) == NEXT
    assert due(timetable, NEXT) is None


def test_missed_runs_are_made_up_for_by_the_newest_unless_it_is_long_ago() -> None:
    now = datetime.now(UTC)
    long_ago, earlier, recent = now - timedelta(days=40), now - timedelta(hours=20), now - timedelta(hours=2)
    assert due(AfterLastKickOff([long_ago, earlier, recent, NEXT]), catchup=False) == recent
    assert due(AfterLastKickOff([long_ago, NEXT]), catchup=False) == NEXT
    assert due(AfterLastKickOff([long_ago]), catchup=False) is None


def test_airflow_keeps_it_and_reads_it_back_through_the_plugin() -> None:
    kept = encode_timetable(AfterLastKickOff([NEXT, SUNDAY]))
    back = decode_timetable(kept)
    assert isinstance(back, AfterLastKickOff)
    assert back.moments == [SUNDAY, NEXT]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    monkeypatch.setenv("XGOALS_SCHEDULE__HOURS_AFTER_LAST_KICK_OFF", "4")
    folder = tmp_path / "inbox" / "dfl"
    folder.mkdir(parents=True)
    return folder


def test_the_moments_come_from_the_schedule_in_the_inbox(inbox: Path) -> None:
    (inbox / "schedule.csv").write_text(
        "competition_id,season_id,matchday,match_id,kick_off\n"
        "C,S,1,a,2090-09-01T20:30:00+02:00\nC,S,1,b,2090-09-03T17:30:00+02:00\nC,S,2,c,\n"
    )
    timetable = time_schedule(load_settings())
    assert isinstance(timetable, AfterLastKickOff)
    assert timetable.moments == [datetime(2090, 9, 3, 19, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no schedule says when the matches kick off"),
        ("competition_id,season_id,matchday,match_id\nC,S,1,a\n", "no schedule says when"),
        (
            "competition_id,season_id,matchday,match_id,kick_off\nC,S,1,a,soon\n",
            "line 2: 'soon' is no kick-off",
        ),
        (
            "competition_id,season_id,matchday,match_id,kick_off\nC,S,1,a,2090-09-01T20:30:00\n",
            "no kick-off",
        ),
    ],
)
def test_what_cannot_be_used_is_named_and_the_nights_stand_in(
    inbox: Path, content: str | None, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    if content is not None:
        (inbox / "schedule.csv").write_text(content)
    assert not isinstance(time_schedule(load_settings()), AfterLastKickOff)
    assert message in caplog.text


def test_one_bad_schedule_does_not_take_the_other_with_it(inbox: Path) -> None:
    (inbox / "schedule.csv").write_bytes(
        "competition_id;season_id;matchday;match_id;kick_off\r\n"
        "Köln;S;1;a;2090-09-01T20:30:00+02:00\r\n;;;;\r\n".encode("cp1252")
    )
    other = inbox.parent / "statsbomb"
    other.mkdir()
    (other / "schedule.csv").write_bytes(b"\xff\xfe\x00")
    timetable = time_schedule(load_settings())
    assert isinstance(timetable, AfterLastKickOff)
    assert timetable.moments == [datetime(2090, 9, 1, 22, 30, tzinfo=UTC)]


def test_by_default_it_is_the_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    timetable = time_schedule(load_settings())
    assert (timetable.expression, str(timetable.timezone)) == ("30 4 * * *", "Europe/Berlin")
