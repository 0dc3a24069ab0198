"""CSV files that people write, as spreadsheets save them: byte order marks, Latin letters, semicolons, tabs."""

import codecs
import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from xgoals.domain.errors import FeedError, SettingsError
from xgoals.domain.text import MAX_NAME_CHARS, clean, shortened
from xgoals.feeds.files import why_no_file
from xgoals.feeds.gzip_stream import inflated
from xgoals.feeds.safe_xml import is_gzip

MAX_BYTES = 16 << 20
"""A season has some ten thousand bytes."""
MAX_FEED_BYTES = 256 << 20
"""The events of a match have some millions."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(path: Path, what: str) -> "csv.DictReader[str]":
    """The rows of a CSV file by column, the columns' names in lower case.

    Parameters
    ----------
    what
        What the file is, for messages, such as "the schedule".

    Raises
    ------
    SettingsError
        If it cannot be read.
    """
    return _rows(_text_of(path, what))


def _rows(text: str) -> "csv.DictReader[str]":
    lines = text.splitlines()
    header = lines[0] if lines else ""
    # Excel separates by semicolons where the decimal sign is a comma, and by tabs in its Unicode text.
    rows = csv.DictReader(lines, delimiter=max(",;\t", key=header.count))
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
    return rows


def _text_of(path: Path, what: str) -> str:
    """The file's text: UTF-8 with or without a byte order mark, UTF-16 with one, else as Excel saves it in the West."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise SettingsError(f"{what} cannot be read: {error.strerror}", where=str(path)) from None
    if data is None:
        raise SettingsError(f"{what}: more than {MAX_BYTES:,} bytes cannot be", where=str(path))
    is_utf_16 = data.startswith(_UTF_16)
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingsError(
        f"{what} is in no encoding that is known", where=str(path), advice="Save it as CSV in UTF-8"
    )


Row = dict[str, str]
"""A line by column, without spaces around its values; what is empty or missing is an empty text."""


def read_table(path: Path, needed: Collection[str]) -> list[Row]:
    """The lines of a feed's CSV file (gzipped or not), the columns' names in lower case; empty lines are left out.

    Parameters
    ----------
    needed
        Columns without which the file is of no use.

    Raises
    ------
    FeedError
        If it cannot be read, or such a column is missing.
    """
    where = str(path)
    data = b"".join(_inflated(path))
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the file is not in UTF-8 (byte {error.start:,})"
        raise FeedError(what, where=where, advice="Save it as CSV in UTF-8, or fetch it again") from None
    try:
        rows = _rows(text)
        lines = [
            {
                name: clean(value)
                for name, value in row.items()
                if isinstance(name, str) and isinstance(value, str)
            }
            for row in rows
        ]
    except csv.Error as error:
        raise FeedError(f"no CSV ({error})", where=where, advice="Fetch the file again") from None
    missing = [name for name in needed if name not in (rows.fieldnames or ())]
    if missing:
        has = shortened(", ".join(map(str, rows.fieldnames or ())) or "nothing", MAX_NAME_CHARS)
        advice = f"Its first line has to name the columns {', '.join(needed)}"
        raise FeedError(f"there is no column {missing[0]} (there is: {has})", where=where, advice=advice)
    empty = dict.fromkeys(map(str, rows.fieldnames or ()), "")
    return [empty | line for line in lines if any(line.values())]


def _inflated(path: Path) -> Iterator[bytes]:
    reason = why_no_file(path)
    if reason is not None:
        raise FeedError(reason, where=str(path), advice="Put the file there, or take it out of the folder")
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_FEED_BYTES else None
    except OSError as error:
        advice = "Mend its permissions"
        raise FeedError(f"cannot be read: {error.strerror}", where=str(path), advice=advice) from None
    if data is None:
        what = f"more than {MAX_FEED_BYTES:,} bytes cannot be"
        raise FeedError(what, where=str(path), advice="Fetch the file again")
    yield from inflated([data], MAX_FEED_BYTES, str(path)) if is_gzip(data) else [data]
