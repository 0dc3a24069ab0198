"""Retention: what may go after a while, in files and in the results, and how much room everything takes.

Feed files are never touched, nor backups that somebody wrote, nor what is published.
"""

import fnmatch
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from xgoals.domain.errors import StoreError
from xgoals.settings import Database, Settings
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.index import index_of
from xgoals.steps.pages.under_way import pages_under_way
from xgoals.steps.upkeep.ages import Ages
from xgoals.storage import CLIPS, OUTBOX, REPORTS, LocalStorage, Storage, StoredFile, reports_of, storage_of
from xgoals.store import registry, runs
from xgoals.store.database import connect, exists
from xgoals.store.locks import one_writer
from xgoals.store.upkeep import retention
from xgoals.whole_files import LEFT_OVER_DAYS, SCRATCH, UNFINISHED

DATABASES: tuple[Database, ...] = ("main", "demo")
TOLD_FROM = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Freed:
    """What a part of the cleaning freed, or would free: ``n`` files or rows, and about how many bytes."""

    what: str
    older_than_days: int
    n: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DiskUse:
    """How much room something takes."""

    what: str
    size_bytes: int


def clean(
    settings: Settings, *, dry_run: bool, tell: Callable[[str], None], ages: Ages | None = None
) -> list[Freed]:
    """Remove (or with ``dry_run`` count) what is older than the settings in ``[retention]`` say.

    Parameters
    ----------
    tell
        Receives a sentence if another run is writing and this has to wait.
    ages
        How old things are; by default at present, by `ages_of`.
    """
    ages = ages or ages_of(settings, datetime.now(UTC))
    if ages.discounted > TOLD_FROM:
        tell(
            f"the clock says that nothing was done here for {ages.discounted.days} days; if it is right, they count as"
            " a few: nothing grows old while the system rests"
        )
    keep = settings.retention
    storage = storage_of(settings)
    mails = list(_old(storage.files(OUTBOX, suffix=".eml"), keep.outbox_days, ages))
    freed = [
        _removed("mails in the outbox", storage, mails, keep.outbox_days, dry_run),
        _clean_logs(settings.home / "logs", keep.logs_days, ages, dry_run),
        _clean_left_over(settings, ages, dry_run),
    ]
    for database in DATABASES:
        if exists(settings, database):
            freed += _clean_database(settings, database, ages, dry_run, tell)
    return freed


def ages_of(settings: Settings, now: datetime) -> Ages:
    """Ages at a moment, by what all databases know that answer: where one's disk is full, room is made all the same."""
    at_work: list[datetime] = []
    for database in DATABASES:
        with suppress(StoreError):
            if exists(settings, database):
                engine = connect(settings, database, application="xgoals clean")
                with engine.connect() as connection:
                    at_work += retention.moments_at_work(connection)
                engine.dispose()
    return Ages(now, tuple(at_work))


def disk_use(settings: Settings) -> list[DiskUse]:
    """How much room folders and databases take; what is not there is left out."""
    found = [
        DiskUse(name, sum(file.size_bytes for file in _files(settings.home / name, "*")))
        for name in ("inbox", "logs", "demo")
        if (settings.home / name).is_dir()
    ]
    found += _storage_use(settings)
    sizes: dict[str, int] = {}
    for database in DATABASES:
        if not exists(settings, database):
            continue
        try:
            engine = connect(settings, database)
        except StoreError:
            sizes[f"database {database}: does not answer"] = 0
            continue
        with engine.connect() as connection:
            sizes |= {f"database {name}": n for name, n in retention.database_sizes(connection).items()}
        engine.dispose()
    return found + [DiskUse(name, size) for name, size in sizes.items()]


def _storage_use(settings: Settings) -> Iterator[DiskUse]:
    try:
        storage = storage_of(settings)
        for name in (REPORTS, CLIPS, OUTBOX):
            if sizes := [file.size_bytes for file in storage.files(name)]:
                yield DiskUse(name, sum(sizes))
    except StoreError as error:
        yield DiskUse(f"storage: {error.what}", 0)


def _clean_database(
    settings: Settings, database: Database, ages: Ages, dry_run: bool, tell: Callable[[str], None]
) -> Iterator[Freed]:
    keep = settings.retention
    engine = connect(settings, database, application="xgoals clean")
    try:
        with one_writer(engine, "xgoals clean", tell, patience=settings.limits.wait):
            for what, days, step in (
                ("runs that left nothing", keep.runs_days, retention.idle_runs),
                ("records of mails sent or given up", keep.outbox_days, retention.settled_mails),
                ("numbers of former and refused models", keep.challengers_days, retention.challengers),
                ("searches that are over", keep.challengers_days, retention.studies),
                ("reported states of the inbox", keep.runs_days, retention.inbox_events),
            ):
                with engine.begin() as connection:
                    n, size = step(connection, ages.limit(days), dry_run=dry_run)
                yield Freed(f"{database}: {what}", days, n, size)
            # Files go once nothing names them any more; still alone, for a run that waits may write such names.
            yield _clean_pages(engine, settings, database, ages, dry_run)
            yield _clean_clips(engine, settings, database, ages, dry_run)
    finally:
        engine.dispose()


def _clean_pages(engine: Engine, settings: Settings, database: Database, ages: Ages, dry_run: bool) -> Freed:
    """Pages that were not written again for a long time; never the index, nor the champion's pages.

    The rows are committed before the files go: ended in between, the next cleaning finds these by their age.
    """
    days, pages = settings.retention.reports_days, PageFiles.of(settings, database)
    with engine.connect() as connection:
        champion = registry.champion_name(connection)
        kept = {pages.index, *(runs.pages_of_model(connection, champion) if champion else ())}
    lying = pages.storage.files(reports_of(database), suffix=".html")
    old = [file for file in _old(lying, days, ages) if file.path not in kept]
    if old and not dry_run:
        with pages_under_way(engine, pages) as connection:
            retention.forget_pages(connection, [file.path for file in old])
            # Before the pages go: a link leads nowhere at no time.
            sha256 = pages.write(pages.index, index_of(connection, pages, database, settings.report.language))
            retention.register_index(connection, pages.index, sha256)
    return _removed(f"{database}: report pages", pages.storage, old, days, dry_run)


def _clean_clips(engine: Engine, settings: Settings, database: Database, ages: Ages, dry_run: bool) -> Freed:
    days, storage = settings.retention.clips_days, storage_of(settings)
    old = list(_old(storage.files(f"{CLIPS}/{database}", suffix=".parquet"), days, ages))
    if old and not dry_run:
        with engine.begin() as connection:  # before the files go, too
            retention.forget_clips(connection, [file.path for file in old])
    return _removed(f"{database}: clips", storage, old, days, dry_run)


def _old(files: Iterable[StoredFile], days: int, ages: Ages) -> Iterator[StoredFile]:
    limit = ages.limit(days)
    return (file for file in files if file.written_at < limit)


def _removed(what: str, storage: Storage, old: list[StoredFile], days: int, dry_run: bool) -> Freed:
    if not dry_run:
        storage.remove(file.path for file in old)
    return Freed(what, days, len(old), sum(file.size_bytes for file in old))


def _clean_logs(folder: Path, days: int, ages: Ages, dry_run: bool) -> Freed:
    old = list(_old_files(folder, "*", ages.limit(days)))
    size = sum(file.size_bytes for file in old)
    if not dry_run:
        folders = _folders_at_rest(folder, _limit_of_left_over(ages))
        _remove(old)
        _remove_empty(folders)
    return Freed("logs", days, len(old), size)


def _clean_left_over(settings: Settings, ages: Ages, dry_run: bool) -> Freed:
    """Files and folders that killed processes have left unfinished, wherever they lie; the database's are not ours."""
    home, storage = settings.home, storage_of(settings)
    folders = (
        {path for path in home.iterdir() if path.is_dir() and path.name != "postgres"}
        if home.is_dir()
        else set()
    )
    if isinstance(storage, LocalStorage):  # in a bucket nothing is unfinished
        folders |= {storage.folder / name for name in (REPORTS, CLIPS, OUTBOX)}
    left = [*Path(tempfile.gettempdir()).glob(f"{SCRATCH}*{UNFINISHED[1]}")]
    left += [path for path in home.glob("*") if path.name.endswith(UNFINISHED)]
    left += [path for folder in folders for path in _unfinished_below(folder)]
    limit = _limit_of_left_over(ages)
    old = {path: files for path in left if (files := _at_rest(path, limit)) is not None}
    of_all = {file for files in old.values() for file in files}
    size = sum(file.stat().st_size for file in of_all if file.exists())
    if not dry_run:
        for path in old:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    return Freed("unfinished files", LEFT_OVER_DAYS, len(of_all), size)


def _unfinished_below(folder: Path) -> Iterator[Path]:
    """Files and folders that say so by their name; what goes meanwhile is left out."""
    for parent, folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *names) if name.endswith(UNFINISHED))


def _at_rest(path: Path, limit: datetime) -> list[Path] | None:
    """The files of something unfinished that is ours, if nothing in it has changed since; else None."""
    limit_s = limit.timestamp()
    try:
        if path.is_symlink() or path.stat().st_uid != os.getuid():
            return None
        inside = [path, *path.rglob("*")] if path.is_dir() else [path]
        if any(one.lstat().st_mtime >= limit_s for one in inside):
            return None
        return [one for one in inside if not one.is_dir()]
    except OSError:  # it has gone meanwhile, or may not be looked into
        return None


def _limit_of_left_over(ages: Ages) -> datetime:
    """Somebody may be writing at this moment, whatever the clock says: of a pause, half a day counts."""
    return ages.limit(LEFT_OVER_DAYS, longest=timedelta(days=0.5))


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the home that was there when it was looked at."""

    path: Path
    size_bytes: int
    written_s: float


def _old_files(folder: Path, pattern: str, limit: datetime) -> Iterator[_File]:
    return (file for file in _files(folder, pattern) if file.written_s < limit.timestamp())


def _files(folder: Path, pattern: str) -> Iterator[_File]:
    """The files below a folder; links are neither followed nor listed, nor what goes while it is looked for.

    Others work meanwhile: every file that is written has another name until it is whole.
    """
    for parent, _, names in os.walk(folder) if not folder.is_symlink() else ():
        for path in (Path(parent, name) for name in fnmatch.filter(sorted(names), pattern)):
            with suppress(FileNotFoundError):
                state = path.lstat()
                if stat.S_ISREG(state.st_mode):
                    yield _File(path, state.st_size, state.st_mtime)


def _remove(files: Iterable[_File]) -> None:
    for file in files:
        file.path.unlink(missing_ok=True)


def _folders_at_rest(folder: Path, limit: datetime) -> list[Path]:
    """Folders in which nothing has changed for a while, the innermost first: into a new one somebody may be writing."""
    found = []
    for parent, names, _ in os.walk(folder, topdown=False):
        for path in (Path(parent, name) for name in names):
            with suppress(FileNotFoundError):
                state = path.lstat()
                if stat.S_ISDIR(state.st_mode) and state.st_mtime < limit.timestamp():
                    found.append(path)
    return found


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # it is not empty, or got a file in this very moment
            folder.rmdir()
