"""One Postgres for all tests of a session, and databases on it, made by copying."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from once import Once
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings, load_settings
from xgoals.store.migrate import upgrade_if_behind

# Nobody misses these rows after a power cut, and nothing waits for a disk.
_NOT_DURABLE = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


@pytest.fixture(scope="session")
def postgres(once: Once) -> EmbeddedPostgres:
    """The one server, for this process and the others."""
    server = EmbeddedPostgres(once.folder / "databases")

    def start() -> None:
        server.ensure_started()
        with closing(_session(server)) as connection, connection.cursor() as cursor:
            for setting in _NOT_DURABLE:
                cursor.execute(f"alter system set {setting} = off")
            cursor.execute("select pg_reload_conf()")

    once("databases", start)
    return server


@pytest.fixture(scope="session")
def copy_database(postgres: EmbeddedPostgres) -> Callable[[str, str], str]:
    """``copy_database(template, name)``: the address of a copy, which replaces a database of that name."""

    def copy(template: str, name: str) -> str:
        drop_database(postgres, name)
        with closing(_session(postgres)) as connection, connection.cursor() as cursor:
            # Where nobody waits for the disk, a copy of the files is cheaper than one through the log.
            statement = sql.SQL("create database {} template {} strategy file_copy")
            cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return postgres.url(name)

    return copy


def drop_database(server: EmbeddedPostgres, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    with closing(_session(server)) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def template_database(once: Once, postgres: EmbeddedPostgres) -> str:
    """A migrated database without rows, to copy: faster than migrating each."""

    def make() -> str:
        postgres.create_database("template_xgoals")
        engine = create_engine(postgres.url("template_xgoals"))
        upgrade_if_behind(engine)
        engine.dispose()
        return "template_xgoals"

    name: str = once("template_xgoals", make)
    return name


@pytest.fixture
def empty_database(
    postgres: EmbeddedPostgres,
    copy_database: Callable[[str, str], str],
    template_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Settings of a new ``XGOALS_HOME`` whose results go to a migrated database without rows."""
    name = _new_name()
    yield _settings_of(copy_database(template_database, name), tmp_path, monkeypatch)
    drop_database(postgres, name)


@pytest.fixture
def bare_database(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The same with a database that xgoals has never seen."""
    name = _new_name()
    postgres.create_database(name)
    yield _settings_of(postgres.url(name), tmp_path, monkeypatch)
    drop_database(postgres, name)


@pytest.fixture(scope="session")
def opens() -> Callable[[str], bool]:
    """``opens(url)``: whether the address lets somebody in."""

    def try_it(url: str) -> bool:
        try:
            psycopg2.connect(url.replace("+psycopg2", "")).close()
        except psycopg2.OperationalError:
            return False
        return True

    return try_it


def database_name(settings: Settings) -> str:
    """The name of the database to which the results go."""
    assert settings.database_url
    name = make_url(settings.database_url.get_secret_value()).database
    assert name
    return name


def default_settings(**given: object) -> Settings:
    """Settings of which only these were chosen, whatever the caller's or a test's variables say."""
    with pytest.MonkeyPatch.context() as patch:
        forget_settings(patch)
        return load_settings(**given)


def forget_settings(patch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's settings, neither his file nor his variables."""
    for name in [name for name in os.environ if name.startswith(("XGOALS_", "AIRFLOW_"))]:
        if name != "AIRFLOW_HOME":  # that of the tests
            patch.delenv(name)
    patch.setenv("XGOALS_CONFIG", os.devnull)
    # Forty small fits a champion: tests of reasons ask for them by name.
    patch.setenv("XGOALS_LIMITS__REASONS_MINUTES", "0")


def _session(server: EmbeddedPostgres) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(server.url("postgres").replace("+psycopg2", ""))
    connection.autocommit = True
    return connection


def _new_name() -> str:
    return f"test_{uuid.uuid4().hex[:12]}"


def _settings_of(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    monkeypatch.setenv("XGOALS_DATABASE_URL", url)
    return load_settings()
