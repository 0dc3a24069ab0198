"""The small files of a match, read and parsed as a whole."""

import hashlib
from pathlib import Path
from xml.etree.ElementTree import Element

from xgoals.domain.errors import FeedError
from xgoals.feeds.gzip_stream import inflated
from xgoals.feeds.safe_xml import MAX_SMALL_FILE_BYTES, RESEND, is_gzip, parse_bytes


def read_small(path: Path) -> tuple[Element, str]:
    """Read and parse a small feed file (gzipped or not).

    Returns
    -------
    root
        The document's root element.
    sha256
        Of the file as it lies there.

    Raises
    ------
    FeedError
        As :func:`parse_bytes`, and if the file cannot be read, is too large, or its gzip stream is broken.
    """
    data = _read_limited(path, MAX_SMALL_FILE_BYTES)
    digest = hashlib.sha256(data).hexdigest()
    if is_gzip(data):
        data = b"".join(inflated([data], MAX_SMALL_FILE_BYTES, str(path)))
    return parse_bytes(data, str(path)), digest


def _read_limited(path: Path, limit: int) -> bytes:
    """All bytes of a file that is not larger than ``limit``."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= limit else b""
    except OSError as error:
        raise FeedError(
            f"the file cannot be read ({error.strerror})", where=str(path), advice=RESEND
        ) from error
    if size > limit:
        what = f"{size:,} bytes where at most {limit:,} are plausible"
        raise FeedError(what, where=str(path), advice=RESEND)
    return data
