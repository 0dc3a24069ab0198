"""Roles and databases on a server of one's own: made where they are missing, passwords set as the addresses say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.store.schema.group_roles import READER_ROLE, WRITER_ROLE


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who is to get in.

    Attributes
    ----------
    address
        With user, password and database.
    member_of
        The group role that gives the rights; without one, the database is this role's own.
    may_create_databases
        For whoever proves a backup in a database of its own.
    """

    address: str
    member_of: str | None = None
    may_create_databases: bool = False

    @property
    def url(self) -> URL:
        """The address in parts."""
        return make_url(self.address)


def make_roles_and_databases(admin_url: str, logins: Sequence[Login]) -> list[str]:
    """Make every role, and the databases of those that own one; one sentence for each.

    Parameters
    ----------
    admin_url
        Of a role that may create roles and databases.
    logins
        The addresses to make valid.

    Raises
    ------
    StoreError
        If the server does not answer or the role may not do it.
    """
    engine = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for group in (READER_ROLE, WRITER_ROLE):
                if not _has_role(connection, group):
                    _run(connection, "create role {} nologin", sql.Identifier(group))
            owners = {login.url.database: str(login.url.username) for login in logins if not login.member_of}
            return [_provision(connection, login, owners.get(login.url.database)) for login in logins]
    except OperationalError as error:
        raise StoreError(
            f"the server does not answer: {str(error.orig).strip()}",
            where=shown(make_url(admin_url)),
        ) from None
    finally:
        engine.dispose()


def _provision(connection: Connection, login: Login, owner: str | None) -> str:
    role, database = str(login.url.username), str(login.url.database)
    verb = "alter" if _has_role(connection, role) else "create"
    right = "createdb" if login.may_create_databases else "nocreatedb"
    statement = f"{verb} role {{}} login {right} password {{}}"
    _run(connection, statement, sql.Identifier(role), sql.Literal(str(login.url.password)))
    if login.member_of:
        _run(connection, "grant {} to {}", sql.Identifier(login.member_of), sql.Identifier(role))
        if owner and owner != role:  # what a task makes for itself (searches) the owner may clean away
            _run(connection, "grant {} to {}", sql.Identifier(role), sql.Identifier(owner))
        return f"role {role} is a member of {login.member_of}"
    if connection.scalar(text("select exists (select from pg_database where datname = :d)"), {"d": database}):
        return f"database {database} of role {role} is there"
    _run(connection, "create database {} owner {}", sql.Identifier(database), sql.Identifier(role))
    return f"database {database} of role {role} created"


def _has_role(connection: Connection, role: str) -> bool:
    query = text("select exists (select from pg_roles where rolname = :r)")
    return bool(connection.scalar(query, {"r": role}))


def _run(connection: Connection, statement: str, *parts: sql.Composable) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor:
        cursor.execute(sql.SQL(statement).format(*parts))
