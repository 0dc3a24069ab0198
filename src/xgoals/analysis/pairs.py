"""How the answer to one feature depends on another: single pairs, band by band, and which pairs are worth it.

How strongly all pairs depend on each other is :mod:`xgoals.analysis.interactions`'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.dependence import bands
from xgoals.analysis.shots import (
    BoolArray,
    Feature,
    FloatArray,
    Model,
    features_by_name,
    floats,
    without_penalties,
)

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


@dataclass(frozen=True)
class MissingPair:
    """Labels of a pair that cannot be shown, and of those of its features that the model does not use."""

    feature: str
    partner: str
    unused: tuple[str, ...]


@dataclass(frozen=True)
class SideMean:
    """Mean attribution over the shots of one side of a band; None for fewer than 20 of them."""

    mean: float | None
    n_shots: int


@dataclass(frozen=True)
class PairBand:
    """A band of a feature: mean value and limits in its unit; its shots where the partner is low and is high."""

    value: float
    value_from: float
    value_to: float
    low: SideMean
    high: SideMean


@dataclass(frozen=True)
class Pair:
    """One feature, seen by its partner.

    Attributes
    ----------
    feature, partner
        Which ones.
    by_value
        Whether the sides are single values of the partner.
    low, high
        The partner's limit (or value) of each side, in its unit.
    rows
        Bands of the feature, in ascending order.
    """

    feature: Feature
    partner: Feature
    by_value: bool
    low: float
    high: float
    rows: tuple[PairBand, ...]


def partners(model: Model, used: Sequence[str]) -> list[tuple[str, str]]:
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


def missing_partners(model: Model, used: Sequence[str]) -> list[MissingPair]:
    """Pairs of the article that cannot be shown, each with the features that the model does not use."""
    labels = {name: feature["label"] for name, feature in features_by_name(model).items()}
    return [
        MissingPair(
            labels.get(name, name),
            labels.get(other, other),
            tuple(labels.get(one, one) for one in (name, other) if one not in used),
        )
        for name, other in PAIRS
        if not {name, other} <= set(used)
    ]


def pair_summary(shots: pd.DataFrame, model: Model, name: str, other: str) -> Pair:
    """The mean value of a feature, band by band, where its partner is low and where it is high.

    Low and high are the partner's lowest and highest third; of a yes/no, a category or a count of few values,
    the two commonest values.
    """
    cut, known = without_penalties(shots), features_by_name(model)
    x, push, by = floats(cut[name]), floats(cut[f"shap_{name}"]), floats(cut[other])
    by_value = known[other]["kind"] in ("binary", "category")
    low, high = _two_commonest(by) if by_value else _outer_thirds(by)
    is_low, is_high = (by == low, by == high) if by_value else (by <= low, by >= high)
    rows = tuple(
        PairBand(
            value=float(x[part].mean()),
            value_from=float(x[part].min()),
            value_to=float(x[part].max()),
            low=_side(push[part], is_low[part]),
            high=_side(push[part], is_high[part]),
        )
        for part in bands(x)
    )
    return Pair(known[name], known[other], by_value, low, high, rows)


def _side(push: FloatArray, mask: BoolArray) -> SideMean:
    n = int(mask.sum())
    return SideMean(float(push[mask].mean()) if n >= _MIN_SHOTS_OF_A_POINT else None, n)


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
