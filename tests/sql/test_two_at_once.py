"""Two that write at the same moment: neither overwrites the other, and neither waits for the one that waits for him."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from xgoals.domain.errors import FeedError, Problem, StoreError
from xgoals.domain.trouble import Trouble
from xgoals.mail import enqueue
from xgoals.steps.run_context import RunContext
from xgoals.store import locks, match_news, migrate, notifications, runs
from xgoals.store import matches as match_store
from xgoals.store.arrivals import deliveries, inbox_events, quarantine, seen_files
from xgoals.store.database import connect
from xgoals.store.upkeep import backup, retention

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def other(empty_database):
    """The engine of another process."""
    engine = connect(empty_database, "main", application="the other")
    yield engine
    engine.dispose()


@contextmanager
def meanwhile(engine, work):
    """``work(connection)`` in another transaction, begun and waiting for us; at the end it has committed."""
    pool = ThreadPoolExecutor(1)

    def transaction():
        with engine.begin() as connection:
            return work(connection)

    done = pool.submit(transaction)
    try:
        wait_until_somebody_waits(engine, done)
        yield done
    except BaseException:
        pool.shutdown(wait=False)  # whom it waits for lets go once this is known
        raise
    done.result(10)
    pool.shutdown()


def wait_until_somebody_waits(engine, done):
    query = text(
        "select count(*) from pg_locks where not granted and pid in (select pid from pg_stat_activity"
        " where datname = current_database())"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(5000):
            if connection.scalar(query):
                return
            if done.done():
                break
    raise AssertionError(f"it did not wait: {done}")


def is_free(connection, table, column, value):
    """Whether nobody has locked this row."""
    query = f"select 1 from {table} where {column} = :value for update skip locked"
    return connection.scalar(text(query), {"value": value}) == 1


@pytest.mark.parametrize("before", ["nothing", "deleted"])
def test_a_real_and_an_invented_match_that_come_first_at_once_do_not_mix(engine, other, record, before):
    real, invented = record("real", is_simulated=False), record("invented", is_simulated=True)
    if before == "deleted":
        with engine.begin() as connection:
            match_store.save_match(connection, real, feed="test", fingerprint="f")
            connection.execute(text("delete from match"))

    def store(connection):
        with pytest.raises(FeedError, match="a simulated match, where those of this database are real"):
            match_store.save_match(connection, invented, feed="test", fingerprint="f")
        connection.rollback()
        return "refused"

    with engine.connect() as connection:
        match_store.save_match(connection, real, feed="test", fingerprint="f")
        with ThreadPoolExecutor(1) as pool, other.connect() as another:
            done = pool.submit(store, another)
            wait_until_somebody_waits(engine, done)
            connection.commit()
            assert done.result(10) == "refused"


N_MATCHES = 8


@pytest.fixture
def matches(engine, record):
    """Eight, noted in another order than that of their names; in the order of their names."""
    ids = [f"m{n}" for n in range(N_MATCHES)]
    with engine.begin() as connection:
        for match_id in reversed(ids):
            match_store.save_match(connection, record(match_id), feed="test", fingerprint="f")
            connection.execute(
                text("insert into match_news (provider, match_id, mail_due) values ('p', :id, true)"),
                {"id": match_id},
            )
    return [("p", match_id) for match_id in ids]


def test_what_is_published_while_a_mail_is_written_is_told_by_the_next_one(engine, other, matches):
    with engine.begin() as connection:
        connection.execute(text("update match_news set mail_due = false where match_id = 'm7'"))
    with engine.begin() as connection:
        told = match_news.read_news(connection).keys
        with other.begin() as another:
            another.execute(text("update match_news set mail_due = true where match_id = 'm7'"))
        match_news.settle_mails(connection, told)
    with engine.connect() as connection:
        assert match_news.read_news(connection).keys == (matches[-1],)


@pytest.mark.parametrize("state", ["written", "later"])
def test_pages_are_settled_in_the_order_in_which_news_are_read(engine, other, matches, state):
    with engine.begin() as connection:
        connection.execute(text("update match_news set page = 'due'"))
    with engine.connect() as holder:
        holder.execute(text("select from match_news where match_id = 'm0' for update"))
        with meanwhile(other, lambda c: match_news.settle_pages(c, reversed(matches), state)):
            with engine.connect() as third:
                free = [
                    match_id for _, match_id in matches if is_free(third, "match_news", "match_id", match_id)
                ]
                assert free == [match_id for _, match_id in matches[1:]], (
                    "the others are held by who waits for m0"
                )
            holder.rollback()
    with engine.connect() as connection:
        assert set(connection.scalars(text("select page from match_news"))) == {state}


def report(connection, event_id, now=NOW):
    return inbox_events.claim(
        connection, event_id, feed="dfl", state="complete", verdict={"sentence": "there"}, now=now,
        lost_after=timedelta(minutes=15),
    )  # fmt: skip


@pytest.mark.parametrize("act", ["take up", "finish"])
def test_events_are_taken_up_and_finished_in_the_order_in_which_watchers_claim_them(engine, other, act):
    with engine.begin() as connection:
        for event in ("e3", "e2", "e1"):
            report(connection, event)
        runs.open_run(connection, "r", feeds=["dfl"], sources=["/i"], started_at=NOW)
        if act == "finish":
            inbox_events.take_up(connection, "dfl", "r", NOW)

    def work(connection):
        if act == "finish":
            inbox_events.finish(connection, "r", NOW)
            return None
        return [event.event_id for event in inbox_events.take_up(connection, "dfl", "r", NOW)]

    with engine.connect() as holder:
        holder.execute(text("select from inbox_event where event_id = 'e1' for update"))
        with meanwhile(other, work) as done:
            with engine.connect() as third:
                assert is_free(third, "inbox_event", "event_id", "e3"), "it is held by who waits for e1"
            holder.rollback()
    assert done.result() in (None, ["e1", "e2", "e3"])
    with engine.connect() as connection:
        column = "done_at" if act == "finish" else "taken_by_run"
        assert connection.scalar(text(f"select count({column}) from inbox_event")) == 3


def test_an_event_that_two_runs_take_up_at_once_is_of_one_of_them(engine, other):
    with engine.begin() as connection:
        report(connection, "e1")
        for run in ("r1", "r2"):
            runs.open_run(connection, run, feeds=["dfl"], sources=["/i"], started_at=NOW)
    with engine.connect() as first:
        assert [e.event_id for e in inbox_events.take_up(first, "dfl", "r1", NOW)] == ["e1"]
        with meanwhile(other, lambda c: inbox_events.take_up(c, "dfl", "r2", NOW)) as done:
            first.commit()
    assert done.result() == []


def test_two_listings_of_one_inbox_write_down_one_after_the_other(engine, other):
    told: list[str] = []
    with engine.connect() as first:
        seen_files.lock_seen(first, "dfl", pytest.fail)
        with other.connect() as another:
            seen_files.lock_seen(another, "statsbomb", pytest.fail)
        with meanwhile(other, lambda c: seen_files.lock_seen(c, "dfl", told.append)):
            first.commit()
    assert len(told) == 1
    assert re.fullmatch(r"waiting: .+ is writing down what it knows of the files of dfl", told[0])


def test_notes_on_one_file_by_two_matches_are_written_in_one_order(engine, other):
    def note(connection, match_id, reasons):
        problems = [
            Problem("a.parquet", reason, "mend", match_id=match_id, severity="value") for reason in reasons
        ]
        quarantine.save_problems(connection, "test", "p", match_id, problems, run_id="r")

    with engine.connect() as first:
        note(first, "m1", ["a"])
        with meanwhile(other, lambda c: note(c, "m2", ["b", "a"])):
            with engine.connect() as third:
                third.execute(text("set lock_timeout = '1s'"))
                note(third, "m3", ["b"])
                third.rollback()
            first.rollback()


def test_who_waits_for_a_match_is_told_for_whom(engine, other):
    told = []
    with engine.connect() as first:
        deliveries.lock_match(first, "p", "m1", pytest.fail)
        with meanwhile(other, lambda c: deliveries.lock_match(c, "p", "m1", told.append)):
            first.commit()
    (sentence,) = told
    assert sentence.startswith("waiting: xgoals (since ")
    assert sentence.endswith("is writing match m1")


def test_a_holder_of_whom_the_server_tells_no_more_is_named_all_the_same():
    assert str(locks.Holder("xgoals restore", None, 4711, "this machine")) == "xgoals restore (session 4711)"


def test_since_when_somebody_holds_a_lock_is_not_since_when_he_waited_for_it(engine, other):
    with locks.one_writer(engine, "A", pytest.fail), engine.connect() as connection:
        began = connection.scalar(
            text("select backend_start from pg_stat_activity where application_name = 'A'")
        )
        pid = connection.scalar(text("select pid from pg_stat_activity where application_name = 'A'"))
        held = connection.scalar(text("select state_change from pg_stat_activity where pid = :p"), {"p": pid})
        assert locks.holder_of(connection, locks._WRITERS_LOCK).since == held > began


class TestSchema:
    """Who changes it beside those who read, write and save it."""

    def test_who_reads_while_it_waits_for_another_reader_does_not_wait_for_both(self, engine, other):
        read, pool = text("select * from xgoals_views.champion_shot limit 1"), ThreadPoolExecutor(1)
        with other.connect() as reader, other.connect() as later:
            reader.execute(read)
            change = pool.submit(migrate.upgrade, engine)
            wait_until_somebody_waits(other, change)
            later.execute(text("set lock_timeout = '5s'"))
            later.execute(read)
            later.rollback()
            assert not change.done()
            reader.rollback()
        change.result(20)
        pool.shutdown()

    def test_a_backup_sees_one_schema_from_its_first_table_to_its_last(
        self, engine, other, tmp_path, monkeypatch
    ):
        told, real, pool = [], backup.run_client, ThreadPoolExecutor(1)
        monkeypatch.setattr(migrate.log, "info", told.append)
        changes = []

        def dump(*arguments, **options):
            changes.append(pool.submit(migrate.upgrade, other))
            wait_until_somebody_waits(engine, changes[0])
            real(*arguments, **options)

        monkeypatch.setattr(backup, "run_client", dump)
        backup.back_up(engine, tmp_path / "b.dump")
        changes[0].result(20)
        pool.shutdown()
        assert told[0].startswith("waiting: xgoals backup (since ")


def test_a_run_that_is_begun_again_is_not_cleaned_away_as_idle(engine, other):
    old = NOW - timedelta(days=400)
    with engine.begin() as connection:
        runs.open_run(connection, "r", feeds=["dfl"], sources=["/i"], started_at=old)
        runs.close_run(connection, "r", state="failed", ended_at=old)
    with engine.connect() as again:
        runs.open_run(again, "r", feeds=["dfl"], sources=["/i"], started_at=NOW)
        with meanwhile(other, lambda c: retention.idle_runs(c, NOW, dry_run=False)):
            again.commit()
    with engine.connect() as connection:
        assert runs.read_run(connection, "r")["state"] == "running"


def test_a_run_that_says_how_it_ended_is_not_closed_as_dead(engine, other):
    with engine.begin() as connection:
        runs.open_run(connection, "r", feeds=["dfl"], sources=["/i"], started_at=NOW)

    def as_dead(connection):
        runs.close_run(connection, "r", state="failed", ended_at=NOW, unless_ended=True)

    with engine.connect() as itself:
        runs.close_run(itself, "r", state="success", ended_at=NOW)
        with meanwhile(other, as_dead):
            itself.commit()
    with engine.connect() as connection:
        assert runs.read_run(connection, "r")["state"] == "success"


def test_a_state_that_two_runs_find_at_once_is_told_once(engine, empty_database):
    trouble = Trouble("drift", "it drifts", step="explain", state_key="k1")
    for run_id in ("r1", "r2"):
        with engine.begin() as connection:
            runs.open_run(connection, run_id, feeds=["dfl"], sources=["/i"], started_at=NOW)

    def warn(run_id):
        enqueue.enqueue_warnings(RunContext(empty_database, "main", run_id), trouble)

    with engine.connect() as first, ThreadPoolExecutor(1) as pool:
        notifications.lock_warnings(first, pytest.fail)
        done = pool.submit(warn, "r1")
        wait_until_somebody_waits(engine, done)
        notifications.enqueue(
            first,
            [
                notifications.Mail("<x>", "r2", "warning", "drift", "analysts@localhost", "s", b"m", "k1"),
            ],
            NOW,
        )
        first.commit()
        done.result(10)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from notification")) == 1


def test_the_same_content_that_came_again_does_not_hide_what_was_stored_meanwhile(engine, record):
    made = record()
    key = (made.match.provider, made.match.match_id)
    with engine.begin() as connection:
        match_store.save_match(connection, made, feed="test", fingerprint="f1")
        match_store.save_match(connection, replace(made), feed="test", fingerprint="f2")
        deliveries.save_fingerprint(connection, *key, "f1 again", before="f1")
        assert deliveries.stored_delivery(connection, key).fingerprint == "f2"
        deliveries.save_fingerprint(connection, *key, "f2 again", before="f2")
        assert deliveries.stored_delivery(connection, key).fingerprint == "f2 again"


def test_an_upgrade_that_is_waited_for_too_long_says_for_whom(engine, other, monkeypatch):
    monkeypatch.setattr(locks, "_TURN_S", 0.05)
    with (
        locks.schema_lock(other, "xgoals backup", pytest.fail, shared=True),
        pytest.raises(
            StoreError, match=r"waited 0 minutes in vain: xgoals backup \(since .*\) holds the schema"
        ),
        locks.schema_lock(engine, "a change", str, patience=timedelta(seconds=0.1)),
    ):
        raise AssertionError("nobody may be here")
