"""A folder of this machine, or one that machines share, as storage."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xgoals.domain.errors import UnwritableError
from xgoals.storage.contract import StoredFile, asked, parts_of
from xgoals.whole_files import UNFINISHED, whole_file, writable

PRIVATE = frozenset({"outbox"})
"""Folders of files that only their owner reads, whoever writes them: mails have people's addresses."""


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """A folder. No link below it is followed, but for the first part of a path: reports may lie on another disk."""

    folder: Path

    def where(self, path: str = "") -> str:
        """See :class:`Storage`."""
        return str(self.folder.joinpath(*asked(path)) if path else self.folder)

    def exists(self, path: str) -> bool:
        """See :class:`Storage`."""
        return self._file(path) is not None

    def read(self, path: str) -> bytes | None:
        """See :class:`Storage`; None also where it may not be read."""
        if (file := self._file(path)) is None:
            return None
        try:
            # The path has no link in it any more; if somebody puts one there in this moment, it is not followed.
            with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as opened:
                return opened.read()
        except OSError:  # it is gone, or may not be read
            return None

    def read_part(self, path: str, start: int, end: int) -> bytes:
        """See :class:`Storage`."""
        with self.local(path) as file, file.open("rb") as opened:
            opened.seek(start)
            return opened.read(end - start)

    def write(self, path: str, content: bytes) -> None:
        """See :class:`Storage`."""
        parts = asked(path)
        self._refuse_links(parts)
        with whole_file(self.folder.joinpath(*parts), is_secret=parts[0] in PRIVATE) as unfinished:
            unfinished.write_bytes(content)

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        """See :class:`Storage`."""
        top = self.folder.joinpath(*asked(folder)) if folder else self.folder
        if self._has_links(asked(folder) if folder else ()):
            return
        for file in sorted(top.rglob(f"*{suffix}")):
            path = file.relative_to(self.folder).as_posix()
            if parts_of(path) is None or file.suffix in UNFINISHED:
                continue
            with suppress(OSError):  # it has gone meanwhile
                if not file.is_symlink() and file.is_file():
                    state = file.stat()
                    yield StoredFile(path, state.st_size, datetime.fromtimestamp(state.st_mtime, UTC))

    def remove(self, paths: Iterable[str]) -> None:
        """See :class:`Storage`."""
        for parts in map(asked, paths):
            self._refuse_links(parts)
            file = self.folder.joinpath(*parts)
            with writable(file), suppress(FileNotFoundError, NotADirectoryError):
                file.unlink()

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """See :class:`Storage`."""
        if (file := self._file(path)) is None:
            raise FileNotFoundError(path)
        yield file

    def _file(self, path: str) -> Path | None:
        if (parts := parts_of(path)) is None:
            return None
        with suppress(OSError, ValueError):  # no such file, a name too long, no permission
            root = self.folder.joinpath(*parts[:1] if len(parts) > 1 else ()).resolve(strict=True)
            file = root.joinpath(*parts[1:] if len(parts) > 1 else parts).resolve(strict=True)
            if file.is_relative_to(root) and file.is_file():
                return file
        return None

    def _has_links(self, parts: tuple[str, ...]) -> bool:
        """Whether a folder of a path is a link, but for the first one."""
        return any(self.folder.joinpath(*parts[:n]).is_symlink() for n in range(2, len(parts) + 1))

    def _refuse_links(self, parts: tuple[str, ...]) -> None:
        """What would be written or removed behind a link does not lie in the storage."""
        if self._has_links(parts[:-1]):
            raise UnwritableError(
                "a folder on the way is a link, and none is followed in the storage",
                where=str(self.folder.joinpath(*parts)),
                advice="Put the folder itself there, or let storage_url name the other place",
            )
