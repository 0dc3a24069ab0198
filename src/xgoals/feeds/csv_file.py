"""CSV files that people write, as spreadsheets save them: byte order marks, Latin letters, semicolons, tabs."""

import codecs
import csv
from pathlib import Path

from xgoals.domain.errors import SettingsError

MAX_BYTES = 16 << 20
"""A season has some ten thousand bytes."""


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
    lines = _text_of(path, what).splitlines()
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
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingsError(
        f"{what} is in no encoding that is known", where=str(path), advice="Save it as CSV in UTF-8"
    )
