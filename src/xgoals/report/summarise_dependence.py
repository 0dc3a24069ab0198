"""How the model answers to one feature, how many shots speak for it, and how often such shots really went in."""

from itertools import pairwise

import numpy as np
import pandas as pd

from xgoals.model.resampling import wilson_interval
from xgoals.report.shot_frame import Facts, FloatArray, Model, floats, without_penalties

PAIRS = (
    ("DistanceToGoal", "PressureSum"),
    ("DistanceToGoal", "AngleToGoal"),
    ("AngleToGoal", "AmountOfDefenders"),
    ("PressureSum", "DistanceToGoal"),
    ("PressureSum", "AngleToGoal"),
    ("AngleToGoal", "Header"),
    ("AngleToGoal", "PlayerSpeed"),
)
"""Features, each with the partner that colours it, that the original article shows."""

_BANDS = 14
_FEW_VALUES = 8
"""A count with at most this many different values is shown value by value."""
_STRONGEST_PAIRS = 3


def dependence(shots: pd.DataFrame, model: Model, ranked: list[str]) -> list[Facts]:
    """For each feature, in the order given: bands or values with what the model says and what happened.

    Returns
    -------
    list of dict
        ``feature``; ``kind``: ``"bands"`` or ``"values"``; ``rows``: ``value`` (mean of the band, or the value),
        ``from, to, n, goals, rate, low, high`` (goal rate with its interval), ``mean, p10, p90`` of the
        attribution; ``n_missing``.
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
                "reach": max(1e-9, *(abs(row["mean"]) for row in rows)),
            }
        )
    return found


def _parts(value: FloatArray, kind: str) -> tuple[list["np.ndarray[tuple[int], np.dtype[np.intp]]"], str]:
    """Indices of the shots of each band or value, in ascending order; missing values in none."""
    different = np.unique(value[~np.isnan(value)])
    if kind in ("binary", "category") or (kind == "count" and len(different) <= _FEW_VALUES):
        return [np.flatnonzero(value == one) for one in different], "values"
    edges = np.unique(np.nanquantile(value, np.linspace(0, 1, _BANDS + 1)))
    if len(edges) == 1:
        return [np.flatnonzero(value == edges[0])], "bands"
    inner = [np.flatnonzero((value >= low) & (value < high)) for low, high in pairwise(edges)]
    inner[-1] = np.flatnonzero((value >= edges[-2]) & (value <= edges[-1]))
    return [part for part in inner if len(part)], "bands"


def _row(value: FloatArray, push: FloatArray, goal: FloatArray) -> Facts:
    low, high = wilson_interval(goal.sum(), len(goal))
    p10, p90 = np.percentile(push, [10, 90])
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
        "p10": float(p10),
        "p90": float(p90),
    }


def partners(model: Model, used: list[str]) -> list[tuple[str, str]]:
    """Pairs to be shown: those of the article whose features are used, then the strongest ones found."""
    pairs = [pair for pair in PAIRS if set(pair) <= set(used)]
    for row in model.get("interactions") or []:
        pair = (str(row["feature"]), str(row["partner"]))
        if len(pairs) >= len(PAIRS) + _STRONGEST_PAIRS:
            break
        if set(pair) <= set(used) and pair not in pairs and pair[::-1] not in pairs:
            pairs.append(pair)
    return pairs


def interaction_table(model: Model, used: list[str]) -> Facts | None:
    """Mean |interaction| of every pair of used features as a half matrix.

    Returns
    -------
    dict or None
        ``names`` and ``cells`` (row by row, ``None`` on and above the diagonal), ``top`` for shading; None
        where the model has no interactions.
    """
    strength = {
        frozenset((str(row["feature"]), str(row["partner"]))): float(row["mean_abs"])
        for row in model.get("interactions") or []
    }
    if not strength:
        return None
    cells = [
        [strength.get(frozenset((row, column))) if j < i else None for j, column in enumerate(used)]
        for i, row in enumerate(used)
    ]
    labels = {feature["name"]: feature["label"] for feature in model["features"]}
    top = max((cell for row in cells for cell in row if cell is not None), default=1.0)
    return {"names": used, "labels": [labels[name] for name in used], "cells": cells, "top": top or 1.0}
