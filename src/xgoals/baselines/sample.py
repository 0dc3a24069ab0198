"""Real rows as a background: some of a table, drawn by a seed, whatever order its rows are in."""

import numpy as np
import pandas as pd


def background_sample(table: pd.DataFrame, n: int, *, seed: int = 0) -> pd.DataFrame:
    """So many rows without replacement; all of them where there are no more.

    Which rows are drawn depends on the rows and the seed, not on their order: they are put in order by their values
    before.

    Parameters
    ----------
    table
        Numbers; NaN is missing. Its index says which rows were drawn.
    n
        How many, at least 1.

    Raises
    ------
    ValueError
        If it is less than 1, or the table has no row.
    """
    if n < 1 or table.empty:
        raise ValueError(f"{n} rows cannot be drawn from {len(table)}")
    rows = in_order(table)
    drawn = np.random.default_rng(seed).choice(len(rows), min(n, len(rows)), replace=False)
    return rows.iloc[np.sort(drawn)]


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows by the first column's values, rows of one value by the second's, and so on; NaN comes last."""
    columns = table.to_numpy(dtype=np.float64).T
    return table.iloc[np.lexsort(columns[::-1])] if len(columns) else table
