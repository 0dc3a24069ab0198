"""CSV files that people write, as spreadsheets save them: byte order marks, Latin letters, semicolons, tabs."""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from xgoals.domain.errors import SettingsError

MAX_BYTES = 16 << 20
"""A season has some ten thousand bytes."""
COMMENT = "#"
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
    first = next(iter(io.StringIO(text, newline="")), "")
    told = _SEPARATOR_LINE.match(first)  # Excel's own way to name it
    header_at = len(first) if told else 0
    header = next(iter(io.StringIO(text[header_at:], newline="")), "")
    # Excel separates by semicolons where the decimal sign is a comma, and by tabs in its Unicode text.
    delimiter = told[1] if told else max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text[header_at:], newline=""), delimiter=delimiter)
    rows = list[tuple[int, dict[str, str]]]()
    try:
        columns = tuple(_GAPS.sub("_", name.strip().lower()) for name in next(reader, ()))
        line = reader.line_num + bool(told)
        for cells in reader:
            line, at = reader.line_num + bool(told), line + 1
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith(COMMENT):
                rows.append((at, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        raise SettingsError(f"{what} is no CSV ({error})", where=str(path), advice=SAVE_AS_UTF_8) from None
    return CsvTable(columns, tuple(rows), text, encoding, delimiter, header_at)


def _text_of(path: Path, what: str) -> tuple[str, str]:
    """The file's text: UTF-8 with or without a byte order mark, UTF-16 with one, else as Excel saves it in the West."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise SettingsError(f"{what} cannot be read: {error.strerror}", where=str(path)) from None
    if data is None:
        raise SettingsError(f"{what}: more than {MAX_BYTES:,} bytes cannot be", where=str(path))
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    is_marked = data.startswith(codecs.BOM_UTF8)
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig" if is_marked else "utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SettingsError(f"{what} is in no encoding that is known", where=str(path), advice=SAVE_AS_UTF_8)
