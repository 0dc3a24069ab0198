"""Where feed files come from: a folder that all machines see, or a bucket, of which each fetches what it needs."""

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from xgoals.domain.errors import SourceError, StoreError
from xgoals.feeds import Delivery
from xgoals.feeds.handover import as_text, from_text
from xgoals.storage import Storage, StoredFile, is_url, parts_of, storage_at
from xgoals.whole_files import scratch_folder

WHOLE_BYTES = 32 << 20
"""Files of events are smaller and looked at as a whole; of positions, which are larger, both ends are."""
HEAD_BYTES = 1 << 20
TAIL_BYTES = 1 << 16
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Listed:
    """A source as the feed's ``discover`` can read it.

    Attributes
    ----------
    folder
        The source itself; of a bucket a folder with what its files begin and end with.
    url
        None where the source is a folder.
    files
        Of a bucket, its files by their path in it.
    """

    folder: Path
    url: str | None = None
    files: Mapping[str, StoredFile] = field(default_factory=dict)

    def fingerprint(self, delivery: Delivery) -> str:
        """The delivery's; of files in a bucket, of which not all was seen, with their sizes and times."""
        if self.url is None:
            return delivery.fingerprint
        known = [self.files.get(path.relative_to(self.folder).as_posix()) for path in delivery.files]
        states = [(file.path, file.size_bytes, file.written_at.isoformat()) for file in known if file]
        return hashlib.sha256(json.dumps([delivery.fingerprint, states]).encode()).hexdigest()

    def said(self, text: str) -> str:
        """A sentence of the feed's, with the URL where it names the folder that stands for it."""
        return text if self.url is None else text.replace(str(self.folder), self.url)


@contextmanager
def listed(source: str) -> Iterator[Listed]:
    """A source, ready for a feed's ``discover``.

    Raises
    ------
    SourceError
        If nothing is there.
    StoreError
        If the bucket does not answer, or refuses.
    """
    if not is_url(source):
        folder = Path(source.removeprefix("file://")).expanduser()
        if not folder.exists():
            raise SourceError("no such folder", where=str(folder), advice="Check the path given as --source")
        yield Listed(folder.resolve())
        return
    storage = storage_at(source)
    with scratch_folder("heads") as folder:
        files = {file.path: file for file in storage.files() if parts_of(file.path) is not None}
        if not files:
            raise SourceError("nothing lies there", where=source, advice="Check the URL given as --source")
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda file: _sketch(storage, file, folder), files.values()))
        yield Listed(folder, source.rstrip("/"), files)


def _sketch(storage: Storage, file: StoredFile, folder: Path) -> None:
    """A file as large and as old as that in the bucket, whole if it is small; of a large one both ends."""
    sketch = folder / file.path
    sketch.parent.mkdir(parents=True, exist_ok=True)
    if file.size_bytes <= WHOLE_BYTES:
        _copy(storage, file.path, sketch)
    else:
        with sketch.open("wb") as opened:
            opened.write(storage.read_part(file.path, 0, HEAD_BYTES))
            opened.seek(file.size_bytes - TAIL_BYTES)
            opened.write(storage.read_part(file.path, file.size_bytes - TAIL_BYTES, file.size_bytes))
    changed_s = file.written_at.timestamp()
    os.utime(sketch, (changed_s, changed_s))


@dataclass(frozen=True, slots=True)
class Handover:
    """A delivery on its way to another machine: what the feed has found, and how to come by its files."""

    text: str
    folder: str
    url: str | None
    fingerprint: str

    @classmethod
    def of(cls, listed: Listed, delivery: Delivery) -> "Handover":
        """From the machine that lists."""
        return cls(as_text(delivery), str(listed.folder), listed.url, listed.fingerprint(delivery))

    @contextmanager
    def here(self) -> Iterator["Delivered"]:
        """The delivery with its files on this machine; of a bucket they are fetched, and removed afterwards.

        Raises
        ------
        SourceError
            If a file is not there, such as one of a folder that this machine does not see.
        StoreError
            If the bucket does not answer, or refuses.
        """
        if self.url is None:
            delivered = Delivered(from_text(self.text))
            _refuse_unseen(delivered.delivery)
            yield delivered
            return
        with scratch_folder("match") as folder:
            name = str(folder)
            # JSON writes paths with escapes of its own; both folders are our own temporary ones, of plain letters.
            delivery = from_text(self.text.replace(self.folder, name))
            for path in delivery.files:
                _fetch(self.url, path.relative_to(name).as_posix(), path)
            yield Delivered(delivery, name, self.url)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery whose files are here; of a bucket they lie in a folder that stands for its URL."""

    delivery: Delivery
    folder: str | None = None
    url: str | None = None

    def said(self, text: str) -> str:
        """A sentence, with the URL where it names the folder that stands for it."""
        return text.replace(self.folder, self.url) if self.folder and self.url else text


def _refuse_unseen(delivery: Delivery) -> None:
    for path in delivery.files:
        if not path.exists():
            raise SourceError(
                f"the machine that was to read it ({socket.gethostname()}) does not see this file",
                where=str(path),
                advice="Mount the folder at the same path on every node, or put the files into a bucket",
            )


def _fetch(url: str, name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy(storage_at(url), name, path)
    except FileNotFoundError:
        raise StoreError(
            "the file has gone since it was listed", where=f"{url}/{name}", advice="Run again"
        ) from None


def _copy(storage: Storage, name: str, path: Path) -> None:
    with storage.local(name) as copy:
        shutil.move(copy, path)
