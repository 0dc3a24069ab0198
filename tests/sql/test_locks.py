"""Who waits for whom in the results database, and how one sees it."""

import re
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from xgoals.store import migrate, notifications
from xgoals.store.deliveries import lock_match
from xgoals.store.locks import one_searcher, one_writer

DOCS = Path(__file__).resolve().parents[2] / "docs" / "processes.md"


def test_the_second_writer_waits_and_is_told_for_whom(engine):
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
    assert told == ["waiting: run A, ingest is writing to this database"]


def test_a_lone_writer_does_not_wait_also_after_an_error(engine):
    told = []
    with pytest.raises(ZeroDivisionError), one_writer(engine, "A", told.append):
        raise ZeroDivisionError
    with one_writer(engine, "B", told.append):
        pass
    assert told == []


def test_the_query_of_the_docs_names_every_lock_and_who_holds_it(engine):
    query = re.search(r"```sql\n(.*?);\n```", DOCS.read_text(), re.DOTALL).group(1)
    with (
        one_writer(engine, "run A, train", str),
        one_searcher(engine, "run B, tune", str),
        engine.connect() as ingest,
        engine.connect() as other,
    ):
        lock_match(ingest, "p", "m1")
        other.execute(text(f"select pg_advisory_xact_lock({migrate._MIGRATION_LOCK})"))
        other.execute(text(f"select pg_try_advisory_lock({notifications._DELIVERY_LOCK}, 1)"))
        rows = other.execute(text(query)).all()
    assert {row.lock for row in rows} == {"writers", "searchers", "a match", "a mail", "schema"}
    holders = {row.lock: row.application_name for row in rows}
    assert (holders["writers"], holders["searchers"]) == ("run A, train", "run B, tune")
    assert all(row.granted for row in rows)
