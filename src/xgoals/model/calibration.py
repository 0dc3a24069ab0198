"""Does an xG of 0.1 become a goal one time in ten? Checked for every model, corrected only on evidence.

The correction is logistic (Platt): the log-odds m of the model become ``slope * m + shift``. A sum of trees can hold
it itself: every leaf times the slope, and the shift in ``base_score``. So the corrected model is a plain booster
again, and what is explained is what is published; no curve stands between the two.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.model.booster_arithmetic import scaled_and_shifted
from xgoals.model.losses import log_loss_changes, probability
from xgoals.model.resampling import Draws, interval
from xgoals.model.shots.penalties import same_rate

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

_MAX_STEPS = 50
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Correction:
    """Log-odds m become ``slope * m + shift``."""

    slope: float
    shift: float

    def __call__(self, margin: FloatArray) -> FloatArray:
        """Corrected log-odds, of the same shape."""
        return self.slope * margin + self.shift


@dataclass(frozen=True, slots=True)
class CalibrationFit:
    """How well calibrated a set of log-odds is; each figure with its 95 % interval, matches taken as a whole.

    Attributes
    ----------
    slope
        Of a logistic regression of the outcome on the log-odds: below 1, the model is too sure of itself.
    intercept
        Log-odds that the model lacks on average (its slope taken as 1): above 0, it expects too few goals.
    """

    slope: float
    slope_interval: tuple[float, float]
    intercept: float
    intercept_interval: tuple[float, float]


def fit_correction(margin: FloatArray, is_goal: npt.ArrayLike) -> Correction:
    """The correction under which these outcomes are most likely.

    Raises
    ------
    ModelError
        If all outcomes are alike, or the log-odds separate goals from misses or run against them: there is no
        (rising) curve to fit then.
    """
    goal = np.asarray(is_goal, dtype=np.float64)
    columns = np.column_stack([margin, np.ones(len(margin))])
    slope, shift = _logistic(columns, goal, np.zeros(len(goal)))
    if slope <= 0:
        raise ModelError(
            "the model's calibration cannot be corrected: the higher its xG, the fewer the goals",
            advice="Look at the data it was trained on",
        )
    return Correction(float(slope), float(shift))


def fit_calibration(margin: FloatArray, is_goal: npt.ArrayLike, match_ids: npt.ArrayLike) -> CalibrationFit:
    """Slope and intercept of a logistic recalibration, with robust intervals (clustered by match).

    Raises
    ------
    ModelError
        As in :func:`fit_correction`.
    """
    goal = np.asarray(is_goal, dtype=np.float64)
    _, match = np.unique(np.asarray(match_ids, dtype=str), return_inverse=True)
    both, none = np.column_stack([margin, np.ones(len(goal))]), np.zeros(len(goal))
    correction = fit_correction(margin, goal)
    fitted = np.array([correction.slope, correction.shift])
    slope_se = _robust_errors(both, goal, none, fitted, match)[0]
    one = np.ones((len(goal), 1))
    (intercept,) = _logistic(one, goal, margin)
    intercept_se = _robust_errors(one, goal, margin, np.array([intercept]), match)[0]
    return CalibrationFit(
        correction.slope,
        (correction.slope - _Z * slope_se, correction.slope + _Z * slope_se),
        float(intercept),
        (float(intercept) - _Z * intercept_se, float(intercept) + _Z * intercept_se),
    )


def fit_slope(
    margin: FloatArray, is_goal: npt.ArrayLike, match_ids: npt.ArrayLike, *, z: float
) -> tuple[float, tuple[float, float]]:
    """Slope of the outcome on log-odds, whatever its sign, with its robust interval of ``z`` standard errors.

    Raises
    ------
    ModelError
        If all outcomes are alike, or the log-odds are, or separate goals from misses.
    """
    goal = np.asarray(is_goal, dtype=np.float64)
    _, match = np.unique(np.asarray(match_ids, dtype=str), return_inverse=True)
    both, none = np.column_stack([margin, np.ones(len(goal))]), np.zeros(len(goal))
    fitted = _logistic(both, goal, none)
    spread = z * float(_robust_errors(both, goal, none, fitted, match)[0])
    slope = float(fitted[0])
    return slope, (slope - spread, slope + spread)


def gain(before: FloatArray, after: FloatArray, is_goal: npt.ArrayLike, draws: Draws) -> dict[str, Any]:
    """What a correction changes in the log loss: ``log_loss`` (after minus before) and its ``interval``."""
    goal = np.asarray(is_goal, dtype=np.float64)
    difference = log_loss_changes(goal, before, after)
    return {"log_loss": float(difference.mean()), "interval": interval(draws.means(difference))}


def is_worth_it(gained: dict[str, Any]) -> bool:
    """The rule: corrected if what other matches teach lowers the log loss of unseen ones beyond chance (95 %)."""
    return bool(gained["interval"][1] < 0)


def built_in(booster: xgboost.Booster, correction: Correction) -> xgboost.Booster:
    """The same trees with the correction inside: predicts ``sigmoid(slope * m + shift)`` of the old log-odds m.

    The stated rate of penalties, which no correction is learnt from, stays.

    Raises
    ------
    ModelError
        If the slope is not positive (the ranking would turn round), or the booster is no plain logistic one.
    """
    if not correction.slope > 0:
        raise ModelError(f"a correction must have a positive slope, not {correction.slope:.3g}")
    return same_rate(scaled_and_shifted(booster, correction.slope, correction.shift), before=booster)


def _logistic(columns: FloatArray, goal: FloatArray, offset: FloatArray) -> FloatArray:
    """Coefficients of a logistic regression by Newton's method, without penalty."""
    if goal.min() == goal.max():
        raise ModelError(
            "no goals, or nothing but goals: calibration cannot be checked", advice="Give it more matches"
        )
    found = np.zeros(columns.shape[1])
    for _ in range(_MAX_STEPS):
        p = probability(offset + columns @ found)
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns
        try:
            step = np.linalg.solve(curvature, columns.T @ (goal - p))
        except np.linalg.LinAlgError:
            break
        found = found + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            return np.asarray(found)
    raise ModelError(
        "calibration cannot be checked: the model separates goals from misses completely, or rates all shots alike",
        advice="Give it more matches, and look for a feature that knows the outcome",
    )


def _robust_errors(
    columns: FloatArray, goal: FloatArray, offset: FloatArray, found: FloatArray, match: IndexArray
) -> FloatArray:
    """Standard errors that allow for shots of one match being alike (sandwich, clustered by match)."""
    p = probability(offset + columns @ found)
    bread = np.linalg.inv((columns * (p * (1 - p))[:, None]).T @ columns)
    scores = np.zeros((int(match.max()) + 1, columns.shape[1]))
    np.add.at(scores, match, columns * (goal - p)[:, None])
    return np.asarray(np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread)))
