"""Backups of the results: one file by ``pg_dump``, and proof that it brings the same rows back.

A backup holds all tables of the schema ``xgoals`` and the number of the schema's version, nothing of Airflow's. The
programs are those beside the embedded server's, so that a backup needs nothing that is not installed.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from xgoals.domain.errors import SourceError, StoreError
from xgoals.store.migrate import VERSION_TABLE, head, upgrade_if_behind
from xgoals.store.sql_files import functions
from xgoals.store.upkeep.postgres_programs import run_client

_MAGIC = b"PGDMP"
_RESTORE_PREFIX = f"""drop schema if exists xgoals cascade;
drop table if exists public.{VERSION_TABLE};
create schema xgoals;
"""


@dataclass(frozen=True, slots=True)
class TableContents:
    """How many rows a table has, and a checksum over all of them in any order."""

    rows: int
    checksum: str


Contents = Mapping[str, TableContents]


def contents(connection: Connection) -> Contents:
    """Every table of the results with its rows and their checksum."""
    names = connection.scalars(
        text("select tablename from pg_tables where schemaname = 'xgoals' order by tablename")
    ).all()
    found = {}
    for name in names:
        rows, checksum = connection.execute(
            text(
                f"""select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text
                    from xgoals."{name}" t"""  # noqa: S608
            )
        ).one()
        found[name] = TableContents(rows, checksum)
    return found


def back_up(engine: Engine, to: Path) -> Contents:
    """Write a backup: whole or not at all, readable by its owner only.

    Returns
    -------
    Contents
        Of the very rows that the file holds.

    Raises
    ------
    StoreError
        If ``pg_dump`` fails; the message has its words. The file of before stays then.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = to.with_name(f"{to.name}.{os.getpid()}.part")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        # Both look at the same snapshot: what is counted is what is dumped, whoever writes meanwhile.
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            snapshot = connection.scalar(text("select pg_export_snapshot()"))
            counted = contents(connection)
            run_client(
                engine.url,
                "pg_dump",
                *("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
                *("--table=xgoals.*", f"--table=public.{VERSION_TABLE}", f"--file={unfinished}"),
            )
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return counted


def restore(engine: Engine, source: Path) -> Contents:
    """Put a backup in place of the results, in one transaction, and bring its schema up to date.

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
    _check_magic(source)
    with tempfile.TemporaryDirectory(prefix="xgoals-restore-") as folder:
        script = Path(folder) / "restore.sql"
        try:
            run_client(
                engine.url,
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                f"--file={script}",
                str(source),
                connects=False,
            )
        except StoreError as error:
            raise SourceError(
                f"the backup is damaged ({error.what})", where=str(source), advice="Use another one"
            ) from None
        _check_version(script, source)
        prefix = Path(folder) / "prefix.sql"
        prefix.write_text(_RESTORE_PREFIX + functions())
        run_client(
            engine.url,
            "psql",
            *(
                "--no-psqlrc",
                "--quiet",
                "--output=/dev/null",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
            ),
            *(f"--file={prefix}", f"--file={script}"),
        )
    engine.dispose()  # what its connections know of the tables is of before
    upgrade_if_behind(engine)
    with engine.connect() as connection:
        return contents(connection)


def check_that_it_restores(engine: Engine, backup: Path, expected: Contents) -> None:
    """Restore a backup into a scratch database beside the results, compare all rows, remove it again.

    Parameters
    ----------
    expected
        As `back_up` returned it.

    Raises
    ------
    StoreError
        If a table comes back different, or there may be no scratch database.
    """
    with _scratch_database(engine) as scratch:
        found = restore(scratch, backup)
    different = [name for name, table in expected.items() if found.get(name) != table]
    if different:
        raise StoreError(
            f"the backup does not bring back what was saved: {', '.join(different)}",
            where=str(backup),
            advice="Keep older backups, and see the server's log; is the disk all right?",
        )


def is_empty(connection: Connection) -> bool:
    """Whether no match was ever stored."""
    return not connection.scalar(text("select exists (select from xgoals.match)"))


@contextmanager
def _scratch_database(engine: Engine) -> Iterator[Engine]:
    name = f"{engine.url.database}_restore_check_{os.getpid()}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql(f'create database "{name}" template template0')
        except DBAPIError as error:
            raise StoreError(
                f"no scratch database could be made ({str(error.orig).strip().splitlines()[0]})",
                where=engine.url.render_as_string(hide_password=True),
                advice="The check needs the right CREATEDB: alter role ... createdb",
            ) from None
        scratch = create_engine(
            engine.url.set(database=name),
            connect_args={"options": "-c search_path=xgoals,public"},
            poolclass=NullPool,
        )
        try:
            yield scratch
        finally:
            connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')


def _check_magic(source: Path) -> None:
    try:
        with source.open("rb") as file:
            is_backup = file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", where=str(source)) from None
    if not is_backup:
        raise SourceError(
            "this is no backup", where=str(source), advice="Give a file that xgoals backup has written"
        )


def _check_version(script: Path, source: Path) -> None:
    """A backup of a newer schema would meet code that does not know it."""
    version = None
    with script.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f"COPY public.{VERSION_TABLE}"):
                version = next(lines).strip()
                break
    if version is None:
        raise SourceError("this backup is not one of xgoals' results", where=str(source))
    if version > head():
        raise StoreError(
            f"the backup has schema {version}, this xgoals knows {head()}",
            where=str(source),
            advice="Restore it with the xgoals that wrote it, or a newer one",
        )
