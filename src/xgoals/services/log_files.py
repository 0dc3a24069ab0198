"""Logs of programs that never end: rolled while they go on writing."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 20_000_000
GENERATIONS = 3


def roll(log: Path, *, max_bytes: int = MAX_BYTES, generations: int = GENERATIONS) -> bool:
    """Copy a log that has grown too long to ``.1``, older ones to ``.2`` and ``.3``, and empty it; whether it was.

    Its writer appends, so it goes on at the new beginning. What it writes while the last bytes are copied is kept.
    """
    if not log.is_file() or log.stat().st_size <= max_bytes:
        return False
    _older(log, generations).unlink(missing_ok=True)  # first: it is room for the copy
    for n in range(generations - 1, 0, -1):
        with suppress(FileNotFoundError):
            _older(log, n).rename(_older(log, n + 1))
    with log.open("rb") as source, _older(log, 1).open("wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        shutil.copyfileobj(source, copy)
        os.truncate(log, 0)
    return True


def _older(log: Path, n: int) -> Path:
    return log.with_name(f"{log.name}.{n}")
