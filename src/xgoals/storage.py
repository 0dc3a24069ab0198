"""Files that all machines of an installation share: pages, clips, archives and mails that wait.

A stored path is relative, with ``/`` between its parts (``reports/main/match/4021.html``), and never leads outside.
Where the storage lies is one setting: ``XGOALS_HOME``, or ``storage_url`` (another folder, or ``s3://bucket/prefix``).
A file is written whole or not at all, and read whole.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.parse import urlsplit

from xgoals.domain.errors import SettingsError, StoreError, UnwritableError
from xgoals.settings import Settings
from xgoals.whole_files import whole_file

_LIBRARIES = frozenset({"aiobotocore", "aiohttp", "botocore", "fsspec", "s3fs"})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the storage: its path there, its size and when it was written."""

    path: str
    size_bytes: int
    written_at: datetime


class Storage(Protocol):
    """What a place for files can do, wherever it is."""

    def where(self, path: str) -> str:
        """The file as a person finds it: a path of this machine, or a URL."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""

    def read(self, path: str) -> bytes | None:
        """All of a file; None if there is none, or the path leads outside."""

    def write(self, path: str, content: bytes) -> None:
        """Write a file; nobody ever sees half of it, and what was there before stays if it fails.

        Raises
        ------
        UnwritableError
            If there is no room, or the place may not be written.
        """

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        """All files below a folder, by path; unfinished ones and links are left out."""

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; what is not there is removed already."""

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """A file as one of this machine's, for libraries that open paths; a copy of it where it lies elsewhere.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        yield Path()


def storage_of(settings: Settings) -> Storage:
    """The storage of an installation.

    Raises
    ------
    SettingsError
        If its kind is unknown, or needs a package that is not installed.
    """
    return LocalStorage(settings.home) if settings.storage_url is None else storage_at(settings.storage_url)


def storage_at(place: str) -> Storage:
    """The storage at a folder of this machine, or at a URL.

    Raises
    ------
    SettingsError
        If its kind is unknown, or needs a package that is not installed.
    """
    if is_url(place):
        return RemoteStorage.at(place)
    return LocalStorage(Path(place.removeprefix("file://")).expanduser().resolve())


def is_url(place: str) -> bool:
    """Whether a place is elsewhere than in a folder of this machine."""
    scheme, found, _ = place.partition("://")
    return bool(found) and scheme != "file"


def parts_of(path: str) -> tuple[str, ...] | None:
    """The parts of a stored path; None where it is none: it leads outside, is absolute, hidden or of no file system."""
    parts = PurePosixPath(path).parts
    if not parts or path.endswith("/") or any(character in path for character in "\0\\"):
        return None
    return None if any(part.startswith((".", "/")) for part in parts) else parts


def _asked(path: str) -> tuple[str, ...]:
    parts = parts_of(path)
    if parts is None:
        raise ValueError(f"{path!r} is no path of the storage")
    return parts


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """A folder of this machine, or one that machines share; no link in it is followed."""

    folder: Path

    def where(self, path: str) -> str:
        """See :class:`Storage`."""
        return str(self.folder.joinpath(*_asked(path)))

    def exists(self, path: str) -> bool:
        """See :class:`Storage`."""
        return self._file(path) is not None

    def read(self, path: str) -> bytes | None:
        """See :class:`Storage`."""
        if (file := self._file(path)) is None:
            return None
        try:
            # The path has no link in it any more; if somebody puts one there in this moment, it is not followed.
            with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as opened:
                return opened.read()
        except OSError:  # it is gone, or may not be read
            return None

    def write(self, path: str, content: bytes) -> None:
        """See :class:`Storage`."""
        with whole_file(self.folder.joinpath(*_asked(path))) as unfinished:
            unfinished.write_bytes(content)

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        """See :class:`Storage`."""
        top = self.folder.joinpath(*_asked(folder)) if folder else self.folder
        if top.is_symlink():
            return
        for file in sorted(top.rglob(f"*{suffix}")):
            if file.is_symlink() or not file.is_file() or file.suffix == ".part":
                continue
            state = file.stat()
            written_at = datetime.fromtimestamp(state.st_mtime, UTC)
            yield StoredFile(file.relative_to(self.folder).as_posix(), state.st_size, written_at)

    def remove(self, paths: Iterable[str]) -> None:
        """See :class:`Storage`."""
        for path in paths:
            self.folder.joinpath(*_asked(path)).unlink(missing_ok=True)

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """See :class:`Storage`."""
        if (file := self._file(path)) is None:
            raise FileNotFoundError(self.where(path))
        yield file

    def _file(self, path: str) -> Path | None:
        parts = parts_of(path)
        if parts is None:
            return None
        with suppress(OSError, ValueError):  # no such file, a name too long, no permission
            root = self.folder.resolve(strict=True)
            file = root.joinpath(*parts).resolve(strict=True)
            if file.is_relative_to(root) and file.is_file():
                return file
        return None


@dataclass(frozen=True, slots=True)
class RemoteStorage:
    """A place that `fsspec` knows, such as a bucket; one put is whole there by itself."""

    filesystem: Any
    root: str
    url: str

    @classmethod
    def at(cls, url: str) -> "RemoteStorage":
        """The storage at a URL; keys, region and endpoint come from the variables of its library (``AWS_...``).

        Raises
        ------
        SettingsError
            If the kind of URL is unknown, or needs a package that is not installed.
        """
        import fsspec

        scheme = urlsplit(url).scheme
        try:
            filesystem, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except ImportError:
            raise SettingsError(
                f"{scheme}:// needs a package that is not installed",
                where=url,
                advice=f"Install it: pip install 'xgoals[{scheme}]'",
            ) from None
        except ValueError as error:
            raise SettingsError(str(error), where=url, advice="See docs/settings.md") from None
        return cls(filesystem, root.rstrip("/"), url.rstrip("/"))

    def where(self, path: str) -> str:
        """See :class:`Storage`."""
        return "/".join((self.url, *_asked(path)))

    def exists(self, path: str) -> bool:
        """See :class:`Storage`."""
        parts = parts_of(path)
        with self._told(path):
            return parts is not None and bool(self.filesystem.isfile(self._at(parts)))

    def read(self, path: str) -> bytes | None:
        """See :class:`Storage`."""
        parts = parts_of(path)
        if parts is None:
            return None
        with self._told(path), suppress(FileNotFoundError):
            return bytes(self.filesystem.cat_file(self._at(parts)))
        return None

    def read_part(self, path: str, start: int, end: int) -> bytes:
        """Some bytes of a file, from one place to before another."""
        with self._told(path):
            return bytes(self.filesystem.cat_file(self._at(_asked(path)), start=start, end=end))

    def write(self, path: str, content: bytes) -> None:
        """See :class:`Storage`."""
        parts = _asked(path)
        with self._told(path, writing=True):
            self.filesystem.pipe_file(self._at(parts), content)

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        """See :class:`Storage`."""
        top = self._at(_asked(folder)) if folder else self.root
        with self._told(folder):
            found = self.filesystem.find(top, detail=True)
        for name, told in sorted(found.items()):
            if name.endswith(suffix):
                path = name.removeprefix(f"{self.root}/")
                yield StoredFile(path, int(told["size"]), told["LastModified"])

    def remove(self, paths: Iterable[str]) -> None:
        """See :class:`Storage`."""
        if names := [self._at(_asked(path)) for path in paths]:
            with self._told(names[0], writing=True), suppress(FileNotFoundError):
                self.filesystem.rm(names)

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """See :class:`Storage`."""
        parts = _asked(path)
        with TemporaryDirectory(prefix="xgoals-") as folder:
            copy = Path(folder) / parts[-1]
            with self._told(path):
                self.filesystem.get_file(self._at(parts), str(copy))
            yield copy

    def _at(self, parts: tuple[str, ...]) -> str:
        return "/".join((self.root, *parts))

    @contextmanager
    def _told(self, path: str, *, writing: bool = False) -> Iterator[None]:
        """A library's error as ours: who must do what, and whether trying again can help."""
        try:
            yield
        except FileNotFoundError as error:
            if not writing:
                raise
            raise StoreError(
                f"there is no such place ({error})",
                where=f"{self.url}/{path}",
                advice="Make the bucket, or mend its name",
            ) from None
        except PermissionError as error:
            kind = UnwritableError if writing else StoreError
            raise kind(
                f"the storage refuses it ({error})",
                where=f"{self.url}/{path}",
                advice="Check the keys, and what they may do in this bucket",
            ) from None
        except Exception as error:
            # Not all that the libraries beneath raise is an OSError: a host that is not there is one of botocore's.
            if not isinstance(error, OSError) and type(error).__module__.split(".")[0] not in _LIBRARIES:
                raise
            if "Credentials" in type(error).__name__:
                raise StoreError(
                    f"there are no keys for this storage ({error})",
                    where=f"{self.url}/{path}",
                    advice="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                ) from None
            raise StoreError(
                f"the storage does not answer ({error})",
                where=f"{self.url}/{path}",
                advice="Check storage_url and the network; it is tried again",
            ) from None
