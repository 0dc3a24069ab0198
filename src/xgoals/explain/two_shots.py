"""Why one shot is worth more than another: exact Shapley values with the other shot as the baseline.

The game is v(S) = f(the shot on S, the other one elsewhere): it begins with the other shot and ends with this one, so
the values add up to the difference of the two numbers. Nothing is invented but the mixtures between them: half of one
shot's place with half of another's may be a place that does not exist. Groups change as a whole, and are what to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost as xgb
from numpy.typing import NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.exact import exact_shapley
from xgoals.explain.forest import Forest, forest_of
from xgoals.explain.inputs import Rows, rows_of
from xgoals.explain.proof import sigmoid
from xgoals.explain.verify import ENGINE_TOLERANCE


@dataclass(frozen=True, slots=True)
class TwoShots:
    """What makes one shot's xG of another's.

    Attributes
    ----------
    xg, other_xg
        What the model says of the shot and of the other one.
    values
        By feature: together they add up to ``xg - other_xg``.
    group_values
        By group, a game of its own, that adds up to the same; empty where no groups were given.
    gap
        How far the sums are from the difference of the two predictions, summed leaf by leaf.
    """

    xg: float
    other_xg: float
    values: Mapping[str, float]
    group_values: Mapping[str, float]
    gap: float

    @property
    def difference(self) -> float:
        """How much more the shot is worth; negative where it is less."""
        return self.xg - self.other_xg


def compare_shots(
    booster: xgb.Booster | Forest,
    shot: Rows,
    against: Rows,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> TwoShots:
    """Why the model gives one shot more, or less, than another; in probability.

    Parameters
    ----------
    booster
        As for :func:`xgoals.explain.exact_shapley`.
    shot, against
        One row each, (1, F): the shot, and the one that it is held against.
    groups
        ``{name: features}``, every feature in exactly one.

    Raises
    ------
    ModelError
        If one of the two is no single row, the model or the rows cannot be explained exactly, or the values do not
        add up to the difference within 1e-9.
    """
    forest = forest_of(booster)
    one, other = _single(shot, forest, "the shot"), _single(against, forest, "the other shot")
    found = exact_shapley(booster, one, other[0], groups=groups)
    xg, other_xg = sigmoid(forest.margin(np.concatenate([one, other]))).tolist()
    values, of_groups = found.values[0], found.group_values
    sums = [values.sum()] if of_groups is None else [values.sum(), of_groups[0].sum()]
    gap = max(abs(total - (xg - other_xg)) for total in sums)
    if not gap <= ENGINE_TOLERANCE:
        raise ModelError(
            f"the values add up to {sums[0]:.9f}, the two predictions differ by {xg - other_xg:.9f}",
            advice="This model is not explained exactly; use none of these values",
        )
    named = (
        {} if of_groups is None else dict(zip(found.group_names or (), of_groups[0].tolist(), strict=True))
    )
    return TwoShots(
        xg, other_xg, dict(zip(found.feature_names, values.tolist(), strict=True)), named, float(gap)
    )


def _single(shot: Rows, forest: Forest, what: str) -> NDArray[np.float32]:
    rows = rows_of(shot, forest)
    if len(rows) != 1:
        raise ModelError(f"{what} must be one row, not {len(rows)}")
    return rows
