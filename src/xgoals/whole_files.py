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
_BROKEN = frozenset({errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO})
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
        if (told := unwritable(error, path)) is not None:
            raise told from error
        raise


def unwritable(error: OSError, path: Path) -> UnwritableError | None:
    """What the system says of a place that does not take a file, as a sentence; None of anything else."""
    if error.errno in _FULL:
        if _has_no_inode(path):
            return UnwritableError(
                "the disk takes no more files, however much room there is",
                where=str(path),
                advice=f"Its inodes are used up ('df -i {path.parent}'): remove files that nobody needs ('xgoals clean'"
                " removes old ones), then run again: nothing that was stored is lost",
            )
        return UnwritableError(
            "the disk is full, this could not be written",
            where=str(path),
            advice=f"Make room ('df -h {path.parent}' shows the disk, 'xgoals clean --dry-run' what may go, "
            "'xgoals clean' removes it), then run again: nothing that was stored is lost",
        )
    if error.errno in _FORBIDDEN:
        return UnwritableError(
            f"this may not be written ({error.strerror})",
            where=str(path),
            advice="Let the system user that xgoals runs as write there, then run again",
        )
    if error.errno == errno.EFBIG:
        return UnwritableError(
            "this file would be larger than files may be here",
            where=str(path),
            advice="Raise the limit of this system user ('ulimit -f') or of the file system, then run again",
        )
    if error.errno in _BROKEN:
        return UnwritableError(
            f"the disk did not take this ({error.strerror})",
            where=str(path),
            advice="Look at the disk, or at the machine that shares it, and at the system's log ('dmesg'); then run"
            " again: nothing that was stored is lost",
        )
    return None


def _has_no_inode(path: Path) -> bool:
    """Whether it is files that the disk has no room for; some file systems do not count them."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_files > 0 and disk.f_favail == 0


@contextmanager
def scratch_folder(purpose: str) -> Iterator[Path]:
    """A folder below ``TMPDIR`` for a while; of a process that was killed, `xgoals clean` removes it.

    Raises
    ------
    UnwritableError
        If there is no room for it, or for what is written into it.
    """
    try:
        top = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise UnwritableError(
            "no folder for temporary files takes one",
            where=os.environ.get("TMPDIR", "/tmp"),  # noqa: S108 - named, not used
            advice="Make room there ('df -h', 'df -i'), or let TMPDIR name another folder; then run again",
        ) from error
    prefix = f"{SCRATCH}{purpose}-"
    with (
        writable(top / prefix),
        tempfile.TemporaryDirectory(prefix=prefix, suffix=UNFINISHED[1], dir=top) as folder,
    ):
        yield Path(folder)
