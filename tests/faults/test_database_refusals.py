"""A database that answers and refuses: each says what is wrong and what to do, and mended it gives the same rows."""

import random
from dataclasses import dataclass
from itertools import islice

import pytest
from chain import Run
from cuts import work_until_cut
from sqlalchemy import text
from states import differences, stored
from test_database_cuts import is_told
from warm import run_warm

from xgoals.domain.errors import ForbiddenError, StoreError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.mail import enqueue
from xgoals.settings import load_settings
from xgoals.steps.explaining.beside import measured_beside
from xgoals.steps.pages.writer import ReportWriter
from xgoals.store.database import connect
from xgoals.store.outages import outages_told


@dataclass(frozen=True)
class Refusal:
    """SQL that makes a database refuse (``{db}``, ``{role}``), what undoes it, and what is then said."""

    name: str
    begin: tuple[str, ...]
    end: tuple[str, ...]
    says: str
    advises: str


REFUSALS = (
    Refusal(
        "read-only",
        ("alter database {db} set default_transaction_read_only = on",),
        ("alter database {db} reset default_transaction_read_only",),
        "may only be read", "switched over",
    ),
    Refusal(
        "no right to write",
        ("revoke insert, update, delete on all tables in schema xgoals from {role}",),
        ("grant insert, update, delete on all tables in schema xgoals to {role}",),
        "lacks a right", "db upgrade",
    ),
    Refusal(
        "no right to look",
        ("revoke usage on schema xgoals from {role}", "revoke select on public.xgoals_schema_version from {role}"),
        ("grant usage on schema xgoals to {role}", "grant select on public.xgoals_schema_version to {role}"),
        "lacks a right", "db upgrade",
    ),
    Refusal(
        "no connection for the role",
        ("alter role {role} connection limit 0",),
        ("alter role {role} connection limit -1",),
        "does not answer.*too many connections", "has a connection left",
    ),
    Refusal(
        "one connection for the role, where a step needs two",
        ("alter role {role} connection limit 1",),
        ("alter role {role} connection limit -1",),
        "too many connections", "",
    ),
    Refusal(
        "closed to all",
        ("alter role {role} nologin",), ("alter role {role} login",),
        "not permitted to log in", "Check",
    ),
    Refusal(
        "another password",
        ("alter role {role} password 'another'",), ("alter role {role} password 'right'",),
        "password authentication failed", "Check",
    ),
    Refusal(
        "renamed", ("alter database {db} rename to {db}_x",), ("alter database {db}_x rename to {db}",),
        "does not exist", "Check",
    ),
)  # fmt: skip


def test_who_refuses_is_told_with_what_to_do_and_mended_it_goes_on(
    home, role, as_administrator, tmp_path, tries
):
    n, chance = tries(len(REFUSALS) * 3, small=2), random.Random(tries.seed)
    write_archive(tmp_path / "two.parquet", islice(simulate_league(), 2))
    run, empty = Run("first", source=tmp_path / "two.parquet"), stored(home.engine)
    first = chance.randrange(len(REFUSALS))
    for attempt in range(n):
        refusal = REFUSALS[(first + attempt) % len(REFUSALS)]
        told = f"seed {tries.seed}, attempt {attempt}: {refusal.name}"
        names = {"db": home.database, "role": role["ROLE"]}
        for statement in refusal.begin:
            as_administrator(statement.format(**names))
        ended = run_warm(work_until_cut, "ingest", run, None, None, None, env=role)
        for statement in refusal.end:
            as_administrator(statement.format(**names))
        assert is_told(ended.error), f"{told}: {ended.error!r}"
        with pytest.raises(StoreError, match=refusal.says):
            raise ended.error
        assert refusal.advises in str(ended.error), f"{told}: {ended.error}"
        assert isinstance(ended.error, ForbiddenError) == ("right" in refusal.says), told
        assert role["XGOALS_DATABASE_URL"] not in str(ended.error)
        assert differences(empty, stored(home.engine)) == {}, told
    assert run_warm(work_until_cut, "ingest", run, None, None, None, env=role).error is None
    assert stored(home.engine)["match"].startswith("2 ")
    tries.done(4, "a database that refuses", n, len(REFUSALS) * 3)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_hold_all_names_is_refused_before_it_is_used(
    home, as_administrator, monkeypatch, encoding
):
    name = f"{home.database}_e"
    as_administrator(
        f"create database {name} encoding '{encoding}' template template0 locale_provider libc locale 'C'"
    )
    url = home.engine.url.set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("XGOALS_DATABASE_URL", url)
    try:
        with pytest.raises(StoreError, match=f"encoding is {encoding}.*encoding 'UTF8'"):
            connect(load_settings(), "main", whatever_schema=True)
    finally:
        as_administrator(f"drop database {name} with (force)")


SAID = {
    "select pg_terminate_backend(pg_backend_pid())": "went away",
    "select pg_cancel_backend(pg_backend_pid()), pg_sleep(1)": "somebody cancelled",
    "set local statement_timeout = 1; select pg_sleep(1)": "longer than it may",
    "set transaction read only; create table xgoals.x (n int)": "may only be read",
    "set local lock_timeout = 1; lock table run": "another session held",
    "do $$ begin raise sqlstate '53100' using message = 'no space left'; end $$": "disk of the database is full",
    "do $$ begin raise sqlstate '53200' using message = 'out of shared memory'; end $$": "out of memory.*max_locks",
    "do $$ begin raise sqlstate '58030' using message = 'I/O'; end $$": "cannot read or write its files",
    "do $$ begin raise sqlstate 'XX001' using message = 'page'; end $$": "data damaged",
    "do $$ begin raise sqlstate '40001' using message = 'x'; end $$": "in each other's way",
    "set local role pg_read_all_data; delete from run": "lacks a right",
}


@pytest.mark.parametrize("statement", SAID)
@pytest.mark.parametrize("in_bulk", [False, True])
def test_what_the_server_says_becomes_a_sentence_with_advice(home, statement, in_bulk):
    from xgoals.store.database import bulk_cursor

    engine = connect(load_settings(), "main")
    with home.engine.begin() as other, pytest.raises(StoreError, match=SAID[statement]) as caught:  # noqa: PT012
        other.exec_driver_sql("lock table xgoals.run")
        with outages_told(), engine.begin() as connection:
            if in_bulk:
                with bulk_cursor(connection) as cursor:
                    cursor.execute(statement)
            else:
                connection.exec_driver_sql(statement)
    assert caught.value.advice
    engine.dispose()


FULL = "do $$ begin raise sqlstate '53100' using message = 'no space left'; end $$"


def test_a_run_does_not_end_well_without_its_mails_because_the_disk_was_full_meanwhile(home, monkeypatch):
    run = Run("first").opened()
    monkeypatch.setattr(enqueue, "_digests", lambda connection, *_: connection.exec_driver_sql(FULL))
    with pytest.raises(StoreError, match="disk of the database is full"), outages_told():
        enqueue.end_run(run)
    with home.engine.connect() as connection:
        assert connection.scalar(text("select state from run")) == "running"
    monkeypatch.undo()
    monkeypatch.setenv("XGOALS_HOME", str(home.folder))
    enqueue.end_run(run)
    with home.engine.connect() as connection:
        assert connection.execute(
            text("select state, (select count(*) > 0 from notification) from run")
        ).one() == (
            "success",
            True,
        )


@pytest.mark.parametrize("statement", [FULL, "select pg_terminate_backend(pg_backend_pid())"])
def test_an_outage_is_not_the_failure_of_one_page_or_of_what_is_measured_beside(home, statement):
    engine = connect(load_settings(), "main")

    def measure() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)

    with pytest.raises(StoreError, match=r"went away|full"), outages_told():
        measured_beside("drift", measure)
    writer = object.__new__(ReportWriter)
    with (
        pytest.raises(StoreError, match=r"went away|full"),
        outages_told(),
        engine.begin() as connection,
        writer.or_warn(connection, "page"),
    ):
        connection.exec_driver_sql(statement)
    engine.dispose()
