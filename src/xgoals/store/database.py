"""Where the results live: the connection, bulk reading and writing, and the lock that lets one run write."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Database, Settings

if TYPE_CHECKING:
    import pandas as pd


class RefusedError(StoreError):
    """Rows that the schema does not allow: a match with them cannot be stored, others can."""


EMBEDDED_NAMES: Mapping[Database, str] = {"main": "xgoals", "demo": "xgoals_demo"}
_WRITERS_LOCK = 0x78676F616C73  # "xgoals" in ASCII: the key of the advisory lock
_SEARCHERS_LOCK = _WRITERS_LOCK + 1
_POLL_S = 0.5


def database_url(settings: Settings, database: Database) -> str:
    """The URL of the results database, password included.

    ``main`` is the user's own server where ``XGOALS_DATABASE_URL`` names one, else the embedded server;
    ``demo`` always lives in the embedded server, so that nothing simulated can meet real data.

    Raises
    ------
    SettingsError
        If the URL given is not a Postgres URL.
    """
    if database == "main" and settings.database_url is not None:
        return _with_driver(settings.database_url.get_secret_value())
    server = EmbeddedPostgres(settings.home)
    server.ensure_started()
    server.create_database(EMBEDDED_NAMES[database])
    return server.url(EMBEDDED_NAMES[database])


def exists(settings: Settings, database: Database) -> bool:
    """Whether a results database is there; neither it nor its server is started or made for the answer."""
    if database == "main" and settings.database_url is not None:
        return True
    server = EmbeddedPostgres(settings.home)
    return server.runs() and server.has_database(EMBEDDED_NAMES[database])


def _with_driver(given: str) -> str:
    try:
        url = make_url(given)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingsError(
            "not a Postgres URL",
            where="XGOALS_DATABASE_URL",
            advice="Write it as postgresql://user:password@host:5432/database",
        )
    # SQLAlchemy 2.1 reads a bare postgresql:// as psycopg 3; we ship psycopg2.
    return url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def connect(settings: Settings, database: Database, *, application: str = "xgoals") -> Engine:
    """An engine for the results database, proven to answer; its schema is brought up to date first.

    Raises
    ------
    StoreError
        If the server does not answer or refuses the login; the message shows the address, not the password.
    """
    from xgoals.store.migrate import upgrade_if_behind

    url = make_url(database_url(settings, database))
    engine = create_engine(
        url,
        connect_args={"options": "-c search_path=xgoals,public", "application_name": application[:63]},
        pool_pre_ping=True,
    )
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))
    except OperationalError as error:
        raise StoreError(
            f"the results database does not answer: {str(error.orig).strip()}",
            where=url.render_as_string(hide_password=True),
            advice="Check XGOALS_DATABASE_URL, and that the server runs and knows this user and database",
        ) from None
    upgrade_if_behind(engine)
    return engine


@contextmanager
def one_writer(
    engine: Engine, who: str, tell: Callable[[str], None], *, shared: bool = False
) -> Iterator[None]:
    """Let one step at a time write; whoever waits is told for whom.

    Parameters
    ----------
    who
        What the others are told while they wait.
    tell
        Receives one sentence, once, if it has to wait.
    shared
        Whether others that say the same of themselves may write at the same time: they write other matches.
    """
    suffix = "_shared" if shared else ""
    with _holding(engine, _WRITERS_LOCK, who, "is writing to this database", tell, suffix=suffix):
        yield


@contextmanager
def one_searcher(engine: Engine, who: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Let one search for parameters go on at a time, beside any writer: two would take each other's trials away.

    Parameters
    ----------
    who, tell
        As in :func:`one_writer`.
    """
    with _holding(engine, _SEARCHERS_LOCK, who, "is searching in this database", tell):
        yield


@contextmanager
def _holding(
    engine: Engine, key: int, who: str, what: str, tell: Callable[[str], None], *, suffix: str = ""
) -> Iterator[None]:
    attempt = text(f"select pg_try_advisory_lock{suffix}(:key)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select set_config('application_name', :who, false)"), {"who": who[:63]})
        told = False
        while not connection.scalar(attempt, {"key": key}):
            if not told:
                tell(f"waiting: {_holder(connection, key) or 'another run'} {what}")
                told = True
            time.sleep(_POLL_S)
        try:
            yield
        finally:
            connection.execute(text(f"select pg_advisory_unlock{suffix}(:key)"), {"key": key})


def _holder(connection: Connection, key: int) -> str | None:
    query = text(
        """select a.application_name from pg_locks l join pg_stat_activity a using (pid)
           where l.locktype = 'advisory' and l.granted
             and (l.classid::bigint << 32) | l.objid::bigint = :key
             and l.database = (select oid from pg_database where datname = current_database())
           limit 1"""
    )
    holder: str | None = connection.scalar(query, {"key": key})
    return holder


def upsert(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    key: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    keep_known: Sequence[str] = (),
    overwrite: bool = True,
) -> list[tuple[Any, ...]]:
    """Insert rows, or bring the known ones up to date; rows that would not change are not touched.

    Parameters
    ----------
    key
        The columns of the primary key.
    overwrite
        Whether known rows are brought up to date, or left as they are.
    keep_known
        Columns whose known value is kept where the new one is null.

    Returns
    -------
    list of tuple
        The keys of the rows that were written.
    """
    values = [c for c in columns if c not in key] if overwrite else []
    new = {c: f"coalesce(excluded.{c}, {table}.{c})" if c in keep_known else f"excluded.{c}" for c in values}
    action = "nothing"
    if values:
        sets = ", ".join(f"{c} = {new[c]}" for c in values)
        old_row = ", ".join(f"{table}.{c}" for c in values)
        new_row = ", ".join(new[c] for c in values)
        action = f"update set {sets} where ({old_row}) is distinct from ({new_row})"
    statement = (
        f"insert into {table} ({', '.join(columns)}) values %s on conflict ({', '.join(key)}) do {action}"  # noqa: S608
        f" returning {', '.join(key)}"
    )
    values_lists = [tuple(map(_plain, row)) for row in rows]
    with _cursor(connection) as cursor:
        return list(execute_values(cursor, statement, values_lists, page_size=500, fetch=True) or ())


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append rows with COPY: the fastest way in. None becomes null, sequences of numbers become arrays."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_csv_field(value) for value in row])
    buffer.seek(0)
    with _cursor(connection) as cursor:
        cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin with (format csv)", buffer)


def analyse(connection: Connection, *tables: str) -> None:
    """Tell the planner what was just written in bulk: without it, it joins tens of thousands one by one."""
    connection.exec_driver_sql(f"analyze {', '.join(tables)}")


def read_frame(
    connection: Connection, query: str, parameters: Mapping[str, Any] | None = None
) -> "pd.DataFrame":
    """A query's rows as a DataFrame; nulls of numeric columns become NaN."""
    import pandas as pd

    return pd.read_sql_query(text(query), connection, params=dict(parameters or {}))


def copy_frame(connection: Connection, query: str) -> "pd.DataFrame":
    """A query's rows as a DataFrame by COPY: several times faster where there are hundreds of thousands."""
    import pandas as pd

    buffer = io.BytesIO()
    with _cursor(connection) as cursor:
        cursor.copy_expert(f"copy ({query}) to stdout with (format csv, header)", buffer)
    buffer.seek(0)
    return pd.read_csv(buffer, true_values=["t"], false_values=["f"])


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    """A psycopg2 cursor inside the connection's transaction.

    Raises
    ------
    RefusedError
        If a row is not what the schema allows.
    """
    raw = connection.connection.cursor()
    try:
        yield raw
    except (psycopg2.IntegrityError, psycopg2.DataError) as error:
        raise RefusedError(
            f"the database refuses it: {str(error).splitlines()[0]}",
            advice="Look at the value in the feed's file, and report it if it is right",
        ) from error
    finally:
        raw.close()


def as_json(value: object) -> str:
    """JSON for a jsonb column; dates and paths as text, NaN (which JSON lacks) as null."""
    import orjson

    return orjson.dumps(
        value, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    ).decode()


def _plain(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value


def _csv_field(value: object) -> object:
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        return "{" + ",".join(map(repr, items)) + "}" if isinstance(items, list | tuple) else items
    return value
