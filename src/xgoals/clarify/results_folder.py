"""The folder of results: there whole or not at all, and never in the place of something else."""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.whole_files import writable

ANALYSIS = "analysis.json"
SIGNATURE = "xgoals"
"""The key of ``analysis.json`` by which a former result is known."""
_OWN = frozenset({ANALYSIS, "explanations_shap"})


def refuse_to_overwrite(folder: Path) -> None:
    """Raise SettingsError where a folder holds something else than a former result."""
    if folder.exists() and not folder.is_dir():
        raise SettingsError("this is a file, not a folder", where=str(folder), advice="Name another --output")
    if folder.is_dir() and any(folder.iterdir()) and not _is_former_result(folder):
        raise SettingsError(
            "this folder holds something that is no former result of this command",
            where=str(folder),
            advice="Name an empty or a new folder as --output: what is there would be lost",
        )


def _is_former_result(folder: Path) -> bool:
    try:
        signed = json.loads((folder / ANALYSIS).read_bytes())[SIGNATURE]
        own = _OWN | {signed["report"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return {path.name for path in folder.iterdir()} <= own


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``folder`` when all is written.

    Raises
    ------
    UnwritableError
        If the disk is full, or the place may not be written; what was there before stays.
    """
    folder = folder.resolve()
    mark = secrets.token_hex(6)
    unfinished, before = (
        folder.with_name(f".{folder.name}.{mark}.{state}") for state in ("unfinished", "before")
    )
    with writable(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished.mkdir()
        try:
            yield unfinished
            _swap(unfinished, folder, before)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


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
