"""Whether a database answers as it should, where it does, and what is said where it does not."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.settings import Database, Settings
from xgoals.store.embedded_address import left_address
from xgoals.store.outages import outage_of


def check_encoding(connection: Connection) -> None:
    """Names come in all alphabets: a database that cannot hold them is refused before the first one is lost.

    Raises
    ------
    StoreError
        If its encoding is not UTF-8.
    """
    encoding = connection.connection.dbapi_connection.info.parameter_status("server_encoding")  # type: ignore[union-attr]
    if encoding != "UTF8":
        raise StoreError(
            f"the database's encoding is {encoding}, which does not hold all names",
            where=shown(connection.engine.url),
            advice="Make one that does: create database ... encoding 'UTF8' template template0; what is in this one"
            " comes along by xgoals backup (of the release that wrote it) and xgoals restore",
        )


def where_it_is_now(
    settings: Settings, _dialect: object, _record: object, _given: object, parameters: dict[str, Any]
) -> None:
    """The embedded server may have been started again at another port, or have another password."""
    if (address := left_address(settings.home, settings.database_role)) is not None:
        url = make_url(address.url(parameters["dbname"]))
        parameters |= {"host": url.host, "port": url.port, "user": url.username, "password": url.password}


def no_answer(
    settings: Settings, database: Database, url: URL, error: DBAPIError, *, embedded: bool
) -> StoreError:
    """Why a database is not to be had, and what to do."""
    where = shown(url)
    if getattr(error.orig, "pgcode", None) is not None and (outage := outage_of(error)):
        return type(outage)(outage.what, where=where, advice=outage.advice)  # it answers, and may not do it
    reason = str(error.orig).strip()
    if embedded:
        return StoreError(
            f"the embedded Postgres does not answer: {reason}", where=where, advice=how_to_start(database)
        )
    return StoreError(
        f"the results database does not answer: {reason}",
        where=where,
        advice=f"Check {_given_by(settings)}, and that the server runs, knows this user and database, and has a"
        " connection left",
    )


def _given_by(settings: Settings) -> str:
    conn_id = settings.database_conn_id
    return f"Airflow's connection '{conn_id}'" if conn_id else "XGOALS_DATABASE_URL"


def how_to_start(database: Database) -> str:
    """What to do where the embedded server does not run."""
    option = "" if database == "main" else f" --database {database}"
    return f"Start it: 'xgoals up', or 'xgoals db upgrade{option}' for the database alone"
