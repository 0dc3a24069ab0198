"""Files that all machines of an installation share: pages, clips and mails that wait.

A stored path is relative, with ``/`` between its parts (``reports/main/match/4021.html``), and never leads outside.
Where the storage lies is one setting: ``XGOALS_HOME``, or ``storage_url`` (another folder, or ``s3://bucket/prefix``).
A file is written whole or not at all, and read whole.
"""

from pathlib import Path

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
    "parts_of",
    "reports_of",
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
    url = settings.storage_url
    if url is None:
        return LocalStorage(settings.home)
    if url.startswith("s3://"):
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        return BucketStorage.at(bucket, prefix)
    return LocalStorage(Path(url))


def where_is(settings: Settings, path: str) -> str:
    """A file or folder of the storage as a person finds it; the storage is not asked."""
    return f"{settings.storage_url or settings.home}/{path}"


def reports_of(database: str) -> str:
    """The folder of a database's pages."""
    return f"{REPORTS}/{database}"
