"""Is a model at a provider's level? xG over goals of the provider's shots, with how sure that is."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.resampling import Draws, interval
from xgoals.model.shots.eligible import has

FloatArray = npt.NDArray[np.float64]

TOLERANCE = 0.03
"""A sum of xG that is no farther from the goals than this is at the level, however sure the difference is."""
HEADER_TOLERANCE = 0.07
"""The same of headers, a sixth of the shots."""
MIN_GOALS = 50
"""With fewer goals the interval is wider than any difference between providers: nothing is said."""
MIN_MATCHES_JUDGED = 10
N_RESAMPLES = 1000
_SEED = 1


class Verdict(StrEnum):
    """Whether a model's numbers are at a provider's level."""

    AT_LEVEL = "at_level"
    OFF = "off"
    TOO_FEW = "too_few"
    """Too few shots to say."""


@dataclass(frozen=True, slots=True)
class XgPerGoal:
    """Sum of xG over goals of some shots, with its 95 % interval, whole matches resampled; None without a goal."""

    n_shots: int
    n_goals: int
    value: float | None
    low: float | None
    high: float | None

    def is_off(self, tolerance: float) -> bool:
        """Whether it is off by more than the tolerance, and beyond chance."""
        if self.value is None or self.low is None or self.high is None or self.n_goals < MIN_GOALS:
            return False
        return abs(self.value - 1) > tolerance and not self.low <= 1 <= self.high


@dataclass(frozen=True, slots=True)
class JudgedLevel:
    """How a model's numbers of one provider's shots agree with its goals.

    Attributes
    ----------
    n_matches
        Matches with a shot that is judged.
    shots, headers, free_kicks
        Of all judged shots, and of these kinds of them.
    """

    n_matches: int
    shots: XgPerGoal
    headers: XgPerGoal
    free_kicks: XgPerGoal

    @property
    def verdict(self) -> Verdict:
        """Whether the numbers as a whole are at the level."""
        if self.shots.n_goals < MIN_GOALS or self.n_matches < MIN_MATCHES_JUDGED:
            return Verdict.TOO_FEW
        return Verdict.OFF if self.shots.is_off(TOLERANCE) else Verdict.AT_LEVEL

    @property
    def asks_for_a_level(self) -> bool:
        """Whether all shots or headers alone are off."""
        return self.verdict is Verdict.OFF or self.headers.is_off(HEADER_TOLERANCE)


def judge_level(
    X: pd.DataFrame, xg: FloatArray, is_goal: npt.ArrayLike, match_ids: npt.ArrayLike
) -> JudgedLevel:
    """Judge numbers of one provider's shots, those that figures are over, by models that had not seen the match.

    Parameters
    ----------
    X
        ``Header`` and ``FreeKick``, n rows.
    """
    goal = np.asarray(is_goal, dtype=np.float64)
    draws = Draws.of(match_ids, N_RESAMPLES, _SEED)
    every = np.ones(len(goal), dtype=bool)
    return JudgedLevel(
        int(draws.counts.shape[1]),
        *(_xg_per_goal(xg, goal, draws, some) for some in (every, has(X, "Header"), has(X, "FreeKick"))),
    )


def _xg_per_goal(xg: FloatArray, goal: FloatArray, draws: Draws, some: npt.NDArray[np.bool_]) -> XgPerGoal:
    n_goals = int(goal[some].sum())
    if n_goals == 0:
        return XgPerGoal(int(some.sum()), 0, None, None, None)
    value = float(xg[some].sum() / n_goals)
    low, high = interval(
        draws.sums(np.where(some, xg, 0.0)) / np.maximum(draws.sums(np.where(some, goal, 0.0)), 1)
    )
    return XgPerGoal(int(some.sum()), n_goals, value, min(low, value), max(high, value))
