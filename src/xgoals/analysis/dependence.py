"""How the model answers to one feature, how many shots speak for it, and how often such shots really went in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.goal_rate import GoalRate, goal_rate_of
from xgoals.analysis.shots import Feature, FloatArray, Model, features_by_name, floats, without_penalties

_BANDS = 14
_MIN_SHOTS_OF_A_VALUE = 30
"""High counts that are rarer than this share a line: the last."""

Parts = list[npt.NDArray[np.intp]]
"""Indices of the shots of each part."""


@dataclass(frozen=True)
class Band:
    """The shots of a band of a feature, or of one of its values.

    Attributes
    ----------
    value
        Their mean, in the feature's unit.
    value_from, value_to
        The smallest and the largest.
    scored
        How often such shots went in.
    mean
        Mean attribution of the feature, in xG or log-odds.
    """

    value: float
    value_from: float
    value_to: float
    scored: GoalRate
    mean: float


@dataclass(frozen=True)
class Dependence:
    """How the model answers to one feature.

    Attributes
    ----------
    feature
        Which one.
    kind
        ``"bands"`` (measured) or ``"values"`` (yes/no, category, whole count, the rare high counts in one).
    rows
        In ascending order.
    n_missing
        Shots without a value; they are in no row.
    """

    feature: Feature
    kind: Literal["bands", "values"]
    rows: tuple[Band, ...]
    n_missing: int


def dependence(shots: pd.DataFrame, model: Model, ranked: Sequence[str]) -> list[Dependence]:
    """For each feature, in the order given, what the model says and what happened; none without any value."""
    cut = without_penalties(shots)
    goal, known = floats(cut["is_goal"]), features_by_name(model)
    found = [_dependence(cut, goal, known[name]) for name in ranked]
    return [row for row in found if row is not None]


def _dependence(cut: pd.DataFrame, goal: FloatArray, feature: Feature) -> Dependence | None:
    value, push = floats(cut[feature["name"]]), floats(cut[f"shap_{feature['name']}"])
    known = ~np.isnan(value)
    if not known.any():
        return None
    parts, kind = _parts(value, feature["kind"])
    rows = tuple(_band(value[part], push[part], goal[part]) for part in parts)
    return Dependence(feature, kind, rows, int((~known).sum()))


def _parts(value: FloatArray, kind: str) -> tuple[Parts, Literal["bands", "values"]]:
    """Indices of the shots of each band or value, in ascending order; missing values in none."""
    different = np.unique(value[~np.isnan(value)])
    if kind == "count" and np.array_equal(different, np.round(different)):
        last = _last_line(value)
        single = [np.flatnonzero(value == one) for one in different if one < last]
        return [*single, np.flatnonzero(value >= last)], "values"
    if kind in ("binary", "category"):
        return [np.flatnonzero(value == one) for one in different], "values"
    return bands(value), "bands"


def _last_line(value: FloatArray) -> float:
    """The highest count that at least 30 shots reach; the lowest where there are fewer shots."""
    known = np.sort(value[~np.isnan(value)])
    return float(known[max(0, len(known) - _MIN_SHOTS_OF_A_VALUE)])


def bands(value: FloatArray, n: int = _BANDS) -> Parts:
    """Indices of the shots of ``n`` bands of about equal size, fewer where values are shared; missing in none."""
    edges = np.unique(np.nanquantile(value, np.linspace(0, 1, n + 1)))
    if len(edges) == 1:
        return [np.flatnonzero(value == edges[0])]
    if len(np.unique(value[~np.isnan(value)])) <= n:
        return [np.flatnonzero(value == one) for one in np.unique(value[~np.isnan(value)])]
    inner = [np.flatnonzero((value >= low) & (value < high)) for low, high in pairwise(edges)]
    inner[-1] = np.flatnonzero((value >= edges[-2]) & (value <= edges[-1]))
    return [part for part in inner if len(part)]


def _band(value: FloatArray, push: FloatArray, goal: FloatArray) -> Band:
    return Band(
        value=float(value.mean()),
        value_from=float(value.min()),
        value_to=float(value.max()),
        scored=goal_rate_of(goal),
        mean=float(push.mean()),
    )
