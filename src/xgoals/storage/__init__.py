"""Files that all machines of an installation share: pages, clips and mails that wait.

A stored path is relative, with ``/`` between its parts (``reports/main/match/4021.html``), and never leads outside.
Where the storage lies is one setting: ``XGOALS_HOME``, or ``storage_url`` (another folder, or ``s3://bucket/prefix``).
A file is written whole or not at all, and read whole.
"""

from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.settings import Settings
from xgoals.storage.bucket import BucketStorage
from xgoals.storage.contract import Storage, StoredFile, parts_of
from xgoals.storage.local import LocalStorage

__all__ = [
    "CLIPS",
    "OUTBOX",
    "REPORTS",
    "BucketStorage",
    "LocalStorage",
    "Storage",
    "StoredFile",
    "is_url",
    "parts_of",
    "reports_of",
    "storage_at",
    "storage_of",
    "where_is",
]

REPORTS, CLIPS, OUTBOX = "reports", "clips", "outbox"
"""Folders of the storage: pages and clips in one for each database; mails as .eml files, all of them while no mail
server is configured, else the refused ones."""


def storage_of(settings: Settings) -> Storage:
    """The storage of an installation.

    Raises
    ------
    SettingsError
        If it needs a package that is not installed, or the bucket's name is none.
    """
    return LocalStorage(settings.home) if settings.storage_url is None else storage_at(settings.storage_url)


def storage_at(place: str) -> Storage:
    """The storage at a folder of this machine, or at a URL.

    Raises
    ------
    SettingsError
        If its kind is unknown, or it needs a package that is not installed.
    """
    if not is_url(place):
        return LocalStorage(Path(place.removeprefix("file://")).expanduser().resolve())
    scheme, _, rest = place.partition("://")
    if scheme != "s3":
        raise SettingsError(
            f"nothing here reads {scheme}://",
            where=place,
            advice="Name a folder, or a bucket as s3://bucket/prefix",
        )
    bucket, _, prefix = rest.partition("/")
    return BucketStorage.at(bucket, prefix.rstrip("/"))


def is_url(place: str) -> bool:
    """Whether a place is elsewhere than in a folder of this machine."""
    scheme, found, _ = place.partition("://")
    return bool(found) and scheme != "file"


def where_is(settings: Settings, path: str) -> str:
    """A file or folder of the storage as a person finds it; the storage is not asked."""
    return f"{settings.storage_url or settings.home}/{path}"


def reports_of(database: str) -> str:
    """The folder of a database's pages."""
    return f"{REPORTS}/{database}"
