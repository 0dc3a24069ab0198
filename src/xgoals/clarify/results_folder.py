"""The folder of results: there whole or not at all, and never in the place of something else."""

import errno
import glob
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.whole_files import LEFT_OVER_DAYS, writable

ANALYSIS = "analysis.json"
SIGNATURE = "xgoals"
"""The key of ``analysis.json`` by which a former result is known."""
LOCAL_VALUES = "explanations_shap/out.csv"
BASELINE = "explanations_shap/baseline.csv"
_VALUES = "explanations_shap"
_UNFINISHED, _BEFORE = ".unfinished", ".before"


def refuse_to_overwrite(folder: Path) -> None:
    """Raise SettingsError where a folder holds something else than a former result."""
    if folder.exists() and not folder.is_dir():
        raise SettingsError("this is a file, not a folder", where=str(folder), advice="Name another --output")
    if folder.is_dir() and _content(folder) and not _is_former_result(folder):
        raise SettingsError(
            "this folder holds something that is no former result of this command",
            where=str(folder),
            advice="Name an empty or a new folder as --output: what is there would be lost",
        )


def refuse_what_may_not_be_written(folder: Path) -> None:
    """Raise UnwritableError before hours of work where results could not be written after them."""
    folder = folder.resolve()
    place = folder.parent if _gives_way(folder) else folder
    while not place.exists():
        place = place.parent
    with writable(folder):
        if not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def refuse_to_be_read_as_data(folder: Path, data: Path) -> None:
    """Raise SettingsError where results would lie among the files of the dataset: the next job would read them."""
    inside, dataset = folder.resolve(), data.resolve()
    if not data.is_dir() or not inside.is_relative_to(dataset):
        return
    if not any(part.startswith((".", "_")) for part in inside.relative_to(dataset).parts):
        raise SettingsError(
            "this folder lies in the dataset's, whose files are all read as data",
            where=str(folder),
            advice="Name a folder elsewhere as --output",
        )


def _content(folder: Path) -> set[str]:
    """All files below a folder, without what somebody who was killed has left."""
    inside = (path for path in folder.iterdir() if not path.name.endswith(_UNFINISHED))
    return {
        str(found.relative_to(folder))
        for path in inside
        for found in (path, *path.rglob("*"))
        if not found.is_dir() or found.is_symlink()
    }


def _is_former_result(folder: Path) -> bool:
    try:
        report = json.loads((folder / ANALYSIS).read_bytes())[SIGNATURE]["report"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return _content(folder) <= {ANALYSIS, LOCAL_VALUES, BASELINE, report}


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``folder`` when all is written.

    A folder that cannot give way to another (a volume of a container, the working folder) is filled instead, a file
    after the other.

    Raises
    ------
    UnwritableError
        If the disk is full, or the place may not be written; what was there before stays.
    """
    folder = folder.resolve()
    _settle_what_was_broken_off(folder)
    mark = secrets.token_hex(6)
    gives_way = _gives_way(folder)
    unfinished = (folder.parent if gives_way else folder) / f".{folder.name}.{mark}{_UNFINISHED}"
    with writable(folder):
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.mkdir()
        try:
            yield unfinished
            if gives_way:
                _swap(unfinished, folder, folder.with_name(f".{folder.name}.{mark}{_BEFORE}"))
            else:
                _fill(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _settle_what_was_broken_off(folder: Path) -> None:
    """Who was killed between two names has left the former result beside its place: it comes back, or goes."""
    for before in folder.parent.glob(f".{glob.escape(folder.name)}.*{_BEFORE}"):
        if not folder.exists():
            before.rename(folder)
        else:
            shutil.rmtree(before, ignore_errors=True)
    for place in (folder.parent, folder):
        for unfinished in place.glob(f".{glob.escape(folder.name)}.*{_UNFINISHED}"):
            with suppress(OSError):  # somebody else's, or gone
                if unfinished.stat().st_mtime < time.time() - 86_400 * LEFT_OVER_DAYS:
                    shutil.rmtree(unfinished, ignore_errors=True)


def _gives_way(folder: Path) -> bool:
    """Whether another folder can take the place of this one, or nothing is there yet."""
    if not folder.exists():
        return True
    return not folder.is_mount() and folder != Path.cwd() and os.access(folder.parent, os.W_OK)


def _fill(unfinished: Path, folder: Path) -> None:
    """Put every file in its place; whenever this ends, what is there is known as a result of this command."""
    refuse_to_overwrite(folder)  # something may have come there meanwhile
    for old in sorted(_content(folder) - {ANALYSIS}):
        (folder / old).unlink()
    (unfinished / ANALYSIS).replace(folder / ANALYSIS)
    for new in sorted(_content(unfinished)):
        (folder / new).parent.mkdir(exist_ok=True)
        (unfinished / new).replace(folder / new)
    if (folder / _VALUES).is_dir() and not any((folder / _VALUES).iterdir()):
        (folder / _VALUES).rmdir()


def _swap(unfinished: Path, folder: Path, before: Path) -> None:
    if not folder.exists():
        unfinished.rename(folder)
        return
    refuse_to_overwrite(folder)  # something may have come there meanwhile
    folder.rename(before)
    try:
        unfinished.rename(folder)
    except OSError:
        before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)
