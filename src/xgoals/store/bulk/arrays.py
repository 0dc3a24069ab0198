"""Numbers by the million: a query's rows as arrays, by binary COPY, without an object a value."""

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from xgoals.domain.errors import StoreError

Column = str | tuple[str, int]
"""numpy's type of a column, such as ``"i8"`` (bigint), ``"?"`` (boolean), ``"f8"``; with a number: arrays so long."""

_HEADER_BYTES, _TRAILER_BYTES = 19, 2


def read_arrays(
    connection: Connection, query: str, parameters: Mapping[str, Any], columns: Mapping[str, Column]
) -> dict[str, npt.NDArray[Any]]:
    """A query's rows as one array a column; none of the values may be null.

    Parameters
    ----------
    query
        Its placeholders are psycopg's, ``%(name)s``; its columns of the types and in the order of ``columns``.
    columns
        Name -> type; an array of floats of fixed length n as ``("f8", n)``.

    Returns
    -------
    dict
        Name -> array of shape (rows,), of arrays (rows, n).

    Raises
    ------
    StoreError
        If a row has a null, or an array of another length.
    """
    raw, buffer = connection.connection, io.BytesIO()
    with closing(raw.cursor()) as cursor:
        asked = cursor.mogrify(query, dict(parameters)).decode()
        cursor.copy_expert(f"copy ({asked}) to stdout (format binary)", buffer)
    return _parsed(buffer.getbuffer(), columns)


def blocks(n: int, size: int) -> Iterator[slice]:
    """Slices of at most ``size`` that cover n rows."""
    return (slice(start, min(start + size, n)) for start in range(0, n, size))


def _parsed(content: memoryview, columns: Mapping[str, Column]) -> dict[str, npt.NDArray[Any]]:
    layout = _layout(columns)
    rows_only = content[_HEADER_BYTES : len(content) - _TRAILER_BYTES]
    if len(rows_only) % layout.itemsize:
        raise _unexpected()
    rows = np.frombuffer(rows_only, dtype=layout)
    found = {name: _checked(rows, name, column) for name, column in columns.items()}
    if not (rows["n_columns"] == len(columns)).all():
        raise _unexpected()
    return found


def _layout(columns: Mapping[str, Column]) -> np.dtype[Any]:
    """A row of Postgres' binary format: big-endian, and before every value its length in bytes."""
    fields: list[Any] = [("n_columns", ">i2")]
    for name, column in columns.items():
        fields.append((f"{name}: bytes", ">i4"))
        if isinstance(column, tuple):
            kind, length = column
            items = np.dtype([("bytes", ">i4"), ("value", f">{kind}")])
            fields.append((name, np.dtype([("head", ">i4", (5,)), ("items", items, (length,))])))
        else:
            fields.append((name, f">{column}"))
    return np.dtype(fields)


def _checked(rows: npt.NDArray[Any], name: str, column: Column) -> npt.NDArray[Any]:
    """A column in the machine's own byte order, once every length is what it should be."""
    values, n_bytes = rows[name], rows[f"{name}: bytes"]
    if not (n_bytes == values.dtype.itemsize).all():
        raise _unexpected()
    if not isinstance(column, tuple):
        return values.astype(column)
    kind, length = column
    if not (
        (values["head"][:, 3] == length).all() and (values["items"]["bytes"] == np.dtype(kind).itemsize).all()
    ):
        raise _unexpected()
    return np.ascontiguousarray(values["items"]["value"], dtype=kind)


def _unexpected() -> StoreError:
    return StoreError(
        "stored values are not as many as they should be, or one of them is null",
        where="results database",
        advice="Was something written by hand? Restore a backup, or delete the match and read it again",
    )
