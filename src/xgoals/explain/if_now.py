"""xG if he shot now: what the model says of every moment before a shot.

The same feature builder and the same booster as for the shot itself, on the scenes of the frames before it; at the
shot's own frame the line therefore ends at the shot's own number.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost

from xgoals.domain.scene import Clip
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue
from xgoals.features.moments import frame_scenes
from xgoals.model.artifact import predict
from xgoals.model.support import FEW, Support

REACH_M = 2.0
"""Further than this from the ball, the shooter does not have it."""
REACH_UP_M = 2.5
"""Nor does he where it is higher than this."""


@dataclass(frozen=True)
class IfNow:
    """The model's answers for n moments, the shot's own the last.

    Attributes
    ----------
    time_s
        Seconds from the shot, (n,), ending at 0.
    xg
        Probability of a goal, (n,); NaN where the shooter is not seen.
    has_ball
        Whether the ball is within the shooter's reach, (n,).
    alike
        How many of the training shots are like this moment, (n,).
    n_training
        How many training shots there are.
    """

    time_s: npt.NDArray[np.float64]
    xg: npt.NDArray[np.float64]
    has_ball: npt.NDArray[np.bool_]
    alike: npt.NDArray[np.int64]
    n_training: int

    @property
    def is_seen(self) -> npt.NDArray[np.bool_]:
        """Whether the model has seen anything like it, (n,)."""
        return self.alike >= FEW


def xg_if_now(
    clip: Clip,
    shooter_id: str,
    shot: Mapping[Hashable, Any],
    frames: npt.NDArray[np.int64],
    *,
    booster: xgboost.Booster,
    catalogue: Catalogue,
    support: Support,
) -> IfNow:
    """What the model says of some frames of a clip, up to the shot.

    Parameters
    ----------
    clip, shooter_id, shot
        See :func:`xgoals.features.moments.frame_scenes`.
    frames
        Indices into the clip; those after the shot are left out.
    booster, catalogue, support
        The model, its features, and what it has seen.

    Raises
    ------
    ValueError
        If the shooter is not in the clip, or the shot's own frame not among ``frames``.
    """
    frames = frames[clip.time_s[frames] <= 1e-9]
    if not len(frames) or abs(clip.time_s[frames[-1]]) > 1e-9:
        raise ValueError(f"the frames of {clip.shot_id} do not end at the shot")
    scenes = frame_scenes(clip, shooter_id, shot, frames)
    features = build_features(scenes, catalogue)
    xg = predict(booster, features)
    x_m, y_m = scenes.column("x_m"), scenes.column("y_m")
    ball = clip.ball_xyz_m[frames].astype(np.float64)
    near = np.hypot(ball[:, 0] - x_m, ball[:, 1] - y_m) <= REACH_M
    return IfNow(
        time_s=clip.time_s[frames],
        xg=np.where(np.isnan(x_m), np.nan, xg),
        has_ball=near & ~(ball[:, 2] > REACH_UP_M),
        alike=support.alike(features),
        n_training=support.n_shots,
    )
