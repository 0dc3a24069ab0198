"""Where the results live: the connection, and reading and writing in bulk."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.settings import Database, Settings
from xgoals.store.embedded_address import DATABASE_NAMES, left_address, postgres_folder
from xgoals.store.migrate import check_schema, has_schema

if TYPE_CHECKING:
    import pandas as pd


class RefusedError(StoreError):
    """Rows that the schema does not allow: a match with them cannot be stored, others can."""


def database_url(settings: Settings, database: Database) -> str:
    """The URL of the results database, password included; nothing is started or made for it.

    ``main`` is the user's own server where ``XGOALS_DATABASE_URL`` names one, else the embedded server;
    ``demo`` always lives in the embedded server, so that nothing simulated can meet real data.

    Raises
    ------
    SettingsError
        If the URL given is not a Postgres URL.
    StoreError
        If the database lives in the embedded server and that was never started.
    """
    if not is_embedded(settings, database):
        assert settings.database_url is not None  # noqa: S101  (else it would be embedded)
        return _with_driver(settings.database_url.get_secret_value())
    address = left_address(settings.home, settings.database_role)
    if address is None:
        raise StoreError(
            "the embedded Postgres was never started",
            where=str(postgres_folder(settings.home)),
            advice=_how_to_start(database),
        )
    return address.url(DATABASE_NAMES[database])


def is_embedded(settings: Settings, database: Database) -> bool:
    """Whether a results database lives in the embedded server, not in one of the user's own."""
    return database == "demo" or settings.database_url is None


def exists(settings: Settings, database: Database) -> bool:
    """Whether a results database is there, with its schema; nothing is started or made for the answer."""
    if not is_embedded(settings, database):
        return True
    if left_address(settings.home) is None:
        return False
    engine = _engine(settings, database, "xgoals")
    try:
        with engine.connect() as connection:
            return has_schema(connection)
    except OperationalError:
        return False
    finally:
        engine.dispose()


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


def connect(
    settings: Settings, database: Database, *, application: str = "xgoals", whatever_schema: bool = False
) -> Engine:
    """An engine for the results database, proven to answer, and with the schema that this code knows.

    No server is started, no database is made and no schema is changed: `xgoals.services` does that, at the entrances.

    Parameters
    ----------
    whatever_schema
        The schema does not matter: it may be missing, older or newer.

    Raises
    ------
    StoreError
        If the server does not run, does not answer or refuses the login, or the schema is another one; the message
        shows the address, not the password.
    """
    engine = _engine(settings, database, application)
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))
            if not whatever_schema:
                check_schema(connection)
    except OperationalError as error:
        raise _no_answer(settings, database, engine.url, error) from None
    except StoreError:
        engine.dispose()
        raise
    return engine


def _engine(settings: Settings, database: Database, application: str) -> Engine:
    session = "-c search_path=xgoals,public"
    if settings.database_role == "reader":
        session += " -c default_transaction_read_only=on"
    options = {"options": session, "application_name": application[:63]}
    if is_embedded(settings, database):
        # Another program may have the port by now: it gets no password in plain words, and is not waited for.
        options |= {"require_auth": "scram-sha-256", "connect_timeout": "20"}
    url = make_url(database_url(settings, database))
    return create_engine(url, connect_args=options, pool_pre_ping=True)


def _no_answer(settings: Settings, database: Database, url: URL, error: OperationalError) -> StoreError:
    reason = str(error.orig).strip()
    where = url.render_as_string(hide_password=True)
    if is_embedded(settings, database):
        return StoreError(
            f"the embedded Postgres does not answer: {reason}", where=where, advice=_how_to_start(database)
        )
    return StoreError(
        f"the results database does not answer: {reason}",
        where=where,
        advice="Check XGOALS_DATABASE_URL, and that the server runs and knows this user and database",
    )


def _how_to_start(database: Database) -> str:
    option = "" if database == "main" else f" --database {database}"
    return f"Start it: 'xgoals up', or 'xgoals db upgrade{option}' for the database alone"


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
