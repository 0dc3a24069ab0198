"""Arrow tables into Postgres: as text that Arrow itself writes, without an object a value."""

import io
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.store.database import bulk_cursor

if TYPE_CHECKING:
    import pyarrow as pa


def copy_arrow(connection: Connection, table: str, rows: "pa.Table") -> None:
    """Append the rows of an Arrow table with COPY; its columns are named as those of the table.

    Floats arrive as they are, to the bit; lists of numbers become arrays; null stays null.

    Raises
    ------
    RefusedError
        If a row is not what the table's columns take.
    """
    import pyarrow as pa
    from pyarrow import csv

    texts = pa.table({name: _as_text(rows.column(name)) for name in rows.column_names})
    buffer = io.BytesIO()
    csv.write_csv(texts, buffer, csv.WriteOptions(include_header=False))
    buffer.seek(0)
    with bulk_cursor(connection) as cursor:
        cursor.copy_expert(f"copy {table} ({', '.join(rows.column_names)}) from stdin (format csv)", buffer)


def _as_text(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Lists as Postgres writes arrays; everything else as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type)):
        return column
    words = pc.cast(column, pa.list_(pa.string()))
    return pc.binary_join_element_wise("{", pc.binary_join(words, ","), "}", "")
