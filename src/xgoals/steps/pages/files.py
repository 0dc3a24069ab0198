"""Files that a reader may open at any time: their names, and how they are written."""

import hashlib
import re
from pathlib import Path

from xgoals.whole_files import whole_file


def file_name(scope_id: str) -> str:
    """A file name that every file system takes, different for different ids."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", scope_id).strip("-.")
    return plain if plain == scope_id else f"{plain}-{hashlib.sha256(scope_id.encode()).hexdigest()[:6]}"


def write_atomically(path: Path, text: str) -> str:
    """Write a file so that nobody ever sees half of it; its SHA-256.

    Raises
    ------
    UnwritableError
        If the disk is full, or the place may not be written.
    """
    content = text.encode()
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
