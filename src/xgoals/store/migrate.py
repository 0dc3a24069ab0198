"""Schema upkeep: alembic applies the numbered files of ``sql/migrations``, then the views follow (`views`).

Only those migrate who say so: ``xgoals db upgrade``, ``up``, ``run`` and ``provision``. Who connects looks whether the
schema is the one that this code knows, and says what to do where it is not.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2.errors
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.settings import asset_folder
from xgoals.store.arrivals.home_paths import home_of
from xgoals.store.locks import schema_lock
from xgoals.store.schema import group_roles, views
from xgoals.store.upkeep import set_aside

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "xgoals_schema_version"
LOCK_TIMEOUT_S = 30
"""So long a change of the schema waits for whoever reads or writes."""
_TURN_MS = 400
"""So long it stands in line for a table at once, for all that come later stand behind it. Before the server would look
for a deadlock (after a second) it has given back what it held: it never costs a reader or writer his transaction."""
_PAUSE_S = (0.2, 2.0)
_IN_THE_WAY = (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected)

log = logging.getLogger(__name__)


def head() -> str:
    """The number of the newest migration, such as ``"0001"``."""
    return max(path.name.split("_")[0] for path in (asset_folder("sql") / "migrations").glob("*.up.sql"))


def upgrade_if_behind(engine: Engine) -> bool:
    """Bring the schema and the views up to date; says whether there was anything to do.

    Raises
    ------
    StoreError
        If the schema is of a newer xgoals, or somebody holds a table for too long.
    """
    with engine.connect() as connection:
        if _is_current(connection):
            return False
    upgrade(engine)
    return True


def upgrade(engine: Engine, target: str = "head") -> list[str]:
    """Apply the migrations up to ``target`` and bring views and grants up to date, in one transaction.

    Returns
    -------
    list of str
        What a person has to do: SQL that this role may not run, objects of others that could not be kept.

    Raises
    ------
    StoreError
        As in :func:`upgrade_if_behind`; nothing has changed then.
    """
    return _migrate(engine, "upgrade", target)


def downgrade(engine: Engine, target: str = "base") -> None:
    """Undo the migrations down to ``target``; ``base`` removes all results.

    Raises
    ------
    StoreError
        If somebody's view depends on one of ours.
    """
    _migrate(engine, "downgrade", target)


def check_schema(connection: Connection) -> None:
    """Make sure that the schema is the one that this code knows.

    Raises
    ------
    StoreError
        If there is none, an older or a newer one; says what to do.
    """
    found, known = applied(connection), head()
    if found == known:
        return
    where = shown(connection.engine.url)
    if found is None:
        raise StoreError(
            "there are no results in this database yet",
            where=where,
            advice="Run: xgoals db upgrade ('xgoals up' and 'xgoals run' make them, too)",
        )
    if found > known:
        raise newer(found, where)
    raise StoreError(
        f"the database has schema {found}, this xgoals needs {known}",
        where=where,
        advice="Back it up, then run: xgoals db upgrade ('xgoals up' and 'xgoals run' do so, too)",
    )


def newer(found: str, where: str) -> StoreError:
    """What is said of a schema that only a newer xgoals knows."""
    return StoreError(
        f"the database has schema {found}, of a newer xgoals; this one knows {head()}",
        where=where,
        advice="Install the newer one again, or go back with a backup from before: xgoals restore FILE --replace",
    )


def has_schema(connection: Connection) -> bool:
    """Whether the results' schema was ever made in this database, in whatever version."""
    name = {"name": f"public.{VERSION_TABLE}"}
    return connection.scalar(text("select to_regclass(:name)"), name) is not None


def applied(connection: Connection) -> str | None:
    """The number of the migration that was applied last; None where there is no schema."""
    if not has_schema(connection):
        return None
    version: str | None = connection.scalar(text(f"select version_num from public.{VERSION_TABLE}"))  # noqa: S608
    return version


def _migrate(engine: Engine, direction: str, target: str) -> list[str]:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    with (
        schema_lock(engine, "a change of the schema", log.info),
        _no_endless_wait(engine),
    ):
        deadline, pause_s = time.monotonic() + LOCK_TIMEOUT_S, _PAUSE_S[0]
        while True:
            try:
                return _migrate_at_once(engine, config, direction, target)
            except OperationalError as error:
                if not isinstance(error.orig, _IN_THE_WAY) or time.monotonic() + pause_s > deadline:
                    raise
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _PAUSE_S[1])


def _migrate_at_once(engine: Engine, config: "Config", direction: str, target: str) -> list[str]:
    """All of it in one transaction, or nothing where somebody is in the way.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        If somebody holds what it needs.
    """
    from alembic import command

    with engine.begin() as connection:
        connection.exec_driver_sql(f"set local lock_timeout = '{_TURN_MS}ms'")
        # Migration 0026 asks for it.
        connection.execute(
            text("select set_config('xgoals.home', :home, true)"), {"home": home_of(connection) or ""}
        )
        found = applied(connection)
        if found is not None and found > head():
            raise newer(found, shown(engine.url))
        config.attributes["connection"] = connection
        if direction == "downgrade":
            views.drop_views(connection)
        getattr(command, direction)(config, target)
        if applied(connection) != head():
            return []
        notes = views.create_views(connection)
        notes += group_roles.grant_rights(connection)
        notes += set_aside.put_back(connection)
        connection.exec_driver_sql(f"comment on schema xgoals is '{_schema_comment()}'")
    return notes


@contextmanager
def _no_endless_wait(engine: Engine) -> Iterator[None]:
    """Whoever holds a table for too long is named; who may not change the schema is told so."""
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg2.errors.InsufficientPrivilege):
            raise
        raise StoreError(
            f"this user may not change the schema ({str(error.orig).strip().splitlines()[0]})",
            where=shown(engine.url),
            advice="Run 'xgoals db upgrade' (in containers: 'xgoals provision') as the owner of the results",
        ) from None
    except OperationalError as error:
        if not isinstance(error.orig, psycopg2.errors.LockNotAvailable):
            raise
        with engine.connect() as connection:
            named = holders(connection)
        raise StoreError(
            f"the schema cannot be changed: for {LOCK_TIMEOUT_S} s its tables were held by {named}",
            where=shown(engine.url),
            advice="Nothing has changed. Wait until that is over, or end it, and try again",
        ) from None


def holders(connection: Connection) -> str:
    """Who holds tables of the results, by application and process of the server."""
    query = text(
        """select distinct coalesce(nullif(a.application_name, ''), a.usename) || ' (process ' || a.pid || ')' as who
           from pg_locks l join pg_class c on c.oid = l.relation join pg_stat_activity a using (pid)
           where c.relnamespace = to_regnamespace('xgoals') and l.granted and a.pid <> pg_backend_pid() order by 1"""
    )
    return ", ".join(connection.scalars(query)) or "somebody"


def _is_current(connection: Connection) -> bool:
    if applied(connection) != head() or set_aside.is_anything(connection):
        return False
    comment = connection.scalar(text("select obj_description(to_regnamespace('xgoals'), 'pg_namespace')"))
    return bool(comment == _schema_comment())


def _schema_comment() -> str:
    return f"Results of xgoals. Views: sha256 {views.views_hash()}"
