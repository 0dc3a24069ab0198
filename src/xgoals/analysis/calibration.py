"""What was expected against what was scored: whether 0.10 means one in ten.

Over shots without penalties that have a prediction by a model which has not seen their match. Whether the model is
calibrated as a whole (slope and intercept, tested when it was trained) is :mod:`xgoals.model.calibration`'s.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.goal_rate import GoalRate, goal_rate_of
from xgoals.analysis.shots import BoolArray, FloatArray, floats, rated


@dataclass(frozen=True)
class ExpectedAndScored:
    """Some shots, what was expected of them and what happened.

    Attributes
    ----------
    expected
        Mean xG: the goal rate that was promised.
    expected_goals
        Sum of xG.
    xg_from, xg_to
        The smallest and the largest xG among them.
    scored
        What happened.
    """

    expected: float
    expected_goals: float
    xg_from: float
    xg_to: float
    scored: GoalRate

    @property
    def is_off(self) -> bool:
        """Whether the promised rate lies outside the 95 % interval of the goals scored."""
        return not self.scored.low <= self.expected <= self.scored.high


@dataclass(frozen=True)
class KindOfShot:
    """The same for one kind: ``"foot"`` (open play), ``"header"`` or ``"free_kick"`` (direct)."""

    kind: str
    sums: ExpectedAndScored


@dataclass(frozen=True)
class Calibration:
    """Expected against scored.

    Attributes
    ----------
    n_shots
        How many shots were rated.
    model, provider
        Bands of equal size by expected goals, the lowest first; the provider's None without any xG of his.
    kinds
        Kinds of shots that there are.
    """

    n_shots: int
    model: tuple[ExpectedAndScored, ...]
    provider: tuple[ExpectedAndScored, ...] | None
    kinds: tuple[KindOfShot, ...]


def calibration(shots: pd.DataFrame, bands: int = 10) -> Calibration:
    """Expected against scored, in ``bands`` bands of equal size and by kind of shot."""
    cut = rated(shots)
    goal, provider = floats(cut["is_goal"]), floats(cut["provider_xg"])
    known = ~np.isnan(provider)
    return Calibration(
        n_shots=len(cut),
        model=_bands(floats(cut["xg_out_of_fold"]), goal, bands),
        provider=_bands(provider[known], goal[known], bands) if known.any() else None,
        kinds=_kinds(cut),
    )


def expected_and_scored(xg: FloatArray, is_goal: FloatArray) -> ExpectedAndScored:
    """What was expected of some shots, at least one, and what happened; both shape (n,)."""
    return ExpectedAndScored(
        expected=float(xg.mean()),
        expected_goals=float(xg.sum()),
        xg_from=float(xg.min()),
        xg_to=float(xg.max()),
        scored=goal_rate_of(is_goal),
    )


def _bands(xg: FloatArray, is_goal: FloatArray, n: int) -> tuple[ExpectedAndScored, ...]:
    order = np.argsort(xg, kind="stable")
    return tuple(
        expected_and_scored(xg[part], is_goal[part]) for part in np.array_split(order, n) if len(part)
    )


def _kinds(cut: pd.DataFrame) -> tuple[KindOfShot, ...]:
    header, free_kick = _has(cut, "Header"), _has(cut, "FreeKick")
    masks = {"foot": ~header & ~free_kick, "header": header, "free_kick": free_kick}
    xg, goal = floats(cut["xg_out_of_fold"]), floats(cut["is_goal"])
    return tuple(
        KindOfShot(kind, expected_and_scored(xg[mask], goal[mask]))
        for kind, mask in masks.items()
        if mask.any()
    )


def _has(cut: pd.DataFrame, flag: str) -> BoolArray:
    """Which shots have the yes/no feature; none where the model does not know it."""
    return floats(cut[flag]) == 1 if flag in cut else np.zeros(len(cut), dtype=bool)
