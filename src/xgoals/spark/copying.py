"""A lake in a bucket as a folder of this machine: only what has changed is fetched."""

import os
from pathlib import Path

from xgoals.storage import LocalStorage, Storage, StoredFile, parts_of, storage_at


def copy_lake(lake: str, folder: Path) -> int:
    """Let a folder hold what lies in a lake, and nothing else of archives and clips; how many files were fetched.

    A file is the same as long as its size and time of change are.

    Raises
    ------
    StoreError
        If the bucket does not answer, or refuses.
    """
    there = storage_at(lake)
    wanted = {file.path: file for file in there.files(suffix=".parquet")}
    wanted = {path: file for path, file in wanted.items() if parts_of(path) is not None}
    here = LocalStorage(folder)
    known = {file.path: file for file in here.files(suffix=".parquet")}
    here.remove(known.keys() - wanted.keys())
    news = [file for path, file in wanted.items() if not _is_same(known.get(path), file)]
    for file in news:
        _fetch(there, file, here)
    return len(news)


def _is_same(here: StoredFile | None, there: StoredFile) -> bool:
    return here is not None and (here.size_bytes, int(here.written_at.timestamp())) == (
        there.size_bytes,
        int(there.written_at.timestamp()),
    )


def _fetch(there: Storage, file: StoredFile, here: LocalStorage) -> None:
    content = there.read(file.path)
    if content is None:  # it has gone since it was listed
        return
    here.write(file.path, content)
    changed_s = file.written_at.timestamp()
    os.utime(here.where(file.path), (changed_s, changed_s))
