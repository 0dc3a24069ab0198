"""The frame of a shot, found from the motion of ball and shooter.

The operator's clock is off by seconds, and passes look much like shots. So every frame of the window gets a
log-likelihood that the shot was taken there, a sum of what the event says and what the tracks show:

- the ball is with the shooter, and nobody else is clearly closer to it;
- the ball's velocity changes suddenly there, and it leaves fast;
- it leaves towards the goal, and unless the shot was blocked it comes to the goal line soon;
- the event's clock (0.8 s late on average, sd 1.7 s) and the event's place (about 1.5 m off) agree.

The most likely frame is taken. Its confidence is the share of likelihood within three frames of it, with "at
none of these frames" as one more possibility, so that a window without a kick gives a low confidence.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.pitch import GOAL_WIDTH_M
from xgoals.feeds.dfl.tracks import FRAME_RATE_HZ

Floats = npt.NDArray[np.float64]

CLOCK_MEAN_S, CLOCK_SD_S = 0.8, 1.7
"""Event time minus shot time on real shots."""
CLOCK_OUTLIER_SHARE = 0.02
PLACE_SD_M = 1.5
CONTACT_M = 0.6
"""Up to here the ball counts as played; beyond, likelihood falls with CONTACT_SD_M."""
CONTACT_SD_M = 0.4
KICK_SD_MS = 4.0
"""Each 4 m/s of velocity change, up to 28 m/s, multiplies the likelihood by e."""
KICK_CAP_MS = 28.0
SPEED_MS, SPEED_SOFT_MS = 8.0, 1.5
"""Shots leave faster than about 8 m/s."""
DIRECTION_SD_DEG = 8.0
DIRECTION_MARGIN_M = 1.5
"""Aiming this far outside a post still counts as towards the goal."""
DIRECTION_FLOOR = 0.02
"""Deflected within the first frames: likelihood of any other direction."""
ARRIVAL_S = 2.0
NEIGHBOURS = 3
NONE_OF_THESE = -4.0
"""Log-likelihood of "the shot is at none of these frames"."""


@dataclass(frozen=True, slots=True)
class Found:
    """Index of the frame within the window, and how sure it is (0-1)."""

    index: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ShotWindow:
    """What the finder sees, in the shot's coordinates (metres; F frames, P other people; NaN: not there).

    Attributes
    ----------
    ball_xyz_m
        (F, 3)
    shooter_xy_m
        (F, 2)
    others_xy_m
        (F, P, 2)
    goal_x_m
        x of the goal line attacked.
    event_index
        The event's time as a (fractional) index into the window.
    event_xy_m
        The operator's position, or None.
    reaches_goal
        False where the shot was blocked, or nothing is known of its end.
    """

    ball_xyz_m: Floats
    shooter_xy_m: Floats
    others_xy_m: Floats
    goal_x_m: float
    event_index: float
    event_xy_m: tuple[float, float] | None
    reaches_goal: bool


def find_shot_frame(window: ShotWindow) -> Found | None:
    """Find the most likely frame of the shot; None where ball and shooter are never seen together.

    Returns
    -------
    Found
        With an index such that the ball is first seen to move off on the next frame.
    """
    score = log_likelihood(window)
    if not np.isfinite(score).any():
        return None
    best = int(np.nanargmax(np.where(np.isfinite(score), score, -np.inf)))
    weight = np.exp(np.where(np.isfinite(score), score, -np.inf) - score[best])
    near = weight[max(best - NEIGHBOURS, 0) : best + NEIGHBOURS + 1].sum()
    none = np.exp(min(NONE_OF_THESE - score[best], 50.0))
    return Found(index=best, confidence=float(near / (weight.sum() + none)))


def log_likelihood(window: ShotWindow) -> Floats:
    """Log-likelihood of every frame of the window, shape (F,); NaN where ball or shooter are missing."""
    ball = window.ball_xyz_m[:, :2]
    leaving, arriving = _velocity_ms(ball, 2), _velocity_ms(ball, -2)
    kick = np.linalg.norm(leaving - arriving, axis=1)
    speed = np.linalg.norm(leaving, axis=1)
    terms = (
        _contact(window),
        np.minimum(kick, KICK_CAP_MS) / KICK_SD_MS,
        -np.log1p(np.exp(-(speed - SPEED_MS) / SPEED_SOFT_MS)),
        _direction(ball, leaving, window.goal_x_m),
        _arrival(window),
        _clock(window),
        _place(window),
    )
    return np.asarray(np.sum(terms, axis=0), dtype=np.float64)


def _velocity_ms(xy_m: Floats, frames: int) -> Floats:
    """Mean velocity over the next (or, negative, the last) frames."""
    moved = np.full_like(xy_m, np.nan)
    if frames > 0:
        moved[:-frames] = xy_m[frames:] - xy_m[:-frames]
    else:
        moved[-frames:] = xy_m[-frames:] - xy_m[:frames]
    return moved * (FRAME_RATE_HZ / abs(frames))


def _contact(window: ShotWindow) -> Floats:
    """The ball is with the shooter and with nobody else."""
    ball = window.ball_xyz_m[:, :2]
    distance = np.linalg.norm(ball - window.shooter_xy_m, axis=1)
    nearest_other = np.full(len(ball), np.inf)
    if window.others_xy_m.shape[1]:
        others = np.linalg.norm(window.others_xy_m - ball[:, None, :], axis=2)
        nearest_other = np.where(np.isnan(others), np.inf, others).min(axis=1)
    outside = np.maximum(distance - CONTACT_M, 0) / CONTACT_SD_M
    return np.asarray(-0.5 * np.minimum(outside, 6) ** 2 - np.clip(distance - nearest_other, 0, 1.5) * 2)


def _direction(ball: Floats, leaving: Floats, goal_x_m: float) -> Floats:
    """The ball leaves towards the goal: by how much its bearing misses the mouth, margin included."""
    half = GOAL_WIDTH_M / 2 + DIRECTION_MARGIN_M
    depth = np.maximum(goal_x_m - ball[:, 0], 0.5)
    left, right = np.arctan2(half - ball[:, 1], depth), np.arctan2(-half - ball[:, 1], depth)
    bearing = np.arctan2(leaving[:, 1], leaving[:, 0])
    miss_deg = np.degrees(np.maximum(np.maximum(bearing - left, right - bearing), 0))
    miss_deg = np.minimum(miss_deg, 360 - miss_deg)
    return np.asarray(np.log(np.exp(-0.5 * (miss_deg / DIRECTION_SD_DEG) ** 2) + DIRECTION_FLOOR))


def _arrival(window: ShotWindow) -> Floats:
    """A shot that was not blocked comes close to the goal line within two seconds."""
    if not window.reaches_goal:
        return np.zeros(len(window.ball_xyz_m))
    depth = np.maximum(window.goal_x_m - window.ball_xyz_m[:, 0], 0)
    depth = np.where(np.isnan(depth), np.inf, depth)
    ahead = int(ARRIVAL_S * FRAME_RATE_HZ)
    padded = np.concatenate([depth, np.full(ahead, np.inf)])
    nearest = np.lib.stride_tricks.sliding_window_view(padded, ahead + 1).min(axis=1)
    seen_to_the_end = np.arange(len(depth)) + ahead < len(depth)
    return np.asarray(np.where(seen_to_the_end, -np.clip((nearest - 3) / 3, 0, 3), 0.0))


def _clock(window: ShotWindow) -> Floats:
    """How well the event's clock fits each frame."""
    late_s = (window.event_index - np.arange(len(window.ball_xyz_m))) / FRAME_RATE_HZ
    normal = np.exp(-0.5 * ((late_s - CLOCK_MEAN_S) / CLOCK_SD_S) ** 2)
    return np.asarray(np.log(normal + CLOCK_OUTLIER_SHARE))


def _place(window: ShotWindow) -> Floats:
    """How well the event's place fits the shooter's at each frame."""
    if window.event_xy_m is None:
        return np.zeros(len(window.ball_xyz_m))
    off_m = np.linalg.norm(window.shooter_xy_m - np.asarray(window.event_xy_m), axis=1)
    return np.asarray(-0.5 * np.minimum(off_m / PLACE_SD_M, 3.5) ** 2)
