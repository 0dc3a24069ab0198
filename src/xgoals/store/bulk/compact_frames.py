"""Long tables as frames that are small: read block by block through a server-side cursor, texts as categories."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    import pandas as pd

_READ_AT_ONCE = 20_000


def read_compact(
    connection: Connection,
    query: str,
    parameters: Mapping[str, Any],
    *,
    categories: Collection[str],
    floats: Collection[str],
) -> "pd.DataFrame":
    """A query's rows as a DataFrame; never are all of them held as Python's objects.

    Parameters
    ----------
    categories
        Columns of texts that repeat: their categories are in the order of the alphabet.
    floats
        Columns of numbers that may be null: NaN there, and floats in any case.
    """
    import pandas as pd

    streamed = {"stream_results": True, "max_row_buffer": _READ_AT_ONCE}
    result = connection.execute(text(query), dict(parameters), execution_options=streamed)
    names, shared = list(result.keys()), dict[object, object]()
    parts = [
        _block(rows, names, categories, floats, shared) for rows in result.partitions(_READ_AT_ONCE)
    ] or [_block([], names, categories, floats, shared)]
    return pd.DataFrame({name: _joined([part.pop(name) for part in parts]) for name in names})


def _block(
    rows: Sequence[Any],
    names: Sequence[str],
    categories: Collection[str],
    floats: Collection[str],
    shared: dict[object, object],
) -> "dict[str, pd.Series[Any]]":
    import pandas as pd

    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(names)
    found = {}
    for name, values in zip(names, columns, strict=True):
        if name in categories:
            found[name] = pd.Series(pd.Categorical(values))
        elif name in floats:
            found[name] = pd.Series(values, dtype="float64")
        else:  # a date is one object, however many shots are of it
            found[name] = pd.Series([shared.setdefault(v, v) if hasattr(v, "year") else v for v in values])
    return found


def _joined(parts: "list[pd.Series[Any]]") -> "pd.Series[Any]":
    import pandas as pd
    from pandas.api.types import union_categoricals

    if isinstance(parts[0].dtype, pd.CategoricalDtype):
        return pd.Series(union_categoricals(parts, sort_categories=True))
    return pd.concat(parts, ignore_index=True)
