"""Files that are there whole or not at all, and a disk that is full told in words."""

import errno
import glob
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xgoals.domain.errors import UnwritableError

UNFINISHED = (".part", ".unfinished")
"""How names of files and folders end that are not whole yet, or of use to one process alone; who was killed leaves
them, `xgoals clean` takes them away."""
LEFT_OVER_DAYS = 2
"""Nothing takes as long as this: what is still unfinished then somebody was killed over."""
SCRATCH = "xgoals-"
"""How names of `scratch_folder` begin."""
_MARK = 12
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def whole_file(path: Path, *, is_secret: bool = False) -> Iterator[Path]:
    """A name to write a file under, which gets its own when all is written; nobody ever sees half of it.

    Parameters
    ----------
    is_secret
        At no moment can anybody but its owner read it.

    Raises
    ------
    UnwritableError
        If the disk is full, or the place may not be written; what was there before stays.
    """
    # Two machines that share a folder may have processes of one number.
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(_MARK // 2)}.part")
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if is_secret:
                unfinished.unlink(missing_ok=True)
                os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def remove_left_over(path: Path) -> None:
    """Remove what killed processes have left of a file long ago: outside the home `xgoals clean` does not look."""
    limit_s = time.time() - 86_400 * LEFT_OVER_DAYS
    for unfinished in path.parent.glob(f"{glob.escape(path.name)}.{'[0-9a-f]' * _MARK}.part"):
        with suppress(OSError):  # it has gone, or is somebody else's
            if unfinished.stat().st_mtime < limit_s:
                unfinished.unlink()


def write_whole(path: Path, text: str) -> None:
    """Write a small text, whole or not at all: who reads a note of ours may rely on it.

    Raises
    ------
    UnwritableError
        As :func:`whole_file`.
    """
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


@contextmanager
def scratch_folder(purpose: str) -> Iterator[Path]:
    """A folder of the system's temporary ones for a while; of a process that was killed, `xgoals clean` removes it."""
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{purpose}-", suffix=UNFINISHED[1]) as folder:
        yield Path(folder)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """The system's bare words about a disk that is full, or a place that may not be written, as ours.

    Raises
    ------
    UnwritableError
        In place of such an `OSError`; any other goes on as it is.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise UnwritableError(
                "the disk is full, this could not be written",
                where=str(path),
                advice=f"Make room ('df -h {path.parent}' shows the disk, 'xgoals clean --dry-run' what may go, "
                "'xgoals clean' removes it), then run again: nothing that was stored is lost",
            ) from error
        if error.errno in _FORBIDDEN:
            raise UnwritableError(
                f"this may not be written ({error.strerror})",
                where=str(path),
                advice="Let the system user that xgoals runs as write there, then run again",
            ) from error
        raise
