"""What a Parquet file becomes in memory: a few kilobytes can hold the same long text a billion times."""

import os
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xgoals.feeds.parquet_footer import ColumnChunk, row_groups_of

MAX_VALUES = 10_000_000
"""Of a row group; one of 18 matches has 100,000, the clips of a match 300,000."""
MAX_BYTES = 256 << 20
"""Of a row group, as it is without compression; one of 18 matches has 250 kB."""


def openable(path: Path) -> Path | pa.OSFile:
    """What Arrow opens: it takes no names that are no UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return pa.OSFile(os.fsencode(path))
    return path


def why_too_large(
    path: Path, groups: Collection[int] | None = None, columns: Collection[str] | None = None
) -> str | None:
    """Why some row groups are not to be read; None where nothing speaks against it.

    Parameters
    ----------
    groups
        Numbers of the row groups; None are all.
    columns
        The columns that are to be read; None are all.

    Raises
    ------
    ArrowInvalid
        If the file's footer is damaged.
    """
    n_values = n_bytes = 0
    for number, group in enumerate(row_groups_of(path)):
        if groups is not None and number not in groups:
            continue
        for column in group:
            if columns is not None and column.root not in columns:
                continue
            n_values += column.n_values
            n_bytes += column.n_bytes
            if n_values > MAX_VALUES:
                return f"more than {MAX_VALUES:,} values in one go are not plausible"
            if n_bytes > MAX_BYTES or _may_be_repeated(path, number, column):
                return f"more than {MAX_BYTES:,} bytes in one go are not plausible"
    return None


def _may_be_repeated(path: Path, number: int, column: ColumnChunk) -> bool:
    """Whether texts of a column are so long, and so often there, that all of them are too many bytes."""
    if not column.is_text or column.n_values * column.n_bytes <= MAX_BYTES:
        return False
    with pq.ParquetFile(openable(path), read_dictionary=[column.path]) as file:  # each text once
        table = file.read_row_group(number, columns=[column.path], use_threads=False)
    n_bytes: int = column.n_values * _longest(table.column(0))
    return n_bytes > MAX_BYTES


def _longest(column: pa.ChunkedArray) -> int:
    """Bytes of the longest text anywhere in a column."""
    longest, waiting = 0, list(column.chunks)
    while waiting:
        array = waiting.pop()
        kind = array.type
        if pa.types.is_dictionary(kind):
            waiting.append(array.dictionary)
        elif pa.types.is_map(kind):
            waiting += [array.keys, array.items]
        elif pa.types.is_list(kind):
            waiting.append(array.values)
        elif pa.types.is_struct(kind):
            waiting += array.flatten()
        elif pa.types.is_string(kind) or pa.types.is_binary(kind):
            longest = max(longest, pc.max(pc.binary_length(array)).as_py() or 0)
    return longest
