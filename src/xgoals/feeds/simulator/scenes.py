"""Where everybody stands when a shot is taken: arrays of invented but plausible moments.

One call places all shots of a match at once. Shots come from the distributions measured on real shots (depth
and lateral place for feet and heads); the keeper stands on the bisector of the goal's opening angle, give or
take; one opponent marks the shooter, some stand in the shot triangle, the others form a block between ball
and goal. The tables below hold what depends on the distance of the shot; they were tuned until the simulated
bands agree with the measured ones (``docs/simulator.md`` shows both).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from xgoals.domain.geometry import HALF_GOAL_M, distance_to_goal_m
from xgoals.domain.pitch import DFL_EVENT_PITCH, PENALTY_SPOT_TO_GOAL_M

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

PITCH = DFL_EVENT_PITCH
GOAL_X_M = PITCH.goal_x_m
EDGE_X_M = GOAL_X_M - 0.1
EDGE_Y_M = PITCH.width_m / 2 - 0.1
OPPONENTS = 10
TEAMMATES = 9
WALL_DISTANCE_M = 9.15


class Kind(IntEnum):
    """How a shot is struck, as far as the scene is concerned."""

    FOOT = 0
    HEADER = 1
    FREE_KICK = 2
    PENALTY = 3


@dataclass(frozen=True, slots=True)
class Moments:
    """Everybody at n shots, in metres; NaN where somebody is out of the frame.

    ``opponents_m`` has shape (n, 10, 2) and ``teammates_m`` (n, 9, 2); the last axis is x, y.
    """

    kind: IntArray
    x_m: FloatArray
    y_m: FloatArray
    keeper_m: FloatArray
    opponents_m: FloatArray
    teammates_m: FloatArray


# What depends on the distance of the shot, at the middle of each measured band. Openness is a hidden factor of
# each chance that frees the shooter and draws the keeper out, most of all where one-on-ones happen.
_DISTANCE_M = np.array([3.0, 8.5, 13.5, 19.0, 26.0, 34.0])
_MARKER_M = np.array([1.25, 1.0, 1.65, 2.1, 2.0, 3.7])
_MARKER_SPREAD_DEG = np.array([180.0, 160.0, 140.0, 120.0, 110.0, 90.0])
_BLOCKERS = np.array([0.07, 0.30, 0.28, 0.58, 0.53, 0.54])
_CLOSE_OPPONENTS = np.array([0.0, 0.15, 0.05, 0.25, 0.1, 0.1])
_KEEPER_M = np.array([2.4, 1.9, 2.2, 2.6, 2.9, 3.2])
_KEEPER_SD_M = np.array([1.8, 1.7, 1.7, 1.7, 1.9, 2.1])
_OPENNESS_SD = np.array([1.4, 1.8, 2.0, 1.2, 0.4, 0.3])
_KEEPER_OFF_SD_DEG = np.array([18.0, 12.5, 7.1, 3.6, 3.1, 2.6])


def place(rng: np.random.Generator, kind: IntArray, is_rebound: BoolArray, closeness: FloatArray) -> Moments:
    """Invent the moments of n shots.

    Parameters
    ----------
    rng
        Source of all chance.
    kind
        (n,) of `Kind`.
    is_rebound
        (n,); rebounds fall closer to the goal.
    closeness
        (n,); depth from the goal line is divided by it: above 1 for sides that play their way closer.

    Returns
    -------
    Moments
        Everybody on the pitch, to the centimetre; a keeper out of the frame (1 in 400) is NaN.
    """
    x, y = _shooter(rng, kind, is_rebound, closeness)
    distance = distance_to_goal_m(x, y, GOAL_X_M)
    openness = rng.normal(0, 1, kind.size) * _by_distance(distance, _OPENNESS_SD)
    opponents = _opponents(rng, kind, x, y, openness)
    keeper = _keeper(rng, kind, x, y, openness)
    teammates = _teammates(rng, kind, x, y)
    keeper[rng.random(kind.size) < 1 / 400] = np.nan
    return Moments(
        kind=kind,
        x_m=np.round(x, 2),
        y_m=np.round(y, 2),
        keeper_m=np.round(keeper, 2),
        opponents_m=np.round(opponents, 2),
        teammates_m=np.round(teammates, 2),
    )


def _shooter(
    rng: np.random.Generator, kind: IntArray, is_rebound: BoolArray, closeness: FloatArray
) -> tuple[FloatArray, FloatArray]:
    n = kind.size
    # Measured over all foot shots: Gamma(3.78, 4.45 m). Without the rebounds, which fall closer, it is wider.
    depth = np.where(kind == Kind.HEADER, rng.gamma(6.33, 1.23, n), rng.gamma(3.78, 4.70, n))
    lateral = np.where(kind == Kind.HEADER, rng.normal(0, 4.6, n), rng.normal(0, 9.8, n))
    depth = np.where(is_rebound, 0.7 * depth, depth) / closeness
    lateral = np.where(is_rebound, 0.7 * lateral, lateral)
    depth, lateral = _drawn_in(rng, depth, lateral)
    depth = np.where(kind == Kind.FREE_KICK, np.clip(rng.normal(25.0, 3.5, n), 17.5, 36.0), depth)
    depth = np.where(kind == Kind.PENALTY, PENALTY_SPOT_TO_GOAL_M, depth)
    lateral = np.where(kind == Kind.FREE_KICK, rng.normal(0, 8.0, n), lateral)
    lateral = np.where(kind == Kind.PENALTY, 0.0, lateral)
    return GOAL_X_M - np.clip(depth, 0.6, 60.0), np.clip(lateral, -30.0, 30.0)


def _drawn_in(
    rng: np.random.Generator, depth: FloatArray, lateral: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Nearly half of the players who might shoot from beyond 30 m carry the ball to 22-30 m first."""
    distance = np.hypot(depth, lateral)
    goes_on = (distance > 30) & (rng.random(depth.size) < 0.45)
    scale = np.where(goes_on, rng.uniform(22, 30, depth.size) / np.maximum(distance, 1.0), 1.0)
    return depth * scale, lateral * scale


def _keeper(
    rng: np.random.Generator, kind: IntArray, x: FloatArray, y: FloatArray, openness: FloatArray
) -> FloatArray:
    """(n, 2): near the bisector of the opening angle, some metres off his line."""
    n = x.size
    distance = distance_to_goal_m(x, y, GOAL_X_M)
    mean, sd = _by_distance(distance, _KEEPER_M), _by_distance(distance, _KEEPER_SD_M)
    off_line = rng.gamma((mean / sd) ** 2, sd**2 / mean)
    off_line = off_line * np.exp(0.2 * openness)
    off_line = np.where(kind == Kind.FREE_KICK, rng.uniform(0.5, 2.0, n), off_line)
    depth = GOAL_X_M - x
    left, right = np.arctan2(HALF_GOAL_M - y, depth), np.arctan2(-HALF_GOAL_M - y, depth)
    bisector = (left + right) / 2
    to_line = depth / np.cos(bisector)
    away = np.maximum(to_line - off_line, np.minimum(0.8, 0.5 * to_line))
    off_sd = np.where(kind == Kind.FREE_KICK, 4.5, _by_distance(distance, _KEEPER_OFF_SD_DEG))
    bearing = bisector + np.radians(rng.normal(0, 1, n) * off_sd * np.exp(0.2 * openness))
    keeper = np.stack([x + away * np.cos(bearing), y + away * np.sin(bearing)], axis=-1)
    on_line = np.stack([GOAL_X_M - rng.uniform(0.1, 0.5, n), rng.normal(0, 0.3, n)], axis=-1)
    keeper = np.where((kind == Kind.PENALTY)[:, None], on_line, keeper)
    return _on_pitch(keeper)


def _opponents(
    rng: np.random.Generator, kind: IntArray, x: FloatArray, y: FloatArray, openness: FloatArray
) -> FloatArray:
    """(n, 10, 2): a marker, a few close by, a few in the triangle, the rest a block outside of it."""
    n = x.size
    distance = distance_to_goal_m(x, y, GOAL_X_M)
    nearest = rng.gamma(2.5, _by_distance(distance, _MARKER_M) / 2.5) * np.exp(0.25 * openness)
    nearest = np.where(kind == Kind.FREE_KICK, WALL_DISTANCE_M, np.clip(nearest, 0.3, 15.0))
    n_close = rng.poisson(
        np.where(
            kind == Kind.FREE_KICK, 0.0, _by_distance(distance, _CLOSE_OPPONENTS) * np.exp(-0.5 * openness)
        )
    )
    n_block = np.where(
        kind == Kind.FREE_KICK,
        rng.integers(3, 6, n),
        rng.poisson(_by_distance(distance, _BLOCKERS) * np.exp(-0.5 * openness)),
    )
    slot = np.arange(OPPONENTS)[None, :]
    is_close = (slot >= 1) & (slot < 1 + n_close[:, None])
    is_blocker = (slot >= OPPONENTS - n_block[:, None]) & ~is_close & (slot >= 1)
    places = _block(rng, x, y, distance, nearest)
    around = _around(rng, x, y, distance, nearest)
    near = is_close | ((slot == 0) & (kind != Kind.FREE_KICK)[:, None])
    places = np.where(near[..., None], around, places)
    places = np.where(is_blocker[..., None], _in_triangle(rng, kind, x, y, nearest), places)
    places = np.where((kind == Kind.PENALTY)[:, None, None], _outside_box(rng, n, OPPONENTS), places)
    seen = near | is_blocker | (rng.random((n, OPPONENTS)) < 0.85)
    return np.where(seen[..., None], _on_pitch(places), np.nan)


def _around(
    rng: np.random.Generator, x: FloatArray, y: FloatArray, distance: FloatArray, nearest: FloatArray
) -> FloatArray:
    """Slot 0 at the distance of the nearest opponent, the others up to 3 m farther; mostly goal-side."""
    n = x.size
    farther = rng.uniform(0.1, 3.0, (n, OPPONENTS))
    farther[:, 0] = 0.0
    radius = nearest[:, None] + farther
    spread = np.radians(_by_distance(distance, _MARKER_SPREAD_DEG))[:, None]
    bearing = np.arctan2(-y, GOAL_X_M - x)[:, None] + spread * rng.uniform(-1, 1, (n, OPPONENTS))
    return np.stack([x[:, None] + radius * np.cos(bearing), y[:, None] + radius * np.sin(bearing)], axis=-1)


def _in_triangle(
    rng: np.random.Generator, kind: IntArray, x: FloatArray, y: FloatArray, nearest: FloatArray
) -> FloatArray:
    """Anywhere between the shooter and a point of the goal; in the wall for a free kick."""
    n = x.size
    target = rng.uniform(-3.4, 3.4, (n, OPPONENTS))
    depth = (GOAL_X_M - x)[:, None]
    length = np.hypot(depth, target - y[:, None])
    along = rng.uniform(0.1, 0.85, (n, OPPONENTS))
    along = np.maximum(along, np.minimum(0.95, (nearest[:, None] + 0.1) / length))
    along = np.where((kind == Kind.FREE_KICK)[:, None], WALL_DISTANCE_M / length, along)
    return np.stack([x[:, None] + along * depth, y[:, None] + along * (target - y[:, None])], axis=-1)


def _block(
    rng: np.random.Generator, x: FloatArray, y: FloatArray, distance: FloatArray, nearest: FloatArray
) -> FloatArray:
    """A cloud between ball and goal, farther from the shooter than the marker, outside the triangle."""
    shape = (x.size, OPPONENTS)
    along = rng.normal(0.35, 0.35, shape)
    px = x[:, None] + along * (GOAL_X_M - x)[:, None] + rng.normal(0, 3.5, shape)
    py = y[:, None] * (1 - along) + rng.normal(0, 7.0, shape)
    radius = np.hypot(px - x[:, None], py - y[:, None])
    least = nearest[:, None] + rng.uniform(1.5, 8.0, shape)
    push = np.maximum(1.0, least / np.maximum(radius, 0.01))
    px, py = x[:, None] + push * (px - x[:, None]), y[:, None] + push * (py - y[:, None])
    px = _turned_back(px)
    share = (px - x[:, None]) / (GOAL_X_M - x)[:, None]
    upper = y[:, None] + share * (HALF_GOAL_M - y[:, None])
    lower = y[:, None] + share * (-HALF_GOAL_M - y[:, None])
    inside = (share > 0) & (py < upper) & (py > lower)
    step = rng.uniform(0.5, 6.0, shape)
    leftwards = py > (upper + lower) / 2
    py = np.where(inside, np.where(leftwards, upper + step, lower - step), py)
    return np.stack([px, py], axis=-1)


def _teammates(rng: np.random.Generator, kind: IntArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """(n, 9, 2): a cloud around the ball and the box; about five of them are in the frame."""
    shape = (x.size, TEAMMATES)
    along = rng.normal(0.15, 0.45, shape)
    px = x[:, None] + along * (GOAL_X_M - x)[:, None] + rng.normal(0, 6.0, shape)
    py = y[:, None] * (1 - 0.6 * along) + rng.normal(0, 11.0, shape)
    radius = np.maximum(np.hypot(px - x[:, None], py - y[:, None]), 0.01)
    push = np.maximum(1.0, rng.uniform(1.5, 4.0, shape) / radius)
    px = _turned_back(x[:, None] + push * (px - x[:, None]))
    places = np.stack([px, y[:, None] + push * (py - y[:, None])], axis=-1)
    places = np.where((kind == Kind.PENALTY)[:, None, None], _outside_box(rng, x.size, TEAMMATES), places)
    seen = rng.random(shape) < 0.58
    return np.where(seen[..., None], _on_pitch(places), np.nan)


def _turned_back(px: FloatArray) -> FloatArray:
    """Nobody waits behind the goal line: who would stand there stands as far before it."""
    return np.asarray(np.where(px > EDGE_X_M, 2 * EDGE_X_M - px, px))


def _outside_box(rng: np.random.Generator, n: int, people: int) -> FloatArray:
    """Behind the edge of the penalty area, as the law demands at a penalty (the arc rounded up to a line)."""
    depth = rng.uniform(20.5, 26.0, (n, people))
    return np.stack([GOAL_X_M - depth, rng.uniform(-18.0, 18.0, (n, people))], axis=-1)


def _by_distance(distance: FloatArray, table: FloatArray) -> FloatArray:
    return np.asarray(np.interp(distance, _DISTANCE_M, table))


def _on_pitch(places: FloatArray) -> FloatArray:
    limits = np.array([EDGE_X_M, EDGE_Y_M])
    return np.asarray(np.clip(places, -limits, limits))
