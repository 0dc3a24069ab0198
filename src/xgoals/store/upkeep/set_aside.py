"""What others have built on our tables and views, kept through a restore: their views, and who may read what.

A restore replaces tables, and with a table goes whatever depends on it. So the statements that make it again are
written down first, in a table of their own beside the schema, and run when the tables are back: by the restore itself,
or, if that was killed in between, by the next upgrade.
"""

from collections.abc import Iterator, Sequence

from psycopg2 import errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from xgoals.store.schema.quoting import quoted, run_as_it_is
from xgoals.store.schema.views import OLD_NAMES, VIEW_SCHEMA, grants_on

_TABLE = "public.xgoals_set_aside"

# Everything that rests on something in our schemas, and what rests on that: the later ones deeper.
_DEPENDENTS = """
    with recursive ours as (
        select oid from pg_class where relkind in ('r', 'p', 'v', 'm')
          and relnamespace in (select oid from pg_namespace where nspname in ('xgoals', :view_schema))),
    uses as (
        select distinct d.refobjid as used, r.ev_class as user_of_it
        from pg_depend d join pg_rewrite r on r.oid = d.objid
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
          and r.ev_class <> d.refobjid),
    found(oid, depth) as (
        select user_of_it, 1 from uses where used in (select oid from ours)
        union
        select u.user_of_it, f.depth + 1 from found f join uses u on u.used = f.oid)
    select n.nspname as schema_name, c.relname as name, c.relkind, pg_get_viewdef(c.oid) as definition,
           pg_get_userbyid(c.relowner) as owner, c.relowner = (select oid from pg_roles where rolname = current_user)
               as is_own, obj_description(c.oid, 'pg_class') as comment, c.reloptions, max(f.depth) as depth
    from found f join pg_class c on c.oid = f.oid join pg_namespace n on n.oid = c.relnamespace
    where not (n.nspname = :view_schema or (n.nspname = 'xgoals' and c.relname = any(:old_names)))
    group by c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.reloptions
    order by depth, schema_name, name"""


def set_aside(connection: Connection) -> int:
    """Write down what makes the objects and rights of others again; how many statements.

    What a killed restore has written down stays, and comes first: it may have taken those objects away already.
    """
    connection.exec_driver_sql("set local search_path to ''")  # so that definitions name every schema
    statements = list(dict.fromkeys([*waiting(connection), *_dependents(connection), *_rights(connection)]))
    wait_for(connection, statements)
    return len(statements)


def waiting(connection: Connection) -> Sequence[str]:
    """What waits to be put back, in its order."""
    if not is_anything(connection):
        return []
    return connection.scalars(text(f"select statement from {_TABLE} order by n")).all()  # noqa: S608


def wait_for(connection: Connection, statements: Sequence[str]) -> None:
    """Let these and no others wait to be put back."""
    forget(connection)
    if not statements:
        return
    connection.exec_driver_sql(f"create table {_TABLE} (n integer, statement text not null)")
    for n, statement in enumerate(statements):
        connection.execute(
            text(f"insert into {_TABLE} values (:n, :statement)"),  # noqa: S608
            {"n": n, "statement": statement},
        )


def is_anything(connection: Connection) -> bool:
    """Whether something waits to be put back."""
    return connection.scalar(text("select to_regclass(:name)"), {"name": _TABLE}) is not None


def forget(connection: Connection) -> None:
    """Nothing waits any more."""
    connection.exec_driver_sql(f"drop table if exists {_TABLE}")


def put_back(connection: Connection) -> list[str]:
    """Run what was written down; what cannot be made again, with its SQL, and why."""
    if not is_anything(connection):
        return []
    statements = waiting(connection)
    connection.exec_driver_sql("set local search_path to ''")
    refused = []
    for statement in statements:
        try:
            with connection.begin_nested():
                run_as_it_is(connection, statement)
        except DBAPIError as error:
            if isinstance(
                error.orig, errors.LockNotAvailable
            ):  # who holds it is waited for, and all begins again
                raise
            reason = str(error.orig).strip().splitlines()[0]
            refused.append(f"An object of others could not be put back ({reason}): {statement}")
    connection.exec_driver_sql("set local search_path to xgoals, public")
    forget(connection)
    return refused


def _dependents(connection: Connection) -> Iterator[str]:
    names = {"view_schema": VIEW_SCHEMA, "old_names": list(OLD_NAMES)}
    for view in connection.execute(text(_DEPENDENTS), names).all():
        name = quoted(view.schema_name, view.name)
        kind = "materialized view" if view.relkind == "m" else "view"
        options = f" with ({', '.join(view.reloptions)})" if view.reloptions else ""
        create = "create materialized view if not exists" if view.relkind == "m" else "create or replace view"
        yield f"{create} {name}{options} as {view.definition}"
        if view.comment:
            comment = view.comment.replace("'", "''")
            yield f"comment on {kind} {name} is '{comment}'"
        yield from grants_on(connection, view.schema_name, view.name)
        if not view.is_own:
            yield f"alter {kind} {name} owner to {quoted(view.owner)}"


def _rights(connection: Connection) -> Iterator[str]:
    """On our own tables and views."""
    rows = connection.execute(
        text(
            """select n.nspname as schema_name, c.relname as name from pg_class c
               join pg_namespace n on n.oid = c.relnamespace
               where n.nspname in ('xgoals', :view_schema) and c.relkind in ('r', 'p', 'v', 'm')
                 and c.relowner = n.nspowner order by 1, 2"""
        ),
        {"view_schema": VIEW_SCHEMA},
    ).all()
    for row in rows:
        yield from grants_on(connection, row.schema_name, row.name)
