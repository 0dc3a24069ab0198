"""One typical row of a table: mean or median of continuous columns, mode of binary ones and categories."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from xgoals.domain.model import ColumnKind

Middle = Literal["mean", "median"]


def typical_row(
    table: pd.DataFrame, kinds: Mapping[str, ColumnKind], middle: Middle = "mean"
) -> "pd.Series[float]":
    """A typical value of every column.

    Parameters
    ----------
    table
        Numbers; NaN is missing and does not count.
    kinds
        Column -> its kind; the row has these columns in this order. Of counts it has the rounded middle (nobody meets
        1.8 defenders), of binary columns and categories the most frequent value, the smallest of several.
    middle
        Of continuous columns and counts.

    Returns
    -------
    Series
        Column -> value; NaN where no row has one.
    """
    row = {name: _typical(table[name].dropna(), kind, middle) for name, kind in kinds.items()}
    return pd.Series(row, dtype=np.float64)


def _typical(values: "pd.Series[float]", kind: ColumnKind, middle: Middle) -> float:
    if values.empty:
        return float("nan")
    if kind in ("binary", "category"):
        return float(values.mode().iloc[0])
    value = float(values.mean() if middle == "mean" else values.median())
    return float(round(value)) if kind == "count" else value
