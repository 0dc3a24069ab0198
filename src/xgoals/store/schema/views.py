"""The analysts' views: in a schema of their own, replaced in place, so that what others build on them stays.

``sql/views`` has one file a view, each with ``create or replace view``. Columns may be added at the end; where anything
else changes, the view of before gets another name and goes on serving whoever depends on it.
"""

import hashlib
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.settings import asset_folder
from xgoals.store.schema.quoting import quoted, run_as_it_is

VIEW_SCHEMA = "xgoals_views"
OLD_NAMES = ("champion_shot", "dfl_yardstick", "shot_explanation_long", "strongest_partner", "team_match_xg")
"""Views that were found in schema ``xgoals`` until release 0.1; there they stay for one release, as thin views."""
_BEFORE = "_before_"


def views_hash() -> str:
    """Changes when a view does, or where views are."""
    content = b"".join(path.read_bytes() for path in _files())
    return hashlib.sha256(VIEW_SCHEMA.encode() + content).hexdigest()


def create_views(connection: Connection) -> list[str]:
    """Make or replace all views, and the thin ones under their old names; never takes anything of others with it.

    Returns
    -------
    list of str
        Which views of before stay, under which name, because somebody depends on them.

    Raises
    ------
    StoreError
        If the schema is not there and this role may not make it.
    """
    _make_schema(connection)
    suffix = _BEFORE + views_hash()[:6]
    connection.exec_driver_sql(f"set local search_path to {VIEW_SCHEMA}, xgoals, public")
    for path in _files():
        _replace(connection, VIEW_SCHEMA, path.stem, path.read_text(encoding="utf-8"), suffix)
    connection.exec_driver_sql("set local search_path to xgoals, public")
    for name in OLD_NAMES:
        thin = f"create or replace view xgoals.{name} as select * from {VIEW_SCHEMA}.{name}"  # noqa: S608
        _replace(connection, "xgoals", name, thin, suffix)
        connection.exec_driver_sql(f"comment on view xgoals.{name} is 'Moved: see {VIEW_SCHEMA}.{name}.'")
    return _drop_what_nobody_uses(connection)


def drop_views(connection: Connection) -> None:
    """Drop all of our views; those that others build on them are not taken along.

    Raises
    ------
    StoreError
        If somebody's view depends on one of ours.
    """
    left = _ours(connection)
    while left:
        still = [view for view in left if not _drop(connection, *view)]
        if len(still) == len(left):
            names = ", ".join(f"{schema}.{name}" for schema, name in still)
            raise StoreError(
                f"views of others depend on {names}",
                advice="Drop those first (psql: \\d+ shows them), or keep this version of the schema",
            )
        left = still
    if _is_there(connection):
        connection.exec_driver_sql(f"drop schema {VIEW_SCHEMA}")


def _files() -> list[Path]:
    """In the order of their names; a view that builds on another comes later in it."""
    return sorted((asset_folder("sql") / "views").glob("*.sql"))


def _is_there(connection: Connection) -> bool:
    return connection.scalar(text("select to_regnamespace(:name)"), {"name": VIEW_SCHEMA}) is not None


def _make_schema(connection: Connection) -> None:
    if _is_there(connection):
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"create schema {VIEW_SCHEMA}")
    except ProgrammingError as error:
        user = connection.engine.url.username
        raise StoreError(
            f"the schema {VIEW_SCHEMA} cannot be made ({str(error.orig).strip()})",
            where=shown(connection.engine.url),
            advice=f'As an administrator of the database: create schema {VIEW_SCHEMA} authorization "{user}"',
        ) from None
    connection.exec_driver_sql(
        f"comment on schema {VIEW_SCHEMA} is 'Views of the results, for analysts: the columns that are there stay.'"
    )


def _replace(connection: Connection, schema: str, name: str, definition: str, suffix: str) -> None:
    """Create or replace a view; where its columns do not allow it, put the one of before aside."""
    try:
        with connection.begin_nested():
            run_as_it_is(connection, definition)
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None) != "42P16":  # a column that is there would be lost or changed
            raise
        run_as_it_is(connection, f"alter view {quoted(schema, name)} rename to {quoted(name + suffix)}")
        run_as_it_is(connection, definition)
        for grant in grants_on(connection, schema, f"{name}{suffix}"):
            run_as_it_is(connection, grant.replace(quoted(name + suffix), quoted(name)))


def grants_on(connection: Connection, schema: str, name: str) -> list[str]:
    """The statements that grant others again what they may do with a table or view of ours, column by column too."""
    rows = connection.execute(
        text(
            """select a.privilege_type, a.is_grantable, null as of_column,
                      case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as who
               from pg_class c, lateral aclexplode(c.relacl) a
               where c.oid = to_regclass(:name) and a.grantee <> c.relowner
               union all
               select a.privilege_type, a.is_grantable, quote_ident(t.attname),
                      case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
               from pg_attribute t join pg_class c on c.oid = t.attrelid, lateral aclexplode(t.attacl) a
               where c.oid = to_regclass(:name) and not t.attisdropped and a.grantee <> c.relowner
               order by 4, 1, 3 nulls first"""
        ),
        {"name": quoted(schema, name)},
    )
    return [
        f"grant {row.privilege_type}{f' ({row.of_column})' if row.of_column else ''} on {quoted(schema, name)} "
        f"to {row.who}{' with grant option' if row.is_grantable else ''}"
        for row in rows
    ]


def _ours(connection: Connection) -> list[tuple[str, str]]:
    """Our views that are there: all of the views' schema, and those under their old names."""
    rows = connection.execute(
        text(
            """select schemaname, viewname from pg_views
               where schemaname = :schema or (schemaname = 'xgoals' and viewname = any(:names))
               order by schemaname, viewname"""
        ),
        {"schema": VIEW_SCHEMA, "names": list(OLD_NAMES)},
    )
    return [(row.schemaname, row.viewname) for row in rows]


def _drop_what_nobody_uses(connection: Connection) -> list[str]:
    """Views of before that nobody depends on go; those that somebody depends on are named."""
    known = {path.stem for path in _files()}
    rows = connection.execute(
        text(
            """select schemaname, viewname from pg_views
               where schemaname = :schema or (schemaname = 'xgoals' and strpos(viewname, :before) > 0)
               order by schemaname, viewname"""
        ),
        {"schema": VIEW_SCHEMA, "before": _BEFORE},
    ).all()
    outdated = [(row.schemaname, row.viewname) for row in rows if row.viewname not in known]
    # Twice: one of them may be all that depends on another.
    left = [view for view in outdated if not _drop(connection, *view)]
    left = [view for view in left if not _drop(connection, *view)]
    return [
        f"View {schema}.{name} is of an earlier release and stays, because others depend on it (psql: \\d+ shows them)"
        for schema, name in left
    ]


def _drop(connection: Connection, schema: str, name: str) -> bool:
    """Drop a view if nobody depends on it."""
    try:
        with connection.begin_nested():
            run_as_it_is(connection, f"drop view {quoted(schema, name)} restrict")
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != "2BP01":  # others depend on it
            raise
        return False
    return True
