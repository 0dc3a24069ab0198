"""The pages of a database in the storage: their names, which of them lie there, and how they are written."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from xgoals.settings import Database, Settings
from xgoals.storage import Storage, reports_of, storage_of

_LONGEST_NAME = 160
"""File systems take 255 bytes; a competition and a season alone may have 400."""


def file_name(scope_id: str) -> str:
    """A file name that every file system takes, different for different ids."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", scope_id).strip("-.")[:_LONGEST_NAME]
    return plain if plain == scope_id else f"{plain}-{hashlib.sha256(scope_id.encode()).hexdigest()[:6]}"


@dataclass(frozen=True, slots=True)
class PageFiles:
    """All pages of a database, a folder each kind.

    Which pages lie there is listed once a folder, when somebody asks: links ask a thousand times.

    Attributes
    ----------
    folder
        Where they lie in the storage; so begin the paths of all.
    """

    storage: Storage
    folder: str
    _lying: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, database: Database) -> "PageFiles":
        """Those of an installation."""
        return cls(storage_of(settings), reports_of(database))

    @property
    def index(self) -> str:
        """The path of the index."""
        return f"{self.folder}/index.html"

    def path(self, kind: str, scope_id: str) -> str:
        """Where a page lies."""
        return f"{self.folder}/{kind}/{file_name(scope_id)}.html"

    def lies(self, path: str) -> bool:
        """Whether there is such a page; one that is written or removed by somebody else meanwhile is not noticed."""
        if not path.startswith(f"{self.folder}/"):
            return False
        if path == self.index:
            return self.storage.exists(path)
        return path in self._in_folder(path)

    def write(self, path: str, html: str) -> str:
        """Write a page; its SHA-256.

        Raises
        ------
        StoreError
            If it cannot be written; the one before it stays.
        """
        content = html.encode()
        self.storage.write(path, content)
        if (known := self._lying.get(_folder_of(path))) is not None:
            known.add(path)
        return hashlib.sha256(content).hexdigest()

    def remove(self, paths: Iterable[str]) -> None:
        """Remove pages, as far as they are there.

        Raises
        ------
        StoreError
            If the storage refuses, or does not answer.
        """
        gone = [path for path in paths if path.startswith(f"{self.folder}/")]
        self.storage.remove(gone)
        for known in self._lying.values():
            known.difference_update(gone)

    def _in_folder(self, path: str) -> set[str]:
        folder = _folder_of(path)
        if folder not in self._lying:
            self._lying[folder] = {file.path for file in self.storage.files(folder, suffix=".html")}
        return self._lying[folder]


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]
