"""Who may do what in the database: every table, view, sequence and function, and every way around it that we know."""

import uuid
from collections.abc import Callable, Iterator
from typing import Literal

import psycopg2
import pytest
from psycopg2 import sql
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

Role = Literal["reader", "writer"]
Allowed = Callable[[str], str | None]


@pytest.fixture
def logins(home, postgres) -> Iterator[dict[Role, psycopg2.extensions.connection]]:
    """A session of somebody who reads, and of one who writes."""
    admin = psycopg2.connect(postgres.url(home.database).replace("+psycopg2", ""))
    admin.autocommit = True
    names = {role: f"{role}_{uuid.uuid4().hex[:8]}" for role in ("reader", "writer")}
    sessions = {}
    url = make_url(postgres.url(home.database))
    with admin.cursor() as cursor:
        for role, name in names.items():
            statement = "create role {} login password 'x' in role {}"
            cursor.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(f"xgoals_{role}")))
            sessions[role] = psycopg2.connect(
                host=url.host, port=url.port, dbname=url.database, user=name, password="x"
            )
    yield sessions
    for session in sessions.values():
        session.close()
    with admin.cursor() as cursor:
        for name in names.values():
            cursor.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(name)))
    admin.close()


def refusal(session: psycopg2.extensions.connection, statement: str) -> str | None:
    """The code with which a statement is refused, None where it is done; it is undone."""
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
    except psycopg2.Error as error:
        return error.pgcode or str(error)
    finally:
        session.rollback()
    return None


FORBIDDEN = "42501"

WAYS_AROUND = (
    "set role xgoals", "set session authorization xgoals", "reset session authorization; set role postgres",
    "copy xgoals.match to program 'cat'", "copy xgoals.match from program 'true'",
    "copy (select 1) to '/tmp/xgoals-was-here'", "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('.')", "select pg_read_binary_file('PG_VERSION')", "select lo_import('/etc/passwd')",
    "select lo_export(0, '/tmp/xgoals-was-here')", "select rolpassword from pg_authid", "select * from pg_shadow",
    "create extension dblink", "create language plperlu", "alter system set log_statement = 'all'",
    "select pg_reload_conf()", "select set_config('session_preload_libraries', 'x', false)", "load 'x'",
    "create role another superuser", "alter role current_user superuser", "alter role current_user createdb",
    "grant xgoals_writer to current_user", "grant xgoals to current_user", "create database another",
    "create schema another", "create table public.another (x int)", "create table xgoals.another (x int)",
    "create view xgoals_views.another as select 1",
    "create or replace view xgoals_views.champion_shot as select 1 as x",
    "create function xgoals.another() returns int language sql as 'select 1'",
    "create function public.another() returns int language sql as 'select 1'",
    "create or replace function xgoals.note_change() returns trigger language plpgsql as 'begin return null; end'",
    "alter function xgoals.note_change() security definer", "alter table xgoals.match disable trigger user",
    "alter table xgoals.match add column x int", "alter table xgoals.match owner to current_user",
    "create trigger t after insert on xgoals.match for each row execute function xgoals.note_change()",
    "create rule r as on insert to xgoals.match do instead nothing", "create index on xgoals.match (match_date)",
    "alter default privileges for role xgoals grant all on tables to public",
    "create temp table shot (x int); create trigger t after truncate on shot execute function xgoals.note_change()",
    "truncate xgoals.match cascade", "drop table xgoals.match cascade", "drop schema xgoals cascade",
    "drop view xgoals_views.champion_shot", "delete from public.xgoals_schema_version",
    "update public.xgoals_schema_version set version_num = '0001'", "comment on table xgoals.match is 'x'",
    "create publication p for all tables", "set session_replication_role = replica",
    "create event trigger e on ddl_command_start execute function xgoals.note_change()",
    "create server s foreign data wrapper x", "security label on table xgoals.match is 'x'",
    "select * from pg_statistic", "select pg_create_restore_point('x')", "checkpoint; select pg_switch_wal()",
)  # fmt: skip


def _names(home, query: str) -> list[str]:
    with home.engine.connect() as connection:
        return list(connection.scalars(text(query)))


WRITES = {"insert", "update", "delete"}


def _rights(home, role: Role, table: str) -> set[str]:
    """What the group role may do with a table, reading and looking after it apart."""
    every = (*sorted(WRITES), "truncate", "references", "trigger")
    query = (
        f"select r from unnest(array{list(every)}) r where has_table_privilege('xgoals_{role}', '{table}', r)"
    )
    return set(_names(home, query))


@pytest.mark.parametrize("role", ["reader", "writer"])
def test_nobody_but_the_owner_gets_around_it(home, logins, tries, role):
    done = {way: refusal(logins[role], way) for way in WAYS_AROUND}
    assert [way for way, code in done.items() if code is None] == []
    tries.done(8, "a way around the database's rights", len(done), 2 * len(done))


def test_every_table_view_and_sequence_gives_each_role_what_is_its_own(home, logins, tries):
    tables = _names(
        home, "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'xgoals'"
    )
    views = _names(
        home, "select format('%I.%I', schemaname, viewname) from pg_views where schemaname like 'xgoals%'"
    )
    sequences = _names(
        home, "select format('%I.%I', schemaname, sequencename) from pg_sequences where schemaname = 'xgoals'"
    )
    assert len(tables) > 40
    assert len(views) > 8
    wrong = []
    for role, writes in (("reader", False), ("writer", True)):
        for name in (*tables, *views, "public.xgoals_schema_version"):
            if (code := refusal(logins[role], f"select * from {name} limit 0")) is not None:
                wrong += [f"{role} may not read {name}: {code}"]
        for name in tables:
            if (refusal(logins[role], f"delete from {name} where false") == FORBIDDEN) == writes:
                wrong += [f"{role} deletes from {name}"]
            wrong += [
                f"{role}: {right} on {name}"
                for right in _rights(home, role, name) ^ (WRITES if writes else set())
            ]
        for name in sequences:
            if (refusal(logins[role], f"select nextval('{name}')") == FORBIDDEN) == writes:
                wrong += [f"{role}, nextval of {name}"]
    assert wrong == []
    tries.done(8, "a right of a role on a table, a view or a sequence", 6 * len(tables) + 2 * len(views), 300)


def test_no_function_lends_its_owners_rights_and_later_tables_have_the_same(home, logins):
    definers = """select p.proname || ' ' || array_to_string(p.proconfig, ' ')
                  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                  where p.prosecdef and n.nspname in ('xgoals', 'xgoals_views', 'public') order by 1"""
    # What one of them calls is looked up where only the owner makes anything, and last of all among what is temporary.
    assert _names(home, definers) == [
        "content_revisions search_path=pg_catalog, pg_temp", "note_change search_path=xgoals, pg_temp",
    ]  # fmt: skip
    owner = create_engine(home.engine.url)
    with owner.begin() as connection:
        connection.execute(text("create table xgoals.later (x int)"))
    owner.dispose()
    assert refusal(logins["reader"], "select * from xgoals.later") is None
    assert refusal(logins["reader"], "insert into xgoals.later values (1)") == FORBIDDEN
    assert refusal(logins["writer"], "insert into xgoals.later values (1)") is None
    # A table of one's own in front of ours deceives oneself alone: it takes no rights of others.
    shadow = (
        "create temp table match (x int); set search_path to pg_temp, xgoals; insert into match values (1)"
    )
    assert refusal(logins["writer"], shadow) is None
    assert (
        refusal(logins["reader"], "set search_path to pg_temp, xgoals; delete from xgoals.match") == FORBIDDEN
    )
