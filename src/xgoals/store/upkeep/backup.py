"""Backups of the results: one file by ``pg_dump``, and proof that it brings the same rows back.

A backup holds all tables of the schema ``xgoals`` and the number of the schema's version, nothing of Airflow's; of
``WITHOUT_ROWS`` the tables alone, for what they held is computed again when it is needed. The
programs are those beside the embedded server's, so that a backup needs nothing that is not installed.
"""

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from xgoals.domain.errors import SourceError, StoreError, XgoalsError
from xgoals.store.database import analyse
from xgoals.store.derived.states import count_from_elsewhere
from xgoals.store.locks import PATIENCE, schema_lock
from xgoals.store.migrate import LOCK_TIMEOUT_S, VERSION_TABLE, head, holders, upgrade
from xgoals.store.schema.quoting import quoted
from xgoals.store.schema.sql_files import functions
from xgoals.store.schema.views import OLD_NAMES, VIEW_SCHEMA
from xgoals.store.upkeep import checksum, set_aside
from xgoals.store.upkeep.postgres_programs import one_transaction, run_client, unpacked
from xgoals.store.upkeep.scratch import scratch_database
from xgoals.whole_files import remove_left_over, whole_file, writable

_log = logging.getLogger(__name__)
_MAGIC = b"PGDMP"
WITHOUT_ROWS = ("model_refit",)
"""Forty models a version, fitted again from the frozen window: `xgoals explain` does so where they are missing."""


@dataclass(frozen=True, slots=True)
class TableContents:
    """How many rows a table has, and a checksum over all of them in any order."""

    rows: int
    checksum: str


Contents = Mapping[str, TableContents]


def contents(connection: Connection) -> Contents:
    """Every table of the results that a backup holds, with its rows and their checksum."""
    found = {}
    for name in _tables(connection):
        if name in WITHOUT_ROWS:
            continue
        rows, checksum = connection.execute(
            text(
                f"""select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text
                    from {quoted("xgoals", name)} t"""  # noqa: S608
            )
        ).one()
        found[name] = TableContents(rows, checksum)
    return found


def _tables(connection: Connection) -> list[str]:
    """The tables of the results: whoever owns the schema owns them. Tables of others in it are theirs."""
    return list(
        connection.scalars(
            text(
                """select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where n.nspname = 'xgoals' and c.relkind = 'r' and c.relowner = n.nspowner order by c.relname"""
            )
        )
    )


def back_up(engine: Engine, to: Path, *, patience: timedelta = PATIENCE) -> Contents:
    """Write a backup: whole or not at all, readable by its owner only.

    Parameters
    ----------
    patience
        How long to wait for somebody who changes the schema.

    Returns
    -------
    Contents
        Of the very rows that the file holds.

    Raises
    ------
    StoreError
        If ``pg_dump`` fails; the message has its words. The file of before stays then.
    """
    remove_left_over(to)
    # Both look at the same snapshot: what is counted is what is dumped, whoever writes meanwhile. Of tables that are
    # changed meanwhile it would see nothing, or columns of one schema beside the number of another.
    with (
        whole_file(to, is_secret=True) as unfinished,
        schema_lock(engine, "xgoals backup", _log.info, shared=True, patience=patience),
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
    ):
        snapshot = connection.scalar(text("select pg_export_snapshot()"))
        counted = contents(connection)
        run_client(
            engine.url,
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
            *(f"--table=xgoals.{name}" for name in (*counted, *WITHOUT_ROWS)),
            *(f"--exclude-table-data=xgoals.{name}" for name in WITHOUT_ROWS),
            *(f"--table=public.{VERSION_TABLE}", f"--file={unfinished}"),
        )
        with writable(to):
            checksum.write(unfinished)
    return counted


def restore(engine: Engine, source: Path, *, tell: Callable[[str], None] = _log.warning) -> Contents:
    """Put a backup in place of the results, in one transaction, and bring its schema up to date.

    The results may be of whatever schema, also of a newer one than this code knows: that is the way back. Views of
    others and who may read what are put back, too.

    Parameters
    ----------
    tell
        Receives what a person has to see to: objects of others that do not fit the backup, with their SQL.

    Returns
    -------
    Contents
        What is in the database now.

    Raises
    ------
    SourceError
        If the file is no backup, or damaged; the database is as it was.
    StoreError
        If the database refuses it, or the backup was written by a newer xgoals; the database is as it was.
    """
    check_is_backup(source)
    checksum.check(source)
    _check_version(source)
    with engine.begin() as connection:
        prefix = _what_goes(connection)
        waited = set_aside.waiting(connection)
        set_aside.set_aside(connection)
        count_from_elsewhere(connection)  # now, too: after it this may be ended at any moment
    try:
        with schema_lock(engine, "xgoals restore", _log.info), one_transaction(engine.url) as server:
            server.write(prefix.encode())
            with unpacked(source) as script:
                shutil.copyfileobj(script, server)
    except XgoalsError as error:
        with engine.begin() as connection:
            set_aside.wait_for(connection, waited)
        raise _names_holders(engine, error) from None
    engine.dispose()  # what its connections know of the tables is of before
    for sentence in upgrade(engine):
        tell(sentence)
    with engine.begin() as connection:
        count_from_elsewhere(connection)
        analyse(connection, *(f'xgoals."{name}"' for name in _tables(connection)))
        return contents(connection)


def _names_holders(engine: Engine, error: XgoalsError) -> XgoalsError:
    """Who is in the way, where the server has given up waiting for a table."""
    if "lock timeout" not in error.what:
        return error
    with engine.connect() as connection:
        return StoreError(
            f"the results cannot be replaced: for {LOCK_TIMEOUT_S} s their tables were held by {holders(connection)}",
            where=error.where,
            advice="Nothing has changed. Wait until that is over, or end it, and try again",
        )


def _what_goes(connection: Connection) -> str:
    """SQL that removes the results that are there; what is others' in the schema stays."""
    views = connection.execute(
        text(
            """select schemaname, viewname from pg_views
               where schemaname = :schema or (schemaname = 'xgoals' and viewname = any(:names))"""
        ),
        {"schema": VIEW_SCHEMA, "names": list(OLD_NAMES)},
    ).all()
    return "\n".join(
        [
            f"set local lock_timeout = '{LOCK_TIMEOUT_S}s';",
            *(f"drop view if exists {quoted(view.schemaname, view.viewname)} cascade;" for view in views),
            *(f"drop table if exists {quoted('xgoals', name)} cascade;" for name in _tables(connection)),
            f"drop table if exists public.{VERSION_TABLE};",
            # Searches under way are no results: their schema is not in a backup.
            *(f"create schema {new};" for new in ("xgoals", "optuna") if not _has_schema(connection, new)),
            "",
            functions(),
        ]
    )


def _has_schema(connection: Connection, name: str) -> bool:
    return connection.scalar(text("select to_regnamespace(:name)"), {"name": name}) is not None


def check_that_it_restores(
    engine: Engine, backup: Path, expected: Contents, *, maker_url: str | None = None
) -> None:
    """Restore a backup into a scratch database beside the results, compare all rows, remove it again.

    Parameters
    ----------
    expected
        As `back_up` returned it.
    maker_url
        Of a role that may create databases, on the same server; by default the role that the results are read by.

    Raises
    ------
    StoreError
        If a table comes back different, or no scratch database can be made.
    """
    with scratch_database(engine, maker_url) as scratch:
        run_client(
            scratch.url,
            "pg_restore",
            *("--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={scratch.url.database}"),
            str(backup),
        )
        with scratch.connect() as connection:
            found = contents(connection)
    different = [name for name, table in expected.items() if found.get(name) != table]
    if different:
        raise StoreError(
            f"the backup does not bring back what was saved: {', '.join(different)}",
            where=str(backup),
            advice="Keep older backups, and see the server's log; is the disk all right?",
        )


def is_empty(connection: Connection) -> bool:
    """Whether no match was ever stored."""
    if connection.scalar(text("select to_regclass('xgoals.match')")) is None:
        return True
    return not connection.scalar(text("select exists (select from xgoals.match)"))


def check_is_backup(source: Path) -> None:
    """Look at the first bytes of a file.

    Raises
    ------
    SourceError
        If it cannot be read, or `back_up` has not written it.
    """
    try:
        with source.open("rb") as file:
            is_backup = file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", where=str(source)) from None
    if not is_backup:
        raise SourceError(
            "this is no backup", where=str(source), advice="Give a file that xgoals backup has written"
        )


def schema_of(source: Path) -> str:
    """The version of the schema of a backup.

    Raises
    ------
    SourceError
        If it is damaged, or holds no results of xgoals.
    """
    only = ("--data-only", "--schema=public", f"--table={VERSION_TABLE}")
    with unpacked(source, *only) as script:
        lines = script.read().decode(errors="replace").splitlines()
    for line, following in pairwise(lines):
        if line.startswith(f"COPY public.{VERSION_TABLE}"):
            return following.strip()
    raise SourceError(
        "this backup is not one of xgoals' results",
        where=str(source),
        advice="Give a file that xgoals backup has written",
    )


def _check_version(source: Path) -> None:
    """A backup of a newer schema would meet code that does not know it."""
    version = schema_of(source)
    if version > head():
        raise StoreError(
            f"the backup has schema {version}, this xgoals knows {head()}",
            where=str(source),
            advice="Restore it with the xgoals that wrote it, or a newer one",
        )
