"""A clock that jumps, ahead or back, and the two nights on which an hour is missing or comes twice."""

import os
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pendulum
import pytest
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.timetables.base import DataInterval, TimeRestriction
from sqlalchemy import text

from xgoals.feeds import Delivery
from xgoals.orchestration.timetable import time_schedule
from xgoals.settings import load_settings
from xgoals.steps.matchdays import arrived_at
from xgoals.steps.upkeep.ages import Ages, is_due
from xgoals.steps.upkeep.clean import ages_of, clean
from xgoals.store import notifications, runs
from xgoals.store.arrivals import inbox_events
from xgoals.store.database import connect

NOW = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def nights(n: int, until: datetime = NOW, every: timedelta = DAY) -> list[datetime]:
    return [until - every * k for k in range(n)]


def test_ages_of_a_system_that_works_each_night_are_those_of_the_calendar():
    for days in (2, 7, 60, 365, 730):
        assert Ages(NOW, tuple(nights(800))).limit(days) == NOW - DAY * days
    assert Ages(NOW).limit(60) == NOW - 60 * DAY, "nothing is known of a system without a run"


def test_a_clock_that_jumps_makes_nothing_old_that_is_young(tries):
    n, chance = tries(2000, small=200), random.Random(tries.seed)
    for attempt in range(n):
        at_work = nights(chance.randint(30, 800))
        days, jump = chance.randint(7, 730), timedelta(days=chance.uniform(1, 4000))
        wrong = [NOW + jump + DAY * k for k in range(chance.randint(0, 5))]
        now = (wrong or [NOW + jump])[-1]
        told = f"seed {tries.seed}, attempt {attempt}: {days} days, jump {jump}, {len(wrong)} nights of it"
        limit = Ages(now, (*at_work, *wrong)).limit(days)
        counted = max(2.0, days / 10 + 1) + len(wrong)
        assert limit <= max(NOW - timedelta(days=days - counted), at_work[-1]), told
        back = Ages(NOW + DAY, (*at_work, *wrong)).limit(days)
        assert back <= NOW + DAY - timedelta(days=days) + timedelta(seconds=1), (
            f"{told}, and the clock was put back"
        )
    tries.done(4, "clocks that jump before a cleaning", n, 2000)


def test_who_rests_for_a_summer_ages_by_little_and_who_works_weekly_by_the_calendar():
    weekly = tuple(nights(150, every=7 * DAY))
    assert Ages(NOW, weekly).limit(365) == NOW - 365 * DAY
    rested = Ages(NOW, tuple(nights(400, NOW - 100 * DAY)))
    assert rested.limit(60) == NOW - 100 * DAY - 54 * DAY
    assert rested.discounted > 98 * DAY


@pytest.fixture
def a_system_at_work(home) -> Path:
    """Runs of sixty nights, and files of yesterday in all the folders that are cleaned."""
    now = datetime.now(UTC)
    with home.engine.begin() as connection:
        connection.exec_driver_sql("set local search_path = xgoals")
        for n in range(60):
            runs.open_run(connection, f"night {n}", feeds=[], sources=[], started_at=now - DAY * n)
        connection.exec_driver_sql("update run set state = 'success', ended_at = started_at")
    yesterday = (now - DAY).timestamp()
    for name in (
        "reports/main/a.html",
        "clips/main/p/m.parquet",
        "outbox/a.eml",
        "logs/a.log",
        "reports/b.part",
    ):
        path = home.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        os.utime(path, (yesterday, yesterday))
    return home.folder


@pytest.mark.parametrize("jump", [DAY, 100 * DAY, 3650 * DAY])
def test_cleaning_by_a_clock_that_is_ahead_removes_nothing_of_yesterday(home, a_system_at_work, jump):
    said: list[str] = []
    settings = load_settings()
    ages = ages_of(settings, datetime.now(UTC) + jump)
    freed = clean(settings, dry_run=False, tell=said.append, ages=ages)
    assert {of.what: of.n for of in freed if of.n} == {}
    assert [path for path in a_system_at_work.rglob("*") if path.is_file()] != []
    assert any("nothing grows old" in sentence for sentence in said) == (jump > 7 * DAY)


def test_what_was_reported_by_a_clock_that_was_ahead_is_reported_again(home):
    def claim(now):
        return inbox_events.claim(
            connection,
            "e",
            feed="dfl",
            state="complete",
            verdict={},
            now=now,
            lost_after=timedelta(minutes=15),
        )

    with home.engine.begin() as connection:
        connection.exec_driver_sql("set local search_path = xgoals")
        now = datetime.now(UTC)
        assert claim(now + 900 * DAY)
        assert not claim(now + 900 * DAY), "once"
        assert claim(now), (
            "nobody has taken it up, and the day on which it was reported will not come for years"
        )
        runs.open_run(connection, "ahead", feeds=["dfl"], sources=[], started_at=now + 900 * DAY)
        assert len(inbox_events.take_up(connection, "dfl", "ahead", now)) == 1
        (taken,) = inbox_events.taken_events(connection, "dfl", now, timedelta(minutes=15))
        assert taken.again_at is not None, "no run of today answers for it"
        assert [run.run_id for run in runs.runs_that_seem_dead(connection, besides="")] == ["ahead"]
        runs.open_run(connection, "present", feeds=["dfl"], sources=[], started_at=now)
        assert len(inbox_events.take_up(connection, "dfl", "present", now)) == 1
        assert inbox_events.take_up(connection, "dfl", "other", now) == []


def test_a_mail_that_was_tried_by_a_clock_that_was_ahead_is_tried_again(home):
    now = datetime.now(UTC)
    a_minute_ago = now - timedelta(minutes=1)
    mail = notifications.Mail("<a@b>", "r", "failure", "x", "a@b", "s", b"m")
    engine = connect(home.settings, "main")
    with engine.connect() as connection:
        runs.open_run(connection, "r", feeds=[], sources=[], started_at=now)
        notifications.enqueue(connection, [mail], now)
        for tried_at, is_due_now in ((now, False), (now - DAY, True), (now + 400 * DAY, True)):
            connection.execute(
                text("update notification set attempts = 1, changed_at = :at"), {"at": tried_at}
            )
            connection.commit()
            due = notifications.waiting_ids(connection, untouched_since=a_minute_ago)
            assert (due == ["<a@b>"]) == is_due_now, tried_at
            with notifications.claim(engine, "<a@b>", now, untouched_since=a_minute_ago) as claimed:
                assert (claimed is not None) == is_due_now, tried_at
    engine.dispose()


def test_what_is_due_weekly_is_due_although_it_was_done_in_the_future():
    week = 7 * DAY
    for last, due in ((NOW, False), (NOW - 6 * DAY, False), (NOW - week, True), (NOW + 365 * DAY, True)):
        assert is_due(last, week, NOW) == due, last
    assert not is_due(NOW + timedelta(hours=3), week, NOW), "another machine's clock is a little ahead"


def test_a_file_of_the_future_has_arrived(tmp_path):
    path, ahead = tmp_path / "events.xml", datetime.now(UTC) + 400 * DAY
    path.write_text("x")
    os.utime(path, (ahead.timestamp(), ahead.timestamp()))
    came = arrived_at(Delivery("p", "m", (path,), "f"))
    assert abs(came - datetime.now(UTC)) < timedelta(minutes=1), "when it was laid there"
    os.utime(path, (NOW.timestamp() - 1e8, NOW.timestamp() - 1e8))
    assert arrived_at(Delivery("p", "m", (path,), "f")).timestamp() == NOW.timestamp() - 1e8


@pytest.mark.parametrize("cron", ["30 2 * * *", "0 2 * * *", "30 4 * * *", "30 2 * * 0"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_each_night_has_one_run_also_when_the_hour_is_missing_or_comes_twice(monkeypatch, cron, zone):
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    monkeypatch.setenv("XGOALS_SCHEDULE__NIGHTLY_CRON", cron)
    monkeypatch.setenv("XGOALS_SCHEDULE__TIMEZONE", zone)
    # As the scheduler has it.
    timetable, last, days = decode_timetable(encode_timetable(time_schedule(load_settings()))), None, []
    begin = pendulum.datetime(2026, 9, 1, tz="UTC")
    while last is None or last < begin.add(days=365):
        info = timetable.next_dagrun_info(
            last_automated_data_interval=DataInterval.exact(last) if last else None,
            restriction=TimeRestriction(begin, None, True),
        )
        assert info is not None
        last = info.run_after
        days.append(last.astimezone(ZoneInfo(zone)).date())
    step = 7 if cron.endswith("* 0") else 1
    assert [(b - a).days for a, b in pairwise(days)] == [step] * (len(days) - 1)
