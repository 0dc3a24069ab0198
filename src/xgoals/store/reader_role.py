"""Who only reads: the group role ``xgoals_reader``, which may see all tables and views, those of later releases too.

grant xgoals_reader to somebody;
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from xgoals.store.views import VIEW_SCHEMA

READER_ROLE = "xgoals_reader"
_SCHEMAS = f"xgoals, {VIEW_SCHEMA}"
MAKE_ROLE = f"create role {READER_ROLE} nologin"


def grant_to_reader(connection: Connection) -> list[str]:
    """Make the role where it is missing, and let it read; what a person has to run where this role may not.

    Returns
    -------
    list of str
        Sentences with SQL; empty where all is well.
    """
    if not _has_role(connection) and not _try(connection, MAKE_ROLE):
        needed = f"As an administrator: {MAKE_ROLE}; then again: xgoals db upgrade"
        return [f"The role {READER_ROLE}, for those who only read, cannot be made by this user. {needed}"]
    statements = [
        f"grant usage on schema {_SCHEMAS} to {READER_ROLE}",
        f"grant select on all tables in schema {_SCHEMAS} to {READER_ROLE}",
        f"alter default privileges in schema {_SCHEMAS} grant select on tables to {READER_ROLE}",
    ]
    refused = [statement for statement in statements if not _try(connection, statement)]
    return (
        [f"This user may not let {READER_ROLE} read. As an administrator: {'; '.join(refused)}"]
        if refused
        else []
    )


def _has_role(connection: Connection) -> bool:
    query = text("select exists (select from pg_roles where rolname = :name)")
    return bool(connection.scalar(query, {"name": READER_ROLE}))


def _try(connection: Connection, statement: str) -> bool:
    """Run it if this user may; roles belong to the server, so another database's upgrade may make one meanwhile."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", None)
        if code in ("42710", "23505"):  # it is there by now
            return True
        if code != "42501":  # not that this user may not
            raise
        return False
    return True
