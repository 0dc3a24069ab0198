"""What a place for files can do, whatever it is, and which paths are paths in it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the storage: its path there, its size and when it was written."""

    path: str
    size_bytes: int
    written_at: datetime


class Storage(Protocol):
    """A place for files; a path that leads outside, or is none, is that of no file.

    Who may not go on without an answer gets an error: that the place does not answer never looks like a missing file.
    """

    def where(self, path: str = "") -> str:
        """The file (without one: the place) as a person finds it: a path of this machine, or a URL."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file.

        Raises
        ------
        StoreError
            If the place does not answer, or refuses.
        """

    def read(self, path: str) -> bytes | None:
        """All of a file; None if there is none.

        Raises
        ------
        StoreError
            If the place does not answer, or refuses.
        """

    def read_part(self, path: str, start: int, end: int) -> bytes:
        """Some bytes of a file, from one place to before another.

        Raises
        ------
        FileNotFoundError
            If there is none.
        StoreError
            If the place does not answer, or refuses.
        """

    def write(self, path: str, content: bytes) -> None:
        """Write a file; nobody ever sees half of it, and what was there before stays if it fails.

        Raises
        ------
        UnwritableError
            If there is no room, or the place may not be written.
        StoreError
            If it does not answer.
        """

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        """All files below a folder, by path; unfinished and hidden ones and links are left out.

        Raises
        ------
        StoreError
            If the place does not answer, or refuses.
        """

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; what is not there is removed already.

        Raises
        ------
        UnwritableError
            If that is not allowed.
        StoreError
            If the place does not answer.
        """

    def local(self, path: str) -> AbstractContextManager[Path]:
        """A file as one of this machine's, for libraries that open paths; a copy of it where it lies elsewhere.

        Raises
        ------
        FileNotFoundError
            If there is none.
        StoreError
            If the place does not answer, or refuses.
        """


def parts_of(path: str) -> tuple[str, ...] | None:
    """The parts of a stored path; None where it is none: it leads outside, is absolute, hidden or of no file system."""
    parts = PurePosixPath(path).parts
    if not parts or "/".join(parts) != path or any(character in path for character in "\0\\"):
        return None
    return None if any(part.startswith((".", "/")) for part in parts) else parts


def asked(path: str) -> tuple[str, ...]:
    """The parts of a path that is to be written or removed.

    Raises
    ------
    ValueError
        If it is none.
    """
    parts = parts_of(path)
    if parts is None:
        raise ValueError(f"{path!r} is no path of the storage")
    return parts
