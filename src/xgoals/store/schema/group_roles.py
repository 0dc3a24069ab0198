"""Who may do what with the results: two group roles beside their owner, who alone changes the schema.

``xgoals_reader`` sees all tables and views, those of later releases too: for analysts, dashboards and the API server.
``xgoals_writer`` writes them as well: for the tasks. Neither can log in; who can is made a member:

    grant xgoals_reader to somebody;
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from xgoals.store.schema.views import VIEW_SCHEMA

READER_ROLE, WRITER_ROLE = "xgoals_reader", "xgoals_writer"
_MAINTAIN_SINCE = 170_000  # Postgres 17: who writes in bulk tells the planner


def grant_rights(connection: Connection) -> list[str]:
    """Make the roles where they are missing, and give them their rights; what a person has to run for it, if any.

    Returns
    -------
    list of str
        Sentences with SQL; empty where all is well.
    """
    notes = []
    for role, rights in ((READER_ROLE, _reading), (WRITER_ROLE, _writing)):
        make = f"create role {role} nologin"
        if not _has_role(connection, role) and not _try(connection, make):
            needed = f"As an administrator: {make}; then again: xgoals db upgrade"
            notes.append(
                f"The role {role}, which others are made members of, cannot be made by this user. {needed}"
            )
            continue
        refused = [right for right in rights(connection, role) if not _try(connection, right)]
        if refused:
            notes.append(
                f"This user may not give {role} its rights. As an administrator: {'; '.join(refused)}"
            )
    return notes


def _reading(_: Connection, role: str) -> Iterator[str]:
    schemas = f"xgoals, {VIEW_SCHEMA}"
    yield f"grant usage on schema {schemas} to {role}"
    yield f"grant select on all tables in schema {schemas} to {role}"
    yield f"alter default privileges in schema {schemas} grant select on tables to {role}"
    yield f"grant select on public.xgoals_schema_version to {role}"


def _writing(connection: Connection, role: str) -> Iterator[str]:
    version = int(connection.scalar(text("select current_setting('server_version_num')")) or 0)
    rights = "select, insert, update, delete" + (", maintain" if version >= _MAINTAIN_SINCE else "")
    yield from _reading(connection, role)
    yield f"grant {rights} on all tables in schema xgoals to {role}"
    yield f"alter default privileges in schema xgoals grant {rights} on tables to {role}"
    yield f"grant usage, select on all sequences in schema xgoals to {role}"
    yield f"alter default privileges in schema xgoals grant usage, select on sequences to {role}"
    if connection.scalar(text("select to_regnamespace('optuna')")) is None:
        return
    # Searches for parameters keep their own tables, which Optuna makes.
    yield f"grant usage, create on schema optuna to {role}"
    yield f"grant all on all tables in schema optuna to {role}"
    yield f"grant all on all sequences in schema optuna to {role}"
    yield f"alter default privileges in schema optuna grant all on tables to {role}"
    yield f"alter default privileges in schema optuna grant all on sequences to {role}"


def _has_role(connection: Connection, role: str) -> bool:
    query = text("select exists (select from pg_roles where rolname = :name)")
    return bool(connection.scalar(query, {"name": role}))


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
