"""CSV files that people write, as spreadsheets save them: byte order marks, Latin letters, semicolons, tabs."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
COMMENT = "#"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAVE_AS_UTF_8 = "Save it as CSV in UTF-8"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?$", re.IGNORECASE)
_GAPS = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file's lines.

    Attributes
    ----------
    columns
        Their names in lower case, words joined by ``_``.
    rows
        Number of the line and its texts by column; empty lines and comments are left out.
    text, encoding, delimiter
        The file as it stands, for who adds to it.
    header_at
        Where in the text the columns' line begins.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    text: str
    encoding: str
    delimiter: str
    header_at: int


def read_csv(path: Path, what: str) -> CsvTable:
    """The rows of a CSV file by column.

    Parameters
    ----------
    what
        What the file is, for messages, such as "the schedule".

    Raises
    ------
    SettingsError
        If it cannot be read.
    """
    text, encoding = _text_of(path, what)
    try:
        return _table(text, encoding)
    except csv.Error as error:
        raise SettingsError(f"{what} is no CSV ({error})", where=str(path), advice=SAVE_AS_UTF_8) from None


def _table(text: str, encoding: str) -> CsvTable:
    first = next(iter(io.StringIO(text, newline="")), "")
    told = _SEPARATOR_LINE.match(first)  # Excel's own way to name it
    header_at = len(first) if told else 0
    header = next(iter(io.StringIO(text[header_at:], newline="")), "")
    # Excel separates by semicolons where the decimal sign is a comma, and by tabs in its Unicode text.
    delimiter = told[1] if told else max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text[header_at:], newline=""), delimiter=delimiter)
    rows = list[tuple[int, dict[str, str]]]()
    columns = tuple(_GAPS.sub("_", name.strip().lower()) for name in next(reader, ()))
    line = reader.line_num + bool(told)
    for cells in reader:
        line, at = reader.line_num + bool(told), line + 1
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith(COMMENT):
            rows.append((at, dict(zip(columns, cells, strict=False))))
    return CsvTable(columns, tuple(rows), text, encoding, delimiter, header_at)


def _text_of(path: Path, what: str) -> tuple[str, str]:
    """The file's text: UTF-8 with or without a byte order mark, UTF-16 with one, else as Excel saves it in the West."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise SettingsError(f"{what} cannot be read: {error.strerror}", where=str(path)) from None
    if data is None:
        raise SettingsError(f"{what}: more than {MAX_BYTES:,} bytes cannot be", where=str(path))
    is_utf_16 = data.startswith(_UTF_16)
    is_marked = data.startswith(codecs.BOM_UTF8)
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig" if is_marked else "utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SettingsError(f"{what} is in no encoding that is known", where=str(path), advice=SAVE_AS_UTF_8)


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
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        table = _table(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        what = f"the file is not in UTF-8 (byte {error.start:,})"
        raise FeedError(what, where=where, advice=f"{SAVE_AS_UTF_8}, or fetch it again") from None
    except csv.Error as error:
        raise FeedError(f"no CSV ({error})", where=where, advice="Fetch the file again") from None
    missing = [name for name in needed if name not in table.columns]
    if missing:
        has = shortened(", ".join(table.columns) or "nothing", MAX_NAME_CHARS)
        advice = f"Its first line has to name the columns {', '.join(needed)}"
        raise FeedError(f"there is no column {missing[0]} (there is: {has})", where=where, advice=advice)
    empty = dict.fromkeys(table.columns, "")
    return [empty | {name: clean(value) for name, value in row.items()} for _, row in table.rows]


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
