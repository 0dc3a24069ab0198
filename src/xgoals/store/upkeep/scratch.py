"""A database for a while, beside the results; what a killed process has left of one is removed first."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.store.outages import prepare_sessions
from xgoals.store.schema.quoting import quoted, run_as_it_is
from xgoals.store.schema.sql_files import functions

_LOCK = 0x78676373  # one check at a time in a database
_MARK = "_restore_check_"
_MAX_NAME = 63


@contextmanager
def scratch_database(engine: Engine, maker_url: str | None = None) -> Iterator[Engine]:
    """An empty database with a schema ``xgoals`` on the same server, which is gone afterwards.

    Parameters
    ----------
    maker_url
        Of a role that may create databases; by default the engine's own.

    Raises
    ------
    StoreError
        If the role may not create one, there is no room for it, or another check is under way.
    """
    url = make_url(maker_url).set(database=engine.url.database) if maker_url else engine.url
    prefix = f"{str(engine.url.database)[: _MAX_NAME - len(_MARK) - 8]}{_MARK}"
    name = prefix + secrets.token_hex(4)
    maker = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    prepare_sessions(maker)
    try:
        with maker.connect() as connection:
            if not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _LOCK}):
                raise StoreError(
                    "another check of a backup is under way here", advice="Wait until it is over"
                )
            _drop_left_over(connection, prefix)
            _create(connection, name)
            try:
                yield from _within(maker, name)
            finally:
                run_as_it_is(connection, f"drop database if exists {quoted(name)} with (force)")
    except OperationalError as error:
        raise StoreError(
            f"the server does not answer, or refuses this: {str(error.orig).strip().splitlines()[0]}",
            where=shown(url),
        ) from None
    finally:
        maker.dispose()


def _within(maker: Engine, name: str) -> Iterator[Engine]:
    scratch = create_engine(maker.url.set(database=name), poolclass=NullPool)
    prepare_sessions(scratch)
    with scratch.begin() as connection:
        connection.exec_driver_sql("create schema xgoals")
        run_as_it_is(connection, functions())
    yield scratch
    scratch.dispose()


def _drop_left_over(connection: Connection, prefix: str) -> None:
    """Whoever made them holds the lock no longer: nobody works in them."""
    query = text("select datname from pg_database where left(datname, length(:prefix)) = :prefix")
    for name in connection.scalars(query, {"prefix": prefix}).all():
        run_as_it_is(connection, f"drop database if exists {quoted(name)} with (force)")


def _create(connection: Connection, name: str) -> None:
    try:
        run_as_it_is(connection, f"create database {quoted(name)} template template0")
    except DBAPIError as error:
        may_not = getattr(error.orig, "pgcode", None) == "42501"
        raise StoreError(
            f"no scratch database could be made ({str(error.orig).strip().splitlines()[0]})",
            where=shown(connection.engine.url),
            advice="The check needs the right CREATEDB: alter role ... createdb, or set backup_check_url"
            if may_not
            else "See the server's log; the check needs as much room again as the results take",
        ) from None
