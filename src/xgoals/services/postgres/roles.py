"""Roles and databases on a server of one's own: made where they are missing, passwords set as the addresses say."""

from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from xgoals.domain.errors import StoreError


def make_roles_and_databases(admin_url: str, addresses: list[str]) -> list[str]:
    """Make for every address its role and its database, owned by that role; one sentence for each.

    Parameters
    ----------
    admin_url
        Of a role that may create roles and databases.
    addresses
        The addresses to make valid, with user and password.

    Raises
    ------
    StoreError
        If the server does not answer or the role may not do it.
    """
    engine = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            return [_provision(connection, make_url(address)) for address in addresses]
    except OperationalError as error:
        raise StoreError(
            f"the server does not answer: {str(error.orig).strip()}",
            where=make_url(admin_url).render_as_string(hide_password=True),
        ) from None
    finally:
        engine.dispose()


def _provision(connection: Connection, url: URL) -> str:
    role, database = str(url.username), str(url.database)
    exists = connection.scalar(text("select exists (select from pg_roles where rolname = :r)"), {"r": role})
    verb = "alter" if exists else "create"
    # createdb: the weekly check restores a backup into a scratch database.
    statement = f"{verb} role {{}} login createdb password {{}}"
    _run(connection, statement, sql.Identifier(role), sql.Literal(str(url.password)))
    if connection.scalar(text("select exists (select from pg_database where datname = :d)"), {"d": database}):
        return f"database {database} of role {role} is there"
    _run(connection, "create database {} owner {}", sql.Identifier(database), sql.Identifier(role))
    return f"database {database} of role {role} created"


def _run(connection: Connection, statement: str, *parts: sql.Composable) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor:
        cursor.execute(sql.SQL(statement).format(*parts))
