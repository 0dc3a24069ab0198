"""Which features depend on each other: all pairs in numbers, and single pairs band by band."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.report.shot_frame import Facts, FloatArray, Model, floats, without_penalties
from xgoals.report.summarise_dependence import bands

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

_STRONGEST_PAIRS = 4
_MIN_SHOTS_OF_A_POINT = 20
"""A mean over fewer shots is not drawn."""


def partners(model: Model, used: list[str]) -> list[tuple[str, str]]:
    """Pairs to be shown: those of the article whose features are used, then the strongest ones found."""
    pairs = [pair for pair in PAIRS if set(pair) <= set(used)]
    n_article = len(pairs)
    for row in model.get("interactions") or []:
        pair = (str(row["feature"]), str(row["partner"]))
        if len(pairs) >= n_article + _STRONGEST_PAIRS:
            break
        if set(pair) <= set(used) and pair not in pairs and pair[::-1] not in pairs:
            pairs.append(pair)
    return pairs


def missing_partners(model: Model, used: list[str]) -> list[Facts]:
    """Pairs of the article that cannot be shown, each with the features that the model does not use."""
    labels = {feature["name"]: feature["label"] for feature in model["features"]}
    return [
        {
            "feature": labels.get(name, name),
            "partner": labels.get(other, other),
            "unused": [labels.get(one, one) for one in (name, other) if one not in used],
        }
        for name, other in PAIRS
        if not {name, other} <= set(used)
    ]


def pair_summary(shots: pd.DataFrame, model: Model, name: str, other: str) -> Facts:
    """The mean value of a feature, band by band, where its partner is low and where it is high.

    Low and high are the partner's lowest and highest third; of a yes/no, a category or a count of few values,
    the two commonest values.

    Returns
    -------
    dict
        ``feature``, ``partner``; ``by_value``: whether the sides are single values; ``low, high``: the partner's
        limit (or value) of each side; ``rows``: ``value, from, to`` of the band, ``low, high`` (mean attribution,
        None for fewer than 20 shots), ``n_low, n_high``.
    """
    cut = without_penalties(shots)
    x, push, by = floats(cut[name]), floats(cut[f"shap_{name}"]), floats(cut[other])
    by_name = {feature["name"]: feature for feature in model["features"]}
    by_value = by_name[other]["kind"] in ("binary", "category")
    low, high = _two_commonest(by) if by_value else _outer_thirds(by)
    sides = {"low": by == low, "high": by == high} if by_value else {"low": by <= low, "high": by >= high}
    rows = []
    for part in bands(x):
        row: Facts = {
            "value": float(x[part].mean()),
            "from": float(x[part].min()),
            "to": float(x[part].max()),
        }
        for side, mask in sides.items():
            row[side], row[f"n_{side}"] = _mean(push[part], mask[part])
        rows.append(row)
    return {
        "feature": by_name[name],
        "partner": by_name[other],
        "by_value": by_value,
        "low": low,
        "high": high,
        "rows": rows,
    }


def _mean(push: FloatArray, mask: npt.NDArray[np.bool_]) -> tuple[float | None, int]:
    n = int(mask.sum())
    return (float(push[mask].mean()) if n >= _MIN_SHOTS_OF_A_POINT else None), n


def _outer_thirds(by: FloatArray) -> tuple[float, float]:
    known = by[~np.isnan(by)]
    if len(known) == 0:
        return float("nan"), float("nan")
    low = float(np.quantile(known, 1 / 3, method="lower"))
    high = float(np.quantile(known, 2 / 3, method="higher"))
    if low == high:  # more than a third of the shots share one value: the rest stands against them
        above, below = known[known > high], known[known < low]
        low, high = (low, float(above.min())) if len(above) >= len(below) else (float(below.max()), high)
    return low, high


def _two_commonest(by: FloatArray) -> tuple[float, float]:
    values, counts = np.unique(by[~np.isnan(by)], return_counts=True)
    if len(values) == 0:
        return float("nan"), float("nan")
    common = sorted(float(value) for value in values[np.argsort(-counts, kind="stable")[:2]])
    return common[0], common[-1]


def interaction_table(model: Model, used: list[str]) -> Facts | None:
    """Mean |interaction| of every pair of used features as a half matrix.

    Returns
    -------
    dict or None
        ``names`` and ``cells`` (row by row, ``None`` on and above the diagonal), ``top`` for shading;
        None where the model has no interactions.
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
