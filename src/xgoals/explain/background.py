"""Exact Shapley values against several baseline rows: a background in place of one row.

The game is v(S) = sum over rows b of w_b f(x on S, b elsewhere), what Kernel SHAP plays with a background. A Shapley
value is linear in its game, so the values are the weighted mean of those against each row, and so is the base value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xgboost as xgb
from numpy.typing import ArrayLike, NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.attributions import Attributions
from xgoals.explain.exact import exact_shapley, prove
from xgoals.explain.forest import Forest, forest_of
from xgoals.explain.inputs import (
    Background,
    Rows,
    background_of,
    column_names,
    names_of,
    refuse_infinite,
    rows_of,
)
from xgoals.explain.proof import Space


def background_shapley(
    booster: xgb.Booster | Forest,
    X: Rows,
    background: Background,
    weights: ArrayLike | None = None,
    *,
    space: Space = "probability",
    interactions: bool = False,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Attributions:
    """Exact Shapley values of every row of X against a background.

    Parameters
    ----------
    background
        (m, F) baseline rows, at least one, a table or an array in the booster's order of features, or one row as
        `exact_shapley` takes it; NaN is missing.
    weights
        (m,) how much each row counts, none negative; they are divided by their sum. None: all alike.

    Returns
    -------
    Attributions
        ``base_value`` is the weighted mean of the predictions at the rows. The time grows with m.

    Raises
    ------
    ModelError
        As :func:`~xgoals.explain.exact.exact_shapley`, and where there is no row, or weights do not fit the rows.
    """
    forest = forest_of(booster)
    rows = background_of(background, forest.feature_names or names_of(X), forest.n_features)
    refuse_infinite(rows, column_names(forest, X), of=" of the background")
    shares = _shares(weights, len(rows))
    total: Attributions | None = None
    for row, share in zip(rows, shares, strict=True):
        found = exact_shapley(forest, X, row, space=space, interactions=interactions, groups=groups)
        total = _added(total, found, share)
    assert total is not None  # noqa: S101  (there is at least one row)
    if isinstance(booster, xgb.Booster):
        prove(booster, forest, rows_of(X, forest), total.base_value + total.values.sum(axis=1), space)
    return total


def _shares(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    given = np.ones(n) if weights is None else np.asarray(weights, np.float64)
    if given.shape != (n,) or not np.isfinite(given).all() or (given < 0).any() or not given.sum() > 0:
        raise ModelError(f"A background of {n} rows needs as many weights, none negative, not all 0")
    shares: NDArray[np.float64] = given / given.sum()
    return shares


def _added(total: Attributions | None, found: Attributions, share: float) -> Attributions:
    """``total`` and so much of ``found``; predictions are the same against every row."""

    def sum_of(name: str) -> Any:
        value = getattr(found, name)
        if value is None:
            return None
        return share * value if total is None else getattr(total, name) + share * value

    parts = {name: sum_of(name) for name in ("values", "base_value", "interactions", "group_values")}
    return replace(found, **parts)
