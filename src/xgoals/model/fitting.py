"""A model is the average of a few boosters that differ in their seed alone, merged into one.

Each booster's rows and columns are drawn anew, so their errors differ and partly cancel; the order of the seeds does
not matter, and what comes out is one plain booster.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.model.booster_arithmetic import average

N_SEEDS = 3
"""Boosters in a model, unless its parameters say ``n_seeds``."""


def fit(X: pd.DataFrame, y: npt.NDArray[Any], params: Mapping[str, Any], n_trees: int) -> xgboost.Booster:
    """One booster: the average of ``n_seeds`` boosters of ``n_trees`` trees each."""
    boosters = _of_each_seed(X, y, params, n_trees)
    return boosters[0] if len(boosters) == 1 else average(boosters)


def fit_and_predict(
    X: pd.DataFrame, y: npt.NDArray[Any], params: Mapping[str, Any], n_trees: int, other: pd.DataFrame
) -> npt.NDArray[np.float64]:
    """What :func:`fit` would predict for other shots, without merging the boosters first; shape (len(other),)."""
    rows = xgboost.DMatrix(other)
    margins = [
        booster.predict(rows, output_margin=True).astype(np.float64)
        for booster in _of_each_seed(X, y, params, n_trees)
    ]
    return np.asarray(1 / (1 + np.exp(-np.mean(margins, axis=0))))


def _of_each_seed(
    X: pd.DataFrame, y: npt.NDArray[Any], params: Mapping[str, Any], n_trees: int
) -> list[xgboost.Booster]:
    own = dict(params)
    n_seeds, first = own.pop("n_seeds", N_SEEDS), int(own.pop("seed", 0))
    matrix = xgboost.DMatrix(X, y)
    return [
        xgboost.train(own | {"seed": first + number}, matrix, num_boost_round=n_trees)
        for number in range(n_seeds)
    ]
