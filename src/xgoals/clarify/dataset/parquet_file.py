"""Parquet files."""

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from xgoals.clarify.columns import twins
from xgoals.clarify.dataset.raw import MAX_BYTES, Raw, bytes_of, check_headers
from xgoals.clarify.note import Note
from xgoals.domain.errors import SettingsError
from xgoals.feeds.parquet_footer import row_groups_of

VALUE_BYTES = 8
"""Of a number, or of the place of a text, in memory."""


def read_parquet_file(path: Path, headers: list[str] | None) -> Raw:
    """The columns of a Parquet file; an index that pandas has stored is none of them.

    Parameters
    ----------
    headers
        Names in place of the file's own.

    Raises
    ------
    SettingsError
        If it is no Parquet, has no row or far too many, or the names do not fit.
    """
    data = bytes_of(path)
    try:
        if why := _why_too_large(path):
            raise SettingsError(why, where=str(path), advice="Take a sample of the rows")
        table = parquet.read_table(pa.BufferReader(data))
        names = [name for name in table.column_names if not name.startswith("__index_level_")]
    except (pa.ArrowException, OSError, UnicodeError) as error:
        what = f"no Parquet ({str(error).splitlines()[0][:200]})"
        raise SettingsError(what, where=str(path), advice="Write it again, or mend dataset_type") from None
    table = table.select(names)
    if twin := twins(table.column_names):
        raise SettingsError(f"two columns are called {twin!r}", where=str(path))
    if not table.num_rows:
        raise SettingsError("there is no row in it", where=str(path))
    notes: tuple[Note, ...] = ()
    if headers is not None and headers != table.column_names:
        check_headers(headers, table.num_columns, path)
        if set(headers) == set(table.column_names):
            what = "headers names the columns in another order than the file"
            raise SettingsError(what, where=str(path), advice="Take headers out: the file has its own names")
        notes = (
            Note("headers", "read", "The columns are called as headers has them, not as the file has them."),
        )
        table = table.rename_columns(headers)
    return Raw(path, table.replace_schema_metadata(None).to_pandas(), True, notes)


def _why_too_large(path: Path) -> str | None:
    """A few kilobytes can say the same number a billion times; None where the columns fit."""
    n_bytes = VALUE_BYTES * sum(column.n_values for group in row_groups_of(path) for column in group)
    return f"columns of {n_bytes:,} bytes are more than fit here" if n_bytes > MAX_BYTES else None
