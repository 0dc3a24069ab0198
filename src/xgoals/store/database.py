"""Where the results live: the connection, and reading and writing in bulk."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from xgoals.domain.errors import StoreError
from xgoals.domain.text import storable
from xgoals.settings import Database, Settings
from xgoals.store.arrivals.home_paths import HOME
from xgoals.store.embedded_address import DATABASE_NAMES, left_address, postgres_folder, with_driver
from xgoals.store.migrate import check_schema, has_schema
from xgoals.store.outages import NOTICES_LOSS, outage_of, prepare_sessions
from xgoals.store.sessions.answers import check_encoding, how_to_start, no_answer, where_it_is_now
from xgoals.store.sessions.silence import WatchedConnection

if TYPE_CHECKING:
    import pandas as pd

_COPIED_AT_ONCE = 10_000
"""Rows of one COPY: some megabytes of text."""


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
        If the database lives in the embedded server and that was never started, or behind a connection of Airflow's
        that was not to be had.
    """
    if not is_embedded(settings, database):
        if settings.database_url is None:  # the entrances ask, and who cannot goes on without
            raise StoreError(
                f"Airflow's connection '{settings.database_conn_id}' to the results was not to be had",
                where="database_conn_id",
                advice="See that Airflow has it, of type postgres",
            )
        return with_driver(settings.database_url.get_secret_value())
    address = left_address(settings.home, settings.database_role)
    if address is None:
        raise StoreError(
            "the embedded Postgres was never started",
            where=str(postgres_folder(settings.home)),
            advice=how_to_start(database),
        )
    return address.url(DATABASE_NAMES[database])


def is_embedded(settings: Settings, database: Database) -> bool:
    """Whether a results database lives in the embedded server, not in one of the user's own."""
    return database == "demo" or (settings.database_url is None and settings.database_conn_id is None)


def exists(settings: Settings, database: Database) -> bool:
    """Whether a results database is there, with its schema; nothing is started or made for the answer.

    Where the server of the results does not answer it is said to be there: who connects is told that it is away.
    """
    if not is_embedded(settings, database):
        return True
    if left_address(settings.home) is None:
        return False
    engine = _engine(settings, database, "xgoals")
    try:
        with engine.connect() as connection:
            return has_schema(connection)
    except OperationalError as error:
        # The demo's server may rest where the results live in one of the user's own.
        return is_embedded(settings, "main") and "does not exist" not in str(error.orig)
    finally:
        engine.dispose()


def connect(
    settings: Settings,
    database: Database,
    *,
    application: str = "xgoals",
    whatever_schema: bool = False,
    statement_timeout_s: float | None = None,
) -> Engine:
    """An engine for the results database, proven to answer, and with the schema that this code knows.

    No server is started, no database is made and no schema is changed: `xgoals.services` does that, at the entrances.

    Parameters
    ----------
    application
        What others are told who look who is connected.
    whatever_schema
        The schema does not matter: it may be missing, older or newer.
    statement_timeout_s
        After how long the server gives a statement up; by default it may take as long as it takes.

    Raises
    ------
    StoreError
        If the server does not run, does not answer or refuses the login, or the schema is another one, or the
        database's encoding is not UTF-8; the message shows the address, not the password.
    """
    engine = _engine(settings, database, application, statement_timeout_s)
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))
            check_encoding(connection)
            if not whatever_schema:
                check_schema(connection)
    except DBAPIError as error:
        engine.dispose()
        raise no_answer(
            settings, database, engine.url, error, embedded=is_embedded(settings, database)
        ) from None
    except StoreError:
        engine.dispose()
        raise
    return engine


def _engine(
    settings: Settings, database: Database, application: str, statement_timeout_s: float | None = None
) -> Engine:
    url = make_url(database_url(settings, database))
    own = {name: value for name, value in NOTICES_LOSS.items() if name not in url.query}
    options: dict[str, Any] = {
        **own,
        "application_name": application[:63],
        "connection_factory": WatchedConnection,
    }
    if is_embedded(settings, database):
        # Another program may have the port by now: it gets no password in plain words.
        options |= {"require_auth": "scram-sha-256"}
    engine = create_engine(
        url, connect_args=options, pool_pre_ping=True, execution_options={HOME: str(settings.home)}
    )
    if is_embedded(settings, database):
        event.listen(engine, "do_connect", partial(where_it_is_now, settings))
    event.listen(engine, "before_cursor_execute", _with_storable_parameters, retval=True)
    prepare_sessions(
        engine,
        lock_timeout=settings.limits.wait,
        statement_timeout_s=statement_timeout_s,
        is_read_only=settings.database_role == "reader",
    )
    return engine


def _with_storable_parameters(
    _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool
) -> tuple[str, Any]:
    """Whatever a feed or a file system has put into a text: no statement fails for it."""
    return statement, _storable(parameters)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_storable, value))
    return value


def is_outage(error: BaseException) -> bool:
    """Whether an error says that the database is away or overtaxed, and so nothing about the rows at hand."""
    if isinstance(error, StoreError):
        return not isinstance(error, RefusedError)
    return outage_of(error) is not None


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
    with bulk_cursor(connection) as cursor:
        return list(execute_values(cursor, statement, values_lists, page_size=500, fetch=True) or ())


def failing_value(
    connection: Connection, table: str, columns: Sequence[str], row: Sequence[object]
) -> tuple[str, object] | None:
    """The first column and value of a row that the column's type cannot hold; None where each can be held."""
    query = """select attname, format_type(atttypid, atttypmod) as type from pg_attribute
               where attrelid = to_regclass(:table) and attnum > 0 and not attisdropped"""
    types = {found.attname: found.type for found in connection.execute(text(query), {"table": table})}
    for column, value in zip(columns, row, strict=True):
        try:
            with connection.begin_nested(), bulk_cursor(connection) as cursor:
                cursor.execute(f"select cast(%s as {types[column]})", (_plain(value),))
        except RefusedError:
            return column, value
    return None


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append rows with COPY: the fastest way in. None becomes null, sequences of numbers become arrays.

    Rows are taken block by block: whoever hands in a generator never holds all of them, and neither does this.
    """
    statement = f"copy {table} ({', '.join(columns)}) from stdin"
    left = iter(rows)
    with bulk_cursor(connection) as cursor:
        while block := list(islice(left, _COPIED_AT_ONCE)):
            lines = ("\t".join(map(_copy_field, row)) + "\n" for row in block)
            cursor.copy_expert(statement, io.StringIO("".join(lines)))


def analyse(connection: Connection, *tables: str) -> None:
    """Tell the planner what was just written in bulk: without it, it joins tens of thousands one by one."""
    connection.exec_driver_sql(f"analyze {', '.join(tables)}")


def read_frame(
    connection: Connection, query: str, parameters: Mapping[str, Any] | None = None
) -> "pd.DataFrame":
    """A query's rows as a DataFrame; nulls of numeric columns become NaN."""
    import pandas as pd

    try:
        return pd.read_sql_query(text(query), connection, params=dict(parameters or {}))
    except pd.errors.DatabaseError as error:
        raise (
            error.__cause__ or error
        ) from None  # pandas hides what the server has said, and whether it is away


def copy_frame(connection: Connection, query: str) -> "pd.DataFrame":
    """A query's rows as a DataFrame by COPY: several times faster where there are hundreds of thousands."""
    import pandas as pd

    buffer = io.BytesIO()
    with bulk_cursor(connection) as cursor:
        cursor.copy_expert(f"copy ({query}) to stdout with (format csv, header)", buffer)
    buffer.seek(0)
    return pd.read_csv(buffer, true_values=["t"], false_values=["f"])


@contextmanager
def bulk_cursor(connection: Connection) -> Iterator[Any]:
    """A psycopg2 cursor inside the connection's transaction.

    Raises
    ------
    RefusedError
        If a row is not what the schema allows.
    sqlalchemy.exc.OperationalError
        If the server does not answer any more, or may not or cannot do it, as for statements that SQLAlchemy hands
        over.
    """
    raw = connection.connection.cursor()
    try:
        yield raw
    except (psycopg2.IntegrityError, psycopg2.DataError) as error:
        raise RefusedError(
            f"the database refuses it: {_refusal(error)}",
            advice="Look at the value in the feed's file, and report it if it is right",
        ) from error
    except psycopg2.Error as error:
        if outage_of(error) is None:
            raise
        is_cut = bool(connection.connection.dbapi_connection.closed)  # type: ignore[union-attr]
        raise OperationalError("rows in bulk", None, error, connection_invalidated=is_cut) from error
    finally:
        with suppress(psycopg2.Error):
            raw.close()


def _refusal(error: psycopg2.Error) -> str:
    """What the server says, with the row or key that it is about, which it tells apart from that."""
    told = (error.diag.message_primary or str(error).partition("\n")[0], error.diag.message_detail)
    return ". ".join(part.rstrip(".") for part in told if part)


def as_json(value: object) -> str:
    """JSON for a jsonb column; dates and paths as text, NaN (which JSON lacks) as null, what no text holds left out."""
    dumped = _dumped(value)
    if dumped is None or "\\u0000" in dumped:
        dumped = _dumped(_storable(_plain_json(value)))
    return dumped or "null"


def _dumped(value: object) -> str | None:
    """None where halves of surrogate pairs, or whole numbers beyond 64 bits, need another way."""
    import orjson

    try:
        return orjson.dumps(
            value, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
        ).decode()
    except orjson.JSONEncodeError:
        return None


def _plain_json(value: object) -> object:
    """The same value with storable keys and numbers that fit."""
    if isinstance(value, Mapping):
        return {storable(str(key)): _plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain_json(item) for item in value]
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(value) if abs(value) < 1e300 else str(value)
    return storable(str(value)) if isinstance(value, PurePath) else value


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return as_json(value)
    return storable(value) if isinstance(value, str) else value


_COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _copy_field(value: object) -> str:
    """A value in the text format of COPY, in which null and an empty text are two things."""
    if value is None:
        return r"\N"
    if isinstance(value, dict):
        value = as_json(value)
    elif hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        value = "{" + ",".join(map(repr, value)) + "}"
    return storable(value).translate(_COPY_ESCAPES) if isinstance(value, str) else str(value)
