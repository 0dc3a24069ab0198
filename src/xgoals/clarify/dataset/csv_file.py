"""Comma-separated values: with a line of names, or without where the configuration has them."""

import codecs
import csv
import io
import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from xgoals.baselines.given import MISSING, is_number
from xgoals.clarify.columns import named, twins
from xgoals.clarify.dataset.raw import Raw, bytes_of, check_headers, placeholders
from xgoals.clarify.note import Note
from xgoals.domain.errors import FeedError, SettingsError
from xgoals.feeds.gzip_stream import inflated

_GZIP = b"\x1f\x8b"
_INFLATED = 4 << 30
_OTHERS = (
    ("Parquet", "application/x-parquet", re.compile(rb"PAR1")),
    ("JSON", "application/jsonlines or application/json", re.compile(rb"""\s*[\[{]\s*["\[{]""")),
)
_TOLD = 5
_BLOCK = (1 << 31) - 1
_ALL_MISSING = sorted(
    {spelt for token in MISSING for spelt in (token, token.upper(), token.title())} | {"NaN", "<NA>"}
)


def read_csv_file(path: Path, headers: list[str] | None, asked_for: frozenset[str]) -> Raw:
    """The columns of a CSV file.

    Parameters
    ----------
    headers
        The names of the columns: then the file has no line of them. None: its first line has them; where that line
        holds numbers, nobody has named the columns.
    asked_for
        Names that the configuration or the model uses: a first line that has one is a line of names.

    Raises
    ------
    SettingsError
        If it is empty or no CSV, a line has too many or too few cells, or the names do not fit.
    """
    data, notes = _utf_8(_unpacked(bytes_of(path), path))
    _refuse_other_formats(data, path)
    first, second = _first_records(data, path)
    table = _table(data, len(first), path)
    names, has_line, more = _names(first, second, headers, asked_for, path)
    has_names = headers is not None or has_line
    table = table.slice(1) if has_line else table
    if not table.num_rows:
        advice = "It has to hold the rows of the dataset below its names"
        raise SettingsError("there are names of columns and no row", where=str(path), advice=advice)
    frame = pd.DataFrame({name: _typed(table.column(n)).to_pandas() for n, name in enumerate(names)})
    return Raw(path, frame, has_names, (*notes, *more))


def _unpacked(data: bytes, path: Path) -> bytes:
    if not data.startswith(_GZIP):
        return data
    try:
        return b"".join(inflated([data], _INFLATED, str(path)))
    except FeedError as error:
        raise SettingsError(error.what, where=str(path), advice="Pack it again, or unpack it") from None


def _refuse_other_formats(data: bytes, path: Path) -> None:
    for kind, dataset_type, begins in _OTHERS:
        if begins.match(data):
            what = f"this is {kind}, and dataset_type says text/csv"
            raise SettingsError(what, where=str(path), advice=f"Set dataset_type to {dataset_type}")


def _utf_8(data: bytes) -> tuple[bytes, tuple[Note, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode(), (Note("data", "read", "The file is in UTF-16."),)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError:
        says = (
            "The file is not in UTF-8; its letters were read as Excel saves them in the West (Windows-1252)."
        )
        return data.decode("cp1252", "replace").encode(), (Note("data", "read", says),)
    return data, ()


def _first_records(data: bytes, path: Path) -> tuple[list[str], list[str]]:
    reader = csv.reader(io.StringIO(data[: 1 << 20].decode("utf-8", "ignore"), newline=""))
    try:
        records = [record for record, _ in zip((r for r in reader if r), range(2), strict=False)]
    except csv.Error as error:
        raise SettingsError(f"no CSV ({error})", where=str(path)) from None
    first, second = (*records, [], [])[:2]
    if len(first) == 1 and any(mark in first[0] for mark in ";\t|"):
        what = f"the first line has no comma: {first[0][:60]!r}"
        raise SettingsError(what, where=str(path), advice="Save it with commas between the cells")
    return [cell.strip() for cell in first], [cell.strip() for cell in second]


def _table(data: bytes, n_columns: int, path: Path) -> pa.Table:
    """All cells as texts."""
    wrong: list[tuple[int | None, int]] = []

    def note_wrong(row: arrow_csv.InvalidRow) -> str:
        wrong.append((row.number, row.actual_columns))
        return "skip"

    names = placeholders(n_columns)
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            # One thread and one block: only so a row that is wrong knows its number.
            arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=min(len(data) + 1, _BLOCK)
            ),
            arrow_csv.ParseOptions(newlines_in_values=b'"' in data, invalid_row_handler=note_wrong),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise SettingsError(f"no CSV ({str(error).splitlines()[0]})", where=str(path)) from None
    if wrong:
        said = ", ".join(f"line {line} has {cells}" for line, cells in wrong[:_TOLD])
        more = f", and {len(wrong) - _TOLD} more are wrong" if len(wrong) > _TOLD else ""
        raise SettingsError(
            f"the first line has {n_columns} cells, {said}{more}",
            where=str(path),
            advice="Put a cell that has a comma in it in quotation marks",
        )
    return table


def _names(
    first: list[str], second: list[str], headers: list[str] | None, asked_for: frozenset[str], path: Path
) -> tuple[list[str], bool, tuple[Note, ...]]:
    """The columns' names, whether the first line has them, and what to say about it."""
    if headers is not None:
        check_headers(headers, len(first), path)
        return headers, *_line_beside_headers(first, second, headers, path)
    if any(map(is_number, first)) and not asked_for & set(first):
        says = (
            "The first line holds numbers, so nobody has named the columns: they are column_0, column_1, ..."
        )
        return placeholders(len(first)), False, (Note("headers", "read", says),)
    if twin := twins([name for name in first if name]):
        what = f"two columns are called {twin!r}"
        raise SettingsError(what, where=str(path), advice="Give every column a name of its own")
    return [name or f"column_{n}" for n, name in enumerate(first)], True, ()


def _line_beside_headers(
    first: list[str], second: list[str], headers: list[str], path: Path
) -> tuple[bool, tuple[Note, ...]]:
    """Whether a file has a line of names although ``headers`` has them: then it has to be the same."""
    if first == headers:
        says = "The first line of the file repeats headers; it was read as names, not as a row."
        return True, (Note("headers", "otherwise", says),)
    no_numbers = not any(map(is_number, first)) and all(first)
    if set(first) == set(headers) or (no_numbers and any(map(is_number, second))):
        order = "in another order" if set(first) == set(headers) else f"otherwise ({named(first)})"
        raise SettingsError(
            f"the first line names the columns {order} than headers ({named(headers)})",
            where=str(path),
            advice="Take headers out of the configuration, or the first line out of the file",
        )
    return False, ()


def _typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers, else numbers, else true and false, else the texts as they are; an empty cell is missing."""
    plain = pc.utf8_trim_whitespace(column)
    is_missing = pc.is_in(plain, pa.array(_ALL_MISSING))
    present = pc.if_else(is_missing, pa.scalar(None, pa.string()), plain)
    for kind in _kinds(present):
        if (found := _cast(present, kind)) is not None:
            return found
    return pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), column)


def _kinds(present: pa.ChunkedArray) -> tuple[pa.DataType, ...]:
    """What a column may be by its first value; whole numbers only where none is missing."""
    kept = present.drop_null()
    first = kept[0].as_py() if len(kept) else "nan"
    if first.lower() in ("true", "false"):
        return (pa.bool_(),)
    if not is_number(first) and len(kept):
        return ()
    is_whole = first.lstrip("-").isdecimal() and not present.null_count
    return (pa.int64(), pa.float64()) if is_whole else (pa.float64(),)


def _cast(column: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray | None:
    try:
        return pc.cast(column, to)
    except pa.ArrowInvalid:
        return None
