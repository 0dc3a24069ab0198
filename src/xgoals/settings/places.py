"""Where the files lie that all machines share: a folder, or a bucket."""

from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator


def storage_place(given: str) -> str:
    """``s3://bucket/prefix``, or the absolute path of a folder.

    Raises
    ------
    ValueError
        If it is neither.
    """
    parts = urlsplit(given)
    if parts.scheme == "s3" and parts.netloc and not (parts.query or parts.fragment or "@" in parts.netloc):
        return f"s3://{parts.netloc}/{parts.path.strip('/')}".rstrip("/")
    if parts.scheme == "file" and not parts.netloc:
        return str(Path(unquote(parts.path)).resolve())
    if given.strip() and "://" not in given and parts.scheme == "":
        return str(Path(given).expanduser().resolve())
    raise ValueError(f"{given!r} is neither a folder (/data/xgoals) nor a bucket (s3://bucket/prefix)")


StoragePlace = Annotated[str, AfterValidator(storage_place)]
