"""Files with secrets: passwords and keys that only their owner may read."""

import os
from pathlib import Path


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all; at no moment can anybody else.

    Parameters
    ----------
    path
        In a folder that is there.
    text
        Its content, without the end of the line.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())  # or a power cut may leave an empty file under the name of the old one
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _on_disk(path.parent)


def _on_disk(folder: Path) -> None:
    """The names in a folder are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
