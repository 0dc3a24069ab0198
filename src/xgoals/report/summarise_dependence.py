"""How the model answers to one feature, how many shots speak for it, and how often such shots really went in."""

from itertools import pairwise

import numpy as np
import pandas as pd

from xgoals.model.resampling import wilson_interval
from xgoals.report.shot_frame import Facts, FloatArray, Model, floats, without_penalties

_BANDS = 14
_MIN_SHOTS_OF_A_VALUE = 30
"""High counts that are rarer than this share a line: the last."""


def dependence(shots: pd.DataFrame, model: Model, ranked: list[str]) -> list[Facts]:
    """For each feature, in the order given: bands or values with what the model says and what happened.

    Returns
    -------
    list of dict
        ``feature``; ``kind``: ``"bands"`` (measured) or ``"values"`` (yes/no, category, whole count, the rare high
        counts in one); ``rows``: ``value`` (mean of the band, or the value),
        ``from, to, n, goals, rate, low, high`` (goal rate with its interval), ``mean`` of the attribution;
        ``n_missing``.
    """
    cut = without_penalties(shots)
    goal = floats(cut["is_goal"])
    by_name = {feature["name"]: feature for feature in model["features"]}
    found = []
    for name in ranked:
        value, push = floats(cut[name]), floats(cut[f"shap_{name}"])
        known = ~np.isnan(value)
        if not known.any():
            continue
        parts, kind = _parts(value, by_name[name]["kind"])
        rows = [_row(value[part], push[part], goal[part]) for part in parts]
        found.append(
            {
                "feature": by_name[name],
                "kind": kind,
                "rows": rows,
                "n_missing": int((~known).sum()),
            }
        )
    return found


Parts = list["np.ndarray[tuple[int], np.dtype[np.intp]]"]


def _parts(value: FloatArray, kind: str) -> tuple[Parts, str]:
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


def _row(value: FloatArray, push: FloatArray, goal: FloatArray) -> Facts:
    low, high = wilson_interval(goal.sum(), len(goal))
    return {
        "value": float(value.mean()),
        "from": float(value.min()),
        "to": float(value.max()),
        "n": len(value),
        "goals": int(goal.sum()),
        "rate": float(goal.mean()),
        "low": low,
        "high": high,
        "mean": float(push.mean()),
    }
