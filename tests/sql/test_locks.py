"""Who waits for whom in the results database, how one sees it, and what a lost lock or session does."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool

from xgoals.domain.errors import StoreError
from xgoals.store import locks, notifications
from xgoals.store.arrivals.deliveries import lock_match
from xgoals.store.database import connect
from xgoals.store.locks import one_searcher, one_writer
from xgoals.store.outages import outages_told

DOCS = Path(__file__).resolve().parents[2] / "docs" / "processes.md"


@pytest.fixture
def other_engine(empty_database):
    """That of another process."""
    engine = connect(empty_database, "main")
    yield engine
    engine.dispose()


def end_session(engine, name):
    """What a switch-over, a firewall or an administrator does."""
    with engine.connect() as connection:
        ended = connection.scalars(
            text(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = :name"
            ),
            {"name": name},
        ).all()
    assert ended == [True]


def end_session_of(connection, other_engine):
    pid = connection.scalar(text("select pg_backend_pid()"))
    with other_engine.connect() as other:
        assert other.scalar(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def n_runs(engine):
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from run"))


def write(connection, run_id):
    connection.execute(
        text("insert into run (run_id, feeds, sources, started_at) values (:id, '{}', '{}', now())"),
        {"id": run_id},
    )


def wait_until_in_line(engine, n):
    query = text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2000):
            if connection.scalar(query) == n:
                return
    raise AssertionError(f"{n} never stood in line")


def test_the_second_writer_waits_and_is_told_for_whom_since_when_and_in_which_session(engine):
    order, told = [], []
    first_is_in, second_waits = threading.Event(), threading.Event()

    def first():
        with one_writer(engine, "run A, ingest", order.append):
            first_is_in.set()
            assert second_waits.wait(10)
            order.append("A done")

    def second():
        assert first_is_in.wait(10)
        with one_writer(engine, "run B, train", lambda text: (told.append(text), second_waits.set())):
            order.append("B done")

    threads = [threading.Thread(target=target) for target in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert order == ["A done", "B done"]
    (sentence,) = told
    assert re.fullmatch(
        r"waiting: run A, ingest \(since \d\d:\d\d:\d\d, session \d+ from 127\.0\.0\.1\)"
        r" is writing to this database",
        sentence,
    )


def test_a_lone_writer_does_not_wait_also_after_an_error(engine):
    told = []
    with pytest.raises(ZeroDivisionError), one_writer(engine, "A", told.append):
        raise ZeroDivisionError
    with one_writer(engine, "B", told.append):
        pass
    assert told == []


def test_who_comes_later_and_would_share_does_not_overtake_who_waits(engine, other_engine):
    order, threads = [], []

    def work(name, shared):
        with one_writer(engine, name, str, shared=shared):
            order.append(name)

    with one_writer(other_engine, "first", str, shared=True):
        for n, (name, shared) in enumerate((("alone", False), ("sharing", True)), start=1):
            threads.append(threading.Thread(target=work, args=(name, shared)))
            threads[-1].start()
            wait_until_in_line(other_engine, n)
        assert order == []
    for thread in threads:
        thread.join(20)
    assert order == ["alone", "sharing"]


def test_who_has_waited_long_enough_says_for_whom(engine, other_engine, monkeypatch):
    monkeypatch.setattr(locks, "_TURN_S", 0.05)
    with (
        one_writer(other_engine, "run A, report", str),
        pytest.raises(StoreError, match=r"in vain: run A, report \(since .*\) is writing to this database"),
        one_writer(engine, "run B, train", str, patience=timedelta(seconds=0.1)),
    ):
        raise AssertionError("nobody may be here")


def test_who_has_lost_the_lock_commits_nothing_more(engine, other_engine):
    def work():
        with one_writer(engine, "A", str):
            with engine.begin() as connection:
                write(connection, "before")
            with engine.begin() as connection:
                write(connection, "at the loss")
                end_session(other_engine, "A")
                with one_writer(other_engine, "B", pytest.fail), other_engine.begin() as another:
                    write(another, "by B")

    with pytest.raises(StoreError, match="the lock was lost while this step worked"):
        work()
    with other_engine.connect() as connection:
        assert set(connection.scalars(text("select run_id from run"))) == {"before", "by B"}


def test_a_lock_that_is_lost_when_all_is_stored_does_not_make_the_step_fail(engine, other_engine, caplog):
    with one_writer(engine, "A", str):
        with engine.begin() as connection:
            write(connection, "stored")
        end_session(other_engine, "A")
    assert n_runs(other_engine) == 1
    assert "the database went away" in caplog.text


def test_an_error_is_not_hidden_by_the_loss_of_the_lock(engine, other_engine):
    def work():
        with one_writer(engine, "A", str):
            end_session(other_engine, "A")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()


def test_a_pooler_that_shares_a_session_between_two_connections_is_refused(empty_database):
    address = empty_database.database_url.get_secret_value()
    engine = create_engine(address, poolclass=StaticPool)
    with pytest.raises(StoreError, match="pool sessions"), one_writer(engine, "A", str):
        raise AssertionError("nobody may be here")
    engine.dispose()


def test_a_session_that_ends_in_a_transaction_is_told_in_a_sentence(engine, other_engine):
    def work():
        with outages_told(), engine.begin() as connection:
            end_session_of(connection, other_engine)
            write(connection, "lost")

    with pytest.raises(StoreError, match="the database went away while it was needed"):
        work()
    assert n_runs(engine) == 0, "the pool has noticed it, too"


def test_waiting_for_a_row_and_a_slow_statement_come_to_an_end(empty_database, other_engine):
    limits = empty_database.limits.model_copy(update={"wait_minutes": 0.05 / 60})
    engine = connect(empty_database.model_copy(update={"limits": limits}), "main", statement_timeout_s=0.3)
    with other_engine.begin() as connection:
        connection.execute(text("lock table run"))
        with pytest.raises(StoreError, match="another session held a table or row"), outages_told():
            n_runs(engine)
    with pytest.raises(StoreError, match="longer than it may"), outages_told(), engine.begin() as connection:
        connection.execute(text("select pg_sleep(5)"))
    engine.dispose()


def test_sessions_are_kept_alive_and_find_their_tables(engine):
    with engine.connect() as connection:
        for name, value in (("search_path", "xgoals, public"), ("idle_session_timeout", "0"),
                            ("tcp_keepalives_idle", "60")):  # fmt: skip
            assert connection.scalar(text(f"select current_setting('{name}')")) == value
        connection.rollback()
        assert connection.scalar(text("select count(*) from run")) == 0


def test_the_query_of_the_docs_names_every_lock_and_who_holds_it(engine):
    query = re.search(r"```sql\n(.*?);\n```", DOCS.read_text(), re.DOTALL).group(1)
    with (
        one_writer(engine, "run A, train", str),
        one_searcher(engine, "run B, tune", str),
        engine.connect() as ingest,
        engine.connect() as other,
    ):
        lock_match(ingest, "p", "m1", pytest.fail)
        other.execute(text(f"select pg_advisory_xact_lock({locks._SCHEMA_LOCK})"))
        other.execute(text(f"select pg_try_advisory_lock({notifications._DELIVERY_LOCK}, 1)"))
        rows = other.execute(text(query)).all()
    assert {row.lock for row in rows} == {"writers", "searchers", "a match", "a mail", "schema"}
    holders = {row.lock: row.application_name for row in rows}
    assert (holders["writers"], holders["searchers"]) == ("run A, train", "run B, tune")
    assert all(row.granted for row in rows)
