"""Which files the mounted pages may show: HTML inside one folder, whatever an address says."""

import os
from pathlib import Path, PurePosixPath


def read_page(folder: Path, path: str) -> bytes | None:
    """The contents of a page below a folder; None if there is no such page, or it may not be shown.

    Parameters
    ----------
    folder
        The reports of one database.
    path
        From the address, decoded. Nothing in it leads outside: neither ``..`` nor an absolute path nor a symbolic
        link; hidden files and other endings do not exist.
    """
    parts = PurePosixPath(path).parts
    if path.endswith("/") or any(character in path for character in "\0\\"):
        return None
    if not parts or any(part.startswith((".", "/")) for part in parts):
        return None
    try:
        root = folder.resolve(strict=True)
        file = root.joinpath(*parts).resolve(strict=True)
        if not file.is_relative_to(root) or file.suffix != ".html" or not file.is_file():
            return None
        # The path has no link in it any more; if somebody puts one there in this moment, it is not followed.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as opened:
            return opened.read()
    except (OSError, ValueError):  # no such file, a name too long, no permission
        return None
