"""Backups of the results, put back, and proven to be of use."""

import time
from dataclasses import dataclass
from pathlib import Path

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.settings import Database, Settings
from xgoals.steps.run_context import log
from xgoals.store.database import connect, database_url, is_embedded
from xgoals.store.locks import one_writer
from xgoals.store.migrate import check_schema, has_schema
from xgoals.store.upkeep import backup as store
from xgoals.store.upkeep import checksum
from xgoals.store.upkeep.postgres_programs import unpacked
from xgoals.whole_files import scratch_folder


@dataclass(frozen=True, slots=True)
class BackupFile:
    """What a backup holds: the version of its schema, its rows, and whether it has a checksum, which is right."""

    path: Path
    schema_version: str
    rows: int
    has_checksum: bool


def examine(source: Path) -> BackupFile:
    """Read a backup to its end, as a restore would, and change nothing.

    Raises
    ------
    SourceError
        If the file cannot be read, is no backup of xgoals' results, or is damaged.
    """
    store.check_is_backup(source)
    has_checksum, version, rows, is_data = checksum.check(source), store.schema_of(source), 0, False
    with unpacked(source, "--data-only") as script:
        for line in script:
            if is_data and line != b"\\.\n":
                rows += 1
            else:
                is_data = not is_data and line.startswith(b"COPY ")
    return BackupFile(source, version, rows - 1, has_checksum)  # one is the version's


def backup(settings: Settings, database: Database, to: Path) -> int:
    """Write a backup of the results; how many rows it holds.

    Raises
    ------
    StoreError
        If the database does not answer, there are no results in it, or the file cannot be written whole.
    """
    engine = connect(settings, database, application="xgoals backup", whatever_schema=True)
    try:
        with engine.connect() as connection:
            if not has_schema(connection):
                check_schema(connection)  # which says that there is nothing
        saved = store.back_up(engine, to, patience=settings.limits.wait)
    except OSError as error:
        raise StoreError(f"the backup cannot be written ({error.strerror})", where=str(to)) from None
    finally:
        engine.dispose()
    return sum(table.rows for table in saved.values())


def restore(settings: Settings, database: Database, source: Path, *, replace: bool) -> int:
    """Put a backup in place of the results; how many rows there are now.

    Parameters
    ----------
    replace
        Whether results that are there may go.

    Raises
    ------
    StoreError
        If there are results and ``replace`` was not said, or the database refuses the backup.
    SourceError
        If the file is no backup, or damaged. In both cases the database is as it was.
    """
    store.check_is_backup(source)  # before anybody is told to say --replace
    engine = connect(settings, database, application="xgoals restore", whatever_schema=True)
    try:
        with one_writer(engine, "xgoals restore", log.info, patience=settings.limits.wait):
            with engine.connect() as connection:
                if not replace and not store.is_empty(connection):
                    raise StoreError(
                        "there are results in the database, which a restore would replace",
                        where=shown(engine.url),
                        advice="Back them up if you want them, then say --replace",
                    )
            restored = store.restore(engine, source, tell=log.warning)
            return sum(table.rows for table in restored.values())
    finally:
        engine.dispose()


def _maker_url(settings: Settings, database: Database) -> str | None:
    """Of the role that may create databases, where that is another one than reads the results."""
    if is_embedded(settings, database):
        return database_url(settings.model_copy(update={"database_role": "owner"}), database)
    return settings.backup_check_url.get_secret_value() if settings.backup_check_url else None


def check_backup(settings: Settings, database: Database) -> int:
    """Write a backup, restore it beside the results, compare every table, remove both; how many rows were compared.

    Raises
    ------
    StoreError
        If a table came back different, or there may be no scratch database.
    """
    engine = connect(settings, database, application="xgoals backup check")
    began_s = time.monotonic()
    try:
        with scratch_folder("backup") as folder:
            file = folder / "results.dump"
            saved = store.back_up(engine, file, patience=settings.limits.wait)
            size_mb = file.stat().st_size / 1e6
            store.check_that_it_restores(engine, file, saved, maker_url=_maker_url(settings, database))
    finally:
        engine.dispose()
    n_rows = sum(table.rows for table in saved.values())
    seconds = time.monotonic() - began_s
    log.info(
        "a backup of %.1f MB brought all %d rows of %d tables back, in %.1f s",
        size_mb,
        n_rows,
        len(saved),
        seconds,
    )
    return n_rows
