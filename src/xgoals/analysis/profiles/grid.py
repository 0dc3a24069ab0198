"""The values that a feature is set to, and how many shots have values near each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xgoals.analysis.shots import BoolArray, Feature, FloatArray, floats

N_VALUES = 20
_SHOWN = (1, 99)
"""Percentiles between which measured values lie evenly: what hardly any shot has is asked of none."""
_MIN_SHOTS_OF_A_VALUE = 10
_CENTRAL = (0.05, 0.95)
_MIN_SHARE = 0.02

Kind = Literal["line", "values"]


@dataclass(frozen=True, eq=False)
class Grid:
    """Values of one feature.

    Attributes
    ----------
    kind
        ``"line"`` (measured, evenly spaced) or ``"values"`` (yes/no, categories, counts: those that shots have).
    points
        The values, ascending, shape (g,).
    shares
        Which share of the shots with a value lies nearest to each, (g,).
    n_shots, n_missing
        With a value, and without.
    """

    feature: Feature
    kind: Kind
    points: FloatArray
    shares: FloatArray
    n_shots: int
    n_missing: int

    @property
    def is_usual(self) -> BoolArray:
        """Which values are no rare ones, (g,): of a line the middle 90 % of the shots, else those of 2 % and more."""
        if self.kind == "values":
            return np.asarray(self.shares >= _MIN_SHARE)
        below = np.cumsum(self.shares)
        return np.asarray((below >= _CENTRAL[0]) & (below - self.shares <= _CENTRAL[1]))


def grids_of(shots: pd.DataFrame, features: Sequence[Feature]) -> dict[str, Grid]:
    """The grid of each feature, by name; none of a feature that shots have no two values of."""
    found = {feature["name"]: _grid(feature, floats(shots[feature["name"]])) for feature in features}
    return {name: grid for name, grid in found.items() if grid is not None}


def _grid(feature: Feature, value: FloatArray) -> Grid | None:
    known = value[~np.isnan(value)]
    different, counts = np.unique(known, return_counts=True)
    if len(different) < 2:
        return None
    kind: Kind = "values" if feature["kind"] in ("binary", "category", "count") else "line"
    if kind == "values":
        values = different[counts >= min(_MIN_SHOTS_OF_A_VALUE, counts.max())]
    else:
        low, high = np.percentile(known, _SHOWN)
        values = np.linspace(low, high, N_VALUES) if high > low else different[[0, -1]]
    if len(values) < 2:
        values = different[[0, -1]]
    return Grid(feature, kind, values, shares_of(values, value), len(known), len(value) - len(known))


def shares_of(values: FloatArray, value: FloatArray) -> FloatArray:
    """Which share of shots with these values of a feature, NaN apart, lies nearest to each of ``values``, (g,)."""
    known = value[~np.isnan(value)]
    nearest = np.searchsorted((values[1:] + values[:-1]) / 2, known)
    return np.asarray(np.bincount(nearest, minlength=len(values)) / max(len(known), 1))
