"""Probabilities, log-odds and what a wrong one costs: the formulas that every figure of a model rests on.

Log-odds of a probability p are ``log(p / (1 - p))``, also called its logit or its margin. The log loss of a shot is
``-log(p)`` where it was a goal and ``-log(1 - p)`` where it was none.

Log loss stands here for both ways of writing a forecast. The two agree to rounding, but not in the last digit: the gate
decides on the one of probabilities, evaluation and calibration publish the one of log-odds, and both stay repeatable.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

EPS = 1e-7
"""Probabilities count as no nearer to 0 or 1 than this: one shot that was thought impossible costs 16, not infinity."""


def clipped(xg: npt.ArrayLike) -> FloatArray:
    """Probabilities, those within ``EPS`` of 0 or 1 moved there; NaN stays."""
    return np.asarray(np.clip(np.asarray(xg, dtype=np.float64), EPS, 1 - EPS))


def log_odds(xg: npt.ArrayLike) -> FloatArray:
    """Log-odds of probabilities, of the same shape; exactly 0 or 1 are moved by ``EPS``."""
    p = clipped(xg)
    return np.asarray(np.log(p / (1 - p)))


def probability(margin: FloatArray) -> FloatArray:
    """Probabilities of log-odds, of the same shape: the sigmoid."""
    return np.asarray(1 / (1 + np.exp(-margin)))


def log_losses(is_goal: npt.NDArray[np.bool_], xg: npt.ArrayLike) -> FloatArray:
    """Log loss of every shot by its probability, shape (n,)."""
    p = clipped(xg)
    return np.asarray(-np.where(is_goal, np.log(p), np.log1p(-p)))


def log_losses_of_log_odds(is_goal: FloatArray, margin: FloatArray) -> FloatArray:
    """Log loss of every shot by its log-odds, shape (n,); ``is_goal`` as 0 and 1."""
    return np.asarray(np.logaddexp(0, margin) - is_goal * margin)


def log_loss_changes(is_goal: FloatArray, before: FloatArray, after: FloatArray) -> FloatArray:
    """What other log-odds cost every shot, after minus before, shape (n,); ``is_goal`` as 0 and 1.

    The difference of :func:`log_losses_of_log_odds`, with the parts that are nearly alike taken from each other first.
    """
    return np.asarray(np.logaddexp(0, after) - np.logaddexp(0, before) - is_goal * (after - before))


def brier_losses(is_goal: FloatArray, xg: FloatArray) -> FloatArray:
    """Squared distance of every shot's probability from its outcome (0 or 1), shape (n,)."""
    return np.asarray((xg - is_goal) ** 2)
