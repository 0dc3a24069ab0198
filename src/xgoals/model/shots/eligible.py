"""Which shots a model learns from and is judged on: no penalties, and no dead ball from beside the goal.

Whether a free kick from a sharp angle is recorded as a shot depends on what became of it: one that goes in, or has to
be saved, is a shot, a cross that nobody reaches is a pass; and so it is with corner kicks. These shots are on target,
and score, more often than free kicks from better places (docs/evaluation.md has the figures), and who learns from them
learns how they are recorded. They are scored by what other shots teach, and reported apart.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain import geometry
from xgoals.domain.shot import ShotType
from xgoals.features.catalogue import STRIKE_CODES, YES, Strike

MIN_DEAD_BALL_ANGLE_DEG = 12.0
"""A direct free kick, or corner kick, to which the goal looks narrower than this is recorded by its outcome."""

BoolArray = npt.NDArray[np.bool_]


def teaches(X: pd.DataFrame) -> BoolArray:
    """Which shots trees are grown on, by their features, shape (n,).

    A feature that a frame lacks excludes nothing.
    """
    return ~(has(X, "Penalty") | is_sharp_by_features(X))


def is_sharp_by_features(X: pd.DataFrame) -> BoolArray:
    """Which are dead balls from a sharp angle, penalties apart, shape (n,).

    By ``AngleToGoal``, ``FreeKick`` and, for corner kicks, ``StrikeType``.
    """
    if "AngleToGoal" not in X:
        return np.zeros(len(X), dtype=bool)
    is_dead_ball = has(X, "FreeKick") | has(X, "StrikeType", float(STRIKE_CODES[Strike.DEAD_BALL]))
    is_sharp = X["AngleToGoal"].to_numpy(dtype=np.float64) < MIN_DEAD_BALL_ANGLE_DEG
    return is_dead_ball & is_sharp & ~has(X, "Penalty")


def has(X: pd.DataFrame, name: str, value: float = YES) -> BoolArray:
    """Which shots have a feature with this value, shape (n,); none where the frame does not know it."""
    return X[name].to_numpy() == value if name in X else np.zeros(len(X), dtype=bool)


def is_sharp_dead_ball(shots: pd.DataFrame) -> "pd.Series[bool]":
    """Which are free or corner kicks from a sharp angle: by ``shot_type, x_m, y_m, pitch_length_m``."""
    angle_deg = geometry.angle_to_goal_deg(shots["x_m"], shots["y_m"], shots["pitch_length_m"] / 2)
    is_dead_ball = shots["shot_type"].astype(str).isin([ShotType.FREE_KICK.value, ShotType.CORNER.value])
    return is_dead_ball & (pd.Series(angle_deg, index=shots.index) < MIN_DEAD_BALL_ANGLE_DEG)


def is_judged(shots: pd.DataFrame) -> "pd.Series[bool]":
    """Which shots figures of quality are over: by ``is_penalty`` and as :func:`is_sharp_dead_ball`."""
    return ~shots["is_penalty"].astype(bool) & ~is_sharp_dead_ball(shots)
