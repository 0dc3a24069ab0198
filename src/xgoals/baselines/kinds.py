"""What kind each column of a table is, where nobody has said so: from the booster, else from its values."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.errors import SettingsError
from xgoals.domain.model import ColumnKind

FeatureType = Literal["float", "int", "q", "i", "c"]
"""How XGBoost names what a column holds: ``Booster.feature_types``."""


def infer_kinds(
    table: pd.DataFrame,
    feature_types: Sequence[str] | None = None,
    *,
    categories: Collection[str] = (),
) -> dict[str, ColumnKind]:
    """The kind of every column.

    The first of these that holds decides:

    1. a person has named the column among ``categories``: category;
    2. the booster says ``c``: category, ``i``: binary;
    3. it has exactly two values: binary;
    4. all its values are whole and none is negative: count (also where the booster says ``float``: a whole number
       beside missing ones is stored as one);
    5. else, and where it has no value at all: continuous.

    What this cannot know: codes of categories without an order (1 shoes, 2 hats) look like counts, and nothing but
    ``categories`` tells them apart; a short table may have two values of a column that has many; a column of
    identifiers is a count to it. A count's typical value is rounded, which takes nothing from a sum of money in whole
    units.

    Parameters
    ----------
    table
        Numbers; NaN is missing.
    feature_types
        As the booster has them, one a column in the table's order; None where it has none.
    categories
        Columns that are categories, whatever the booster or their values say.

    Raises
    ------
    SettingsError
        If one of ``categories`` is no column.
    """
    if unknown := sorted(set(categories) - set(table.columns)):
        raise SettingsError(
            f"there is no column {unknown[0]} to take for a category",
            advice=f"Columns: {', '.join(map(str, table.columns))}",
        )
    said: Iterable[str | None] = feature_types or [None] * len(table.columns)
    return {
        str(name): "category" if name in categories else _kind(table[name].dropna().to_numpy(), of_booster)
        for name, of_booster in zip(table.columns, said, strict=True)
    }


def _kind(values: npt.NDArray[np.float64], of_booster: str | None) -> ColumnKind:
    if of_booster in ("c", "i"):
        return "category" if of_booster == "c" else "binary"
    if len(np.unique(values)) == 2:
        return "binary"
    is_count = len(values) > 0 and bool((values >= 0).all() and (values == np.floor(values)).all())
    return "count" if is_count else "continuous"
