"""The checksum at the end of a backup, over all that stands before it.

``pg_restore`` checks what is compressed, rows, and not the statements that make tables; it reads no further than the
archive goes, so a line behind it does not disturb it.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

from xgoals.domain.errors import SourceError

_BEGIN, _END = b"\nxgoals sha256 ", b"\n"
_LENGTH = len(_BEGIN) + 64 + len(_END)
_BLOCK = 1 << 20


def write(file: Path) -> None:
    """Add it to a file that is written to its end."""
    with file.open("r+b") as archive:
        digest = _sum(archive, file.stat().st_size)
        archive.write(_BEGIN + digest + _END)


def check(file: Path) -> bool:
    """Whether a file has a checksum, which then is right; one of an earlier xgoals has none.

    Raises
    ------
    SourceError
        If it is not that of what stands before it, or the file cannot be read.
    """
    try:
        n_bytes = file.stat().st_size - _LENGTH
        with file.open("rb") as archive:
            archive.seek(max(0, n_bytes))
            found = archive.read()
            if n_bytes < 0 or not found.startswith(_BEGIN):
                return False
            archive.seek(0)
            is_right = found == _BEGIN + _sum(archive, n_bytes) + _END
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", where=str(file)) from None
    if not is_right:
        raise SourceError(
            "the backup is damaged (its checksum is another one)", where=str(file), advice="Use another one"
        )
    return True


def _sum(archive: BinaryIO, n_bytes: int) -> bytes:
    """Over the first bytes; the file stands behind them then."""
    digest, left = hashlib.sha256(), n_bytes
    while left and (block := archive.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()
