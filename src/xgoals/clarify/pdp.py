"""Partial dependence as a Clarify job asks for it: features, a grid of each, and how many rows lie where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.clarify.asked_columns import asked_features
from xgoals.clarify.config import Pdp
from xgoals.clarify.model import ClarifyModel
from xgoals.domain.errors import ModelError, SettingsError
from xgoals.explain.forest import Forest, read_forest
from xgoals.explain.partial import partial_dependences

Floats = npt.NDArray[np.float64]
TOP_K_FEATURES = 10
"""Clarify's default."""
_BLOCK_ROWS = 1 << 16
_SETTING = "methods.pdp"


@dataclass(frozen=True, slots=True)
class Curve:
    """The partial dependence of one feature.

    Attributes
    ----------
    name
        Of the feature.
    data_type
        "categorical": every value that occurs; "numerical": the middles of buckets of equal width.
    values
        (g,) what the feature is set to in every row.
    predictions
        (g,) mean predicted probability.
    shares
        (g,) share of the rows in the bucket, or with the value.
    missing
        Share of the rows without a value.
    """

    name: str
    data_type: Literal["numerical", "categorical"]
    values: Floats
    predictions: Floats
    shares: Floats
    missing: float


def partial_dependence_curves(
    model: ClarifyModel, X: pd.DataFrame, columns: list[str], pdp: Pdp, ranked: Sequence[str] | None
) -> tuple[Curve, ...]:
    """The curves that are asked for, over all rows.

    Parameters
    ----------
    X
        (n, F) features in the model's order, called as the dataset calls them; NaN is missing.
    columns
        All columns of the dataset: ``features`` may name one by its place.
    ranked
        Features by importance, where values were asked for, too: of these are the first ``top_k_features`` taken.

    Returns
    -------
    tuple
        In the order that is asked for, or of importance. A feature without any value has no curve.

    Raises
    ------
    SettingsError
        If no features are asked for, neither by name nor by importance, or one is none of the model.
    ModelError
        If there is no row.
    """
    if X.empty:
        raise ModelError("the dataset has no row for partial dependence")
    features = tuple(map(str, X.columns))
    names = _names(features, columns, pdp, ranked)
    grids = {name: grid for name in names if (grid := _grid(X[name], pdp.grid_resolution)) is not None}
    at = {name: features.index(name) for name in grids}
    means = _means(read_forest(model.booster), X, {at[name]: grid.points for name, grid in grids.items()})
    return tuple(
        Curve(name, grid.data_type, grid.points, means[at[name]], grid.shares, float(X[name].isna().mean()))
        for name, grid in grids.items()
    )


def _names(
    features: Sequence[str], columns: list[str], pdp: Pdp, ranked: Sequence[str] | None
) -> tuple[str, ...]:
    if pdp.features is not None:
        return asked_features(pdp.features, columns, features, f"{_SETTING}.features")
    if ranked is None:
        raise SettingsError(
            "features have to be named where no values (methods.shap) are asked for",
            where=f"{_SETTING}.features",
        )
    return tuple(ranked[: TOP_K_FEATURES if pdp.top_k_features is None else pdp.top_k_features])


@dataclass(frozen=True, slots=True)
class _Grid:
    data_type: Literal["numerical", "categorical"]
    points: Floats
    shares: Floats


def _grid(column: "pd.Series[float]", resolution: int) -> _Grid | None:
    known = column.dropna().to_numpy(np.float64)
    if not len(known):
        return None
    values, counts = np.unique(known, return_counts=True)
    if len(values) <= resolution:
        return _Grid("categorical", values.astype(np.float64), counts / len(column))
    counts, edges = np.histogram(known, bins=resolution)
    middles = np.asarray((edges[:-1] + edges[1:]) / 2, np.float64)
    return _Grid("numerical", middles, np.asarray(counts / len(column), np.float64))


def _means(forest: Forest, X: pd.DataFrame, grids: dict[int, Floats]) -> dict[int, Floats]:
    """Mean probability at each value of each grid; in blocks, since a row takes 8 bytes for every value."""
    total = {feature: np.zeros(len(grid)) for feature, grid in grids.items()}
    for start in range(0, len(X) if grids else 0, _BLOCK_ROWS):
        found = partial_dependences(forest, X.iloc[start : start + _BLOCK_ROWS], grids)
        for feature, curve in found.items():
            total[feature] += curve.curves.sum(axis=0)
    return {feature: sums / len(X) for feature, sums in total.items()}
