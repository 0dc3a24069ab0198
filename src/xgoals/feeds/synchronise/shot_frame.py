"""The frame of a shot, found from the motion of ball and shooter.

The operator's clock is off by seconds, and passes look much like shots. So every frame of the window gets a
log-likelihood that the shot was taken there, a sum of what the event says and what the tracks show:

- the ball is with the shooter, and nobody else is clearly closer to it;
- the ball's velocity changes suddenly there, and it leaves fast;
- it leaves towards the goal, and unless the shot was blocked it comes to the goal line soon;
- the event's clock (0.8 s late on average, sd 1.7 s) and the event's place (about 1.5 m off) agree.

The most likely frame is taken. Its confidence is the share of likelihood within three frames of it, with "at
none of these frames" as one more possibility, so that a window without a kick gives a low confidence.
``docs/feeds-dfl.md`` draws the seven terms of one shot.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xgoals.domain.pitch import GOAL_WIDTH_M
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ

Floats = npt.NDArray[np.float64]

CONTACT_M = 0.6
"""Up to here the ball counts as played; beyond, likelihood falls with CONTACT_SD_M."""
CONTACT_SD_M = 0.4
CONTACT_MAX_SD = 6.0
"""A ball that is further away is no less likely: with -18 the frame is out already."""
OTHER_CLOSER_COST = 2.0
"""Log-likelihood lost for each metre that somebody else is closer to the ball than the shooter is."""
OTHER_CLOSER_M = 1.5
"""Who is closer by more than this costs no more."""
KICK_FRAMES = 2
"""Velocities of the ball before and after a frame are taken over so many frames."""
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
DIRECTION_MIN_DEPTH_M = 0.5
"""Nearer to the goal line than this, the goal mouth is seen from here: at the line it would be half the circle."""
ARRIVAL_S = 2.0
"""So soon an unblocked shot comes to the goal line."""
ARRIVAL_NEAR_M = 3.0
"""Within this of the goal line it has come; every three metres short of it divide the likelihood by e, three times."""
ARRIVAL_MAX = 3.0
CLOCK_MEAN_S, CLOCK_SD_S = 0.8, 1.7
"""Event time minus shot time on real shots."""
CLOCK_OUTLIER_SHARE = 0.02
"""Likelihood of a clock that is off by anything, against one that is off as usual."""
PLACE_SD_M = 1.5
"""How far off the operator's place is, on each axis."""
PLACE_MAX_SD = 3.5
"""A place that is further off is no less likely: it is a slip of the operator's."""
NEIGHBOURS = 3
"""Frames to either side that count as the same answer."""
NONE_OF_THESE = -4.0
"""Log-likelihood of "the shot is at none of these frames"."""
MAX_EXPONENT = 50.0
"""Keeps ``exp`` finite where no frame is likely; the confidence is 0 long before."""


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
    clock_mean_s, clock_sd_s
        By how much the event's clock is late, and how sure that is.
    place_sd_m
        How far off the operator's place is, on each axis.
    """

    ball_xyz_m: Floats
    shooter_xy_m: Floats
    others_xy_m: Floats
    goal_x_m: float
    event_index: float
    event_xy_m: tuple[float, float] | None
    reaches_goal: bool
    clock_mean_s: float = CLOCK_MEAN_S
    clock_sd_s: float = CLOCK_SD_S
    place_sd_m: float = PLACE_SD_M


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
    none = np.exp(min(NONE_OF_THESE - score[best], MAX_EXPONENT))
    return Found(index=best, confidence=float(near / (weight.sum() + none)))


class Terms(NamedTuple):
    """What each kind of evidence says of every frame: log-likelihoods, shape (F,); NaN where it is not seen."""

    contact: Floats
    kick: Floats
    speed: Floats
    direction: Floats
    arrival: Floats
    clock: Floats
    place: Floats


def likelihood_terms(window: ShotWindow) -> Terms:
    """The seven terms that a frame's log-likelihood is the sum of."""
    ball = window.ball_xyz_m[:, :2]
    leaving, arriving = _velocity_ms(ball, KICK_FRAMES), _velocity_ms(ball, -KICK_FRAMES)
    change_ms = np.linalg.norm(leaving - arriving, axis=1)
    speed_ms = np.linalg.norm(leaving, axis=1)
    return Terms(
        contact=_contact(window),
        kick=np.minimum(change_ms, KICK_CAP_MS) / KICK_SD_MS,
        speed=-np.log1p(np.exp(-(speed_ms - SPEED_MS) / SPEED_SOFT_MS)),
        direction=_direction(ball, leaving, window.goal_x_m),
        arrival=_arrival(window),
        clock=_clock(window),
        place=_place(window),
    )


def log_likelihood(window: ShotWindow) -> Floats:
    """Log-likelihood of every frame of the window, shape (F,); NaN where ball or shooter are missing."""
    return np.asarray(np.sum(likelihood_terms(window), axis=0), dtype=np.float64)


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
    closer_m = np.clip(distance - nearest_other, 0, OTHER_CLOSER_M)
    return np.asarray(-0.5 * np.minimum(outside, CONTACT_MAX_SD) ** 2 - closer_m * OTHER_CLOSER_COST)


def _direction(ball: Floats, leaving: Floats, goal_x_m: float) -> Floats:
    """The ball leaves towards the goal: by how much its bearing misses the mouth, margin included."""
    half = GOAL_WIDTH_M / 2 + DIRECTION_MARGIN_M
    depth = np.maximum(goal_x_m - ball[:, 0], DIRECTION_MIN_DEPTH_M)
    left, right = np.arctan2(half - ball[:, 1], depth), np.arctan2(-half - ball[:, 1], depth)
    bearing = np.arctan2(leaving[:, 1], leaving[:, 0])
    miss_deg = np.degrees(np.maximum(np.maximum(bearing - left, right - bearing), 0))
    miss_deg = np.minimum(miss_deg, 360 - miss_deg)
    return np.asarray(np.log(np.exp(-0.5 * (miss_deg / DIRECTION_SD_DEG) ** 2) + DIRECTION_FLOOR))


def _arrival(window: ShotWindow) -> Floats:
    """A shot that was not blocked comes close to the goal line soon."""
    if not window.reaches_goal:
        return np.zeros(len(window.ball_xyz_m))
    depth = np.maximum(window.goal_x_m - window.ball_xyz_m[:, 0], 0)
    depth = np.where(np.isnan(depth), np.inf, depth)
    ahead = int(ARRIVAL_S * FRAME_RATE_HZ)
    padded = np.concatenate([depth, np.full(ahead, np.inf)])
    nearest = np.lib.stride_tricks.sliding_window_view(padded, ahead + 1).min(axis=1)
    seen_to_the_end = np.arange(len(depth)) + ahead < len(depth)
    short = np.clip((nearest - ARRIVAL_NEAR_M) / ARRIVAL_NEAR_M, 0, ARRIVAL_MAX)
    return np.asarray(np.where(seen_to_the_end, -short, 0.0))


def _clock(window: ShotWindow) -> Floats:
    """How well the event's clock fits each frame."""
    late_s = (window.event_index - np.arange(len(window.ball_xyz_m))) / FRAME_RATE_HZ
    normal = np.exp(-0.5 * ((late_s - window.clock_mean_s) / window.clock_sd_s) ** 2)
    return np.asarray(np.log(normal + CLOCK_OUTLIER_SHARE))


def _place(window: ShotWindow) -> Floats:
    """How well the event's place fits the shooter's at each frame."""
    if window.event_xy_m is None:
        return np.zeros(len(window.ball_xyz_m))
    off_m = np.linalg.norm(window.shooter_xy_m - np.asarray(window.event_xy_m), axis=1)
    return np.asarray(-0.5 * np.minimum(off_m / window.place_sd_m, PLACE_MAX_SD) ** 2)
