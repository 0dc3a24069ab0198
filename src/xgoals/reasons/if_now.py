"""xG if he shot now: what the model says of every moment before a shot.

The same feature builder and the same booster as for the shot itself, on the scenes of the frames before it; at the
shot's own frame the line therefore ends at the shot's own number.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xgoals.domain.scene import Clip
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue
from xgoals.features.moments import frame_scenes, joined
from xgoals.model.seen.support import FEW, Support

if TYPE_CHECKING:
    import xgboost

REACH_M = 2.0
"""Further than this from the ball, the shooter does not have it."""
REACH_UP_M = 2.5
"""Nor does he where it is higher than this."""
_AT_ONCE_S = 1e-6


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


@dataclass(frozen=True)
class Question:
    """A clip about which a model is asked.

    Attributes
    ----------
    clip, shooter_id, held
        The clip, who shoots, and what stays as at the shot: see :func:`xgoals.features.moments.frame_scenes`.
    frames
        Indices into the clip; those after the shot are not asked about.
    """

    clip: Clip
    shooter_id: str
    held: Mapping[Hashable, Any]
    frames: npt.NDArray[np.int64]


def xg_if_now(
    questions: Sequence[Question], booster: "xgboost.Booster", catalogue: Catalogue, support: Support
) -> list[IfNow]:
    """What a model says of the frames of some clips, up to the shot; all clips in one go.

    Parameters
    ----------
    questions
        The clips and their frames.
    booster, catalogue, support
        The model, its features, and what it has seen.

    Raises
    ------
    ValueError
        If a shooter is not in his clip, or the shot's own frame not among the frames.
    """
    from xgoals.model.artifact import predict

    asked = [_up_to_shot(question) for question in questions]
    scenes = joined(
        [frame_scenes(q.clip, q.shooter_id, q.held, at) for q, at in zip(questions, asked, strict=True)]
    )
    features = build_features(scenes, catalogue)
    xg, alike = predict(booster, features), support.alike(features)
    x_m, y_m = scenes.column("x_m"), scenes.column("y_m")
    xg[np.isnan(x_m)] = np.nan
    answers, end = [], 0
    for question, at in zip(questions, asked, strict=True):
        part = slice(end, end := end + len(at))
        ball = question.clip.ball_xyz_m[at].astype(np.float64)
        near = np.hypot(ball[:, 0] - x_m[part], ball[:, 1] - y_m[part]) <= REACH_M
        has_ball = near & ~(ball[:, 2] > REACH_UP_M)
        answers.append(IfNow(question.clip.time_s[at], xg[part], has_ball, alike[part], support.n_shots))
    return answers


def _up_to_shot(question: Question) -> npt.NDArray[np.int64]:
    time_s = question.clip.time_s[question.frames]
    frames = question.frames[time_s <= _AT_ONCE_S]
    if not (np.abs(time_s) <= _AT_ONCE_S).any():
        raise ValueError(f"the frames of {question.clip.shot_id} do not end at the shot")
    return frames
