"""An event of the inbox is done when a run over it has ended well, and waits again when that has failed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from xgoals.store import runs
from xgoals.store.arrivals import inbox_events

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def book(engine):
    return Book(engine)


class Book:
    """The events of one inbox, with a clock of the test's."""

    def __init__(self, engine):
        self.engine = engine

    def report(self, after=timedelta(0)):
        with self.engine.begin() as connection:
            return inbox_events.claim(
                connection, "e1", feed="dfl", state="complete", verdict={"sentence": "all there"}, now=NOW + after,
                lost_after=QUARTER,
            )  # fmt: skip

    def start(self, run_id, after=timedelta(0)):
        with self.engine.begin() as connection:
            runs.open_run(connection, run_id, feeds=["dfl"], sources=["/i"], started_at=NOW + after)
            return [event.event_id for event in inbox_events.take_up(connection, "dfl", run_id, NOW + after)]

    def end(self, run_id, state):
        with self.engine.begin() as connection:
            runs.close_run(connection, run_id, state=state, ended_at=NOW)
            if state == "success":
                inbox_events.finish(connection, run_id, NOW)

    def waiting(self, after=timedelta(0)):
        with self.engine.connect() as connection:
            events = inbox_events.taken_events(connection, "dfl", NOW + after, QUARTER)
        return [event.again_at - NOW if event.again_at else None for event in events]


def test_a_report_is_made_once_and_done_with_the_run(book):
    assert book.report()
    assert not book.report(QUARTER), "its run waits its turn"
    assert book.report(QUARTER * 2), "it was lost"
    assert book.start("r1") == ["e1"]
    assert not book.report(QUARTER * 9), "a run answers for it"
    assert book.waiting() == [None]
    book.end("r1", "success")
    assert book.waiting() == []
    assert not book.report(timedelta(days=9))
    assert book.start("r2") == []


def test_what_a_failed_run_had_taken_up_waits_again_ever_longer(book):
    book.report()
    book.start("r1")
    book.end("r1", "failed")
    assert book.waiting() == [QUARTER]
    assert not book.report(QUARTER / 2)
    assert book.report(QUARTER * 1.1), "a quarter of an hour after it was reported"
    book.start("r2", QUARTER)
    book.end("r2", "failed")
    assert book.waiting() == [QUARTER * 1.1 + 2 * QUARTER], "then twice as long"
    assert book.start("night", QUARTER * 2) == ["e1"], "but the next run takes it up"
    book.end("night", "success")
    assert book.waiting() == []


def test_a_cleared_run_that_ends_well_after_all_has_done_it(book):
    book.report()
    book.start("r1")
    book.end("r1", "failed")
    book.end("r1", "success")
    assert not book.report(timedelta(days=9))


def test_a_run_that_never_ended_is_dead_after_a_day(book):
    book.report()
    book.start("killed")
    assert book.waiting(timedelta(hours=23)) == [None]
    assert book.start("other", timedelta(hours=23)) == []
    assert book.start("next", timedelta(hours=25)) == ["e1"]


def test_events_of_before_the_upgrade_that_were_taken_up_stay_done(book):
    with book.engine.begin() as connection:
        connection.execute(
            text(
                """insert into inbox_event (event_id, feed, state, verdict, fired_at, taken_by_run, done_at)
                   values ('e1', 'dfl', 'complete', '{}', :now, 'long gone', :now)"""
            ),
            {"now": NOW},
        )
    assert not book.report(timedelta(days=9))
