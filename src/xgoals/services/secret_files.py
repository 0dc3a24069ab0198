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
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{text}\n")
    unfinished.replace(path)
