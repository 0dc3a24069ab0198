"""Which files the mounted pages may show: HTML of one database's reports, whatever an address says."""

from xgoals.settings import Database
from xgoals.storage import Storage, reports_of


def read_page(storage: Storage, database: Database, path: str) -> bytes | None:
    """The contents of a page; None if there is no such page, or it may not be shown.

    Parameters
    ----------
    database
        Whose reports.
    path
        From the address, decoded. Nothing in it leads outside of these: neither ``..`` nor an absolute path nor a
        symbolic link; hidden files and other endings do not exist.

    Raises
    ------
    StoreError
        If the storage does not answer, or refuses.
    """
    if not path.endswith(".html"):
        return None
    return storage.read(f"{reports_of(database)}/{path}")
