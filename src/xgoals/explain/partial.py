"""Partial dependence: what the model predicts, were one feature of every row another value (Friedman 2001).

The curve of each single row is an individual conditional expectation (ICE; Goldstein et al. 2015).
"""

from dataclasses import dataclass

import numpy as np
import xgboost as xgb
from numpy.typing import ArrayLike, NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import Forest, read_forest
from xgoals.explain.inputs import Rows, rows_of
from xgoals.explain.proof import Space


@dataclass(frozen=True, slots=True)
class PartialDependence:
    """Predictions along the values of one feature.

    Attributes
    ----------
    grid
        (g,) values that the feature was set to.
    curves
        (n, g) prediction of each row at each of them: ICE.
    """

    grid: NDArray[np.float64]
    curves: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """(g,) partial dependence: the mean over the rows."""
        mean: NDArray[np.float64] = self.curves.mean(axis=0)
        return mean


def partial_dependence(
    booster: xgb.Booster | Forest,
    X: Rows,
    feature: int,
    grid: ArrayLike,
    *,
    space: Space = "probability",
) -> PartialDependence:
    """Predictions of every row of X with one feature set to each value of a grid.

    Parameters
    ----------
    X
        (n, F) rows, at least one; NaN is missing.
    feature
        Which column.
    grid
        (g,) its values; NaN is missing.

    Raises
    ------
    ModelError
        As :func:`~xgoals.explain.exact.exact_shapley`, and where there is no row or no such feature.
    """
    forest = booster if isinstance(booster, Forest) else read_forest(booster)
    rows, values = rows_of(X, forest), np.asarray(grid, np.float64)
    if not len(rows) or not 0 <= feature < forest.n_features:
        raise ModelError(
            f"Partial dependence needs rows, and a feature between 0 and {forest.n_features - 1}"
        )
    curves = np.empty((len(rows), len(values)))
    changed = rows.copy()
    for at, value in enumerate(values):
        changed[:, feature] = value
        margin = forest.margin(changed)
        curves[:, at] = margin if space == "log_odds" else 1 / (1 + np.exp(-margin))
    return PartialDependence(values, curves)
