"""Files with secrets: passwords and keys that only their owner may read."""

import os
from pathlib import Path

from xgoals.whole_files import whole_file


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all; at no moment can anybody else.

    Parameters
    ----------
    path
        In a folder that is there.
    text
        Its content, without the end of the line.
    """
    with whole_file(path, is_secret=True) as unfinished, unfinished.open("w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())  # or a power cut may leave an empty file under the name of the old one
    _on_disk(path.parent)


def _on_disk(folder: Path) -> None:
    """The names in a folder are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
