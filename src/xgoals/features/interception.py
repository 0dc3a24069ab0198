"""A small physical model of who gets in the way of a shot: the keeper, and outfield opponents as blockers.

The ball leaves the shooter along one of ``N_LINES`` straight lines to evenly spaced points between the posts, at
a constant speed over the ground. A person stands still until he has reacted, then runs at a constant speed to
wherever he can meet the ball, and covers a half-width around himself. How far he reaches past the ball's line at
the best meeting point (his *margin*, in metres; negative where he comes too late) becomes a probability of
meeting the ball by a logistic curve, whose width stands for all that a picture from above does not tell: height,
stance, pace.

Two features come out, one mechanism each: the share of the goal that the *keeper* gets to, and the share that *no
blocker* gets to. The model knows neither where players aim nor how far they miss, nor how well they strike. What
neither keeper nor blockers get to is left out on purpose: that one number ranks chances nearly as well as a whole
model, and a chance explained by itself is not explained.

The parameters are physical quantities with units. ``FITTED`` holds those that explain best which shots of real
matches became goals, held close to what is known about players (``KNOWN``) wherever goals say little about them;
``benchmarks/fit_interception.py`` refits them, ``docs/features.md`` shows what it found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from xgoals.domain.geometry import HALF_GOAL_M

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.int64]

N_LINES = 25
CORRIDOR_M = 6.0
"""People further than this outside the strip between shooter and goal are never in time for the ball."""
MAX_SCREENING = 4.0
"""More people than this in the keeper's line of sight delay him no further."""
_MIN_DEPTH_M = 1e-3
_BETWEEN_POSTS_M = HALF_GOAL_M * np.linspace(-1, 1, N_LINES + 1)
_CLEAR_OF_M = 0.3
"""A screen stands at least this far from both the shooter and the keeper."""


@dataclass(frozen=True, slots=True)
class Interception:
    """The parameters of the model.

    Attributes
    ----------
    foot_ball_ms, head_ball_ms
        Mean speed of the ball on its way, headed, and shot with anything else.
    keeper_reaction_s, keeper_speed_ms, keeper_reach_m
        Time to the keeper's first move; speed of his move, arms included; half the width that he covers at rest.
    screen_delay_s, screen_half_width_m
        How much later he reacts for each person in his line of sight, and how wide such a person is.
    blocker_reaction_s, blocker_speed_ms, blocker_reach_m
        The same for an outfield opponent.
    keeper_softness_m, blocker_softness_m
        Width of the logistic curve that makes a probability of a margin.
    """

    foot_ball_ms: float
    head_ball_ms: float
    keeper_reaction_s: float
    keeper_speed_ms: float
    keeper_reach_m: float
    screen_delay_s: float
    screen_half_width_m: float
    blocker_reaction_s: float
    blocker_speed_ms: float
    blocker_reach_m: float
    keeper_softness_m: float
    blocker_softness_m: float


KNOWN: Mapping[str, tuple[float, float]] = {
    "foot_ball_ms": (20.0, 2.5),
    "head_ball_ms": (12.0, 2.0),
    "keeper_reaction_s": (0.30, 0.05),
    "keeper_speed_ms": (4.5, 0.7),
    "keeper_reach_m": (0.50, 0.10),
    "screen_delay_s": (0.05, 0.03),
    "screen_half_width_m": (0.50, 0.15),
    "blocker_reaction_s": (0.35, 0.07),
    "blocker_speed_ms": (1.5, 0.7),
    "blocker_reach_m": (0.60, 0.15),
    "keeper_softness_m": (0.30, 0.10),
    "blocker_softness_m": (0.25, 0.10),
}
"""What is plausible before any goal is counted: value and standard deviation of each parameter."""

FITTED = Interception(
    foot_ball_ms=22.6,
    head_ball_ms=13.8,
    keeper_reaction_s=0.324,
    keeper_speed_ms=3.11,
    keeper_reach_m=0.326,
    screen_delay_s=0.083,
    screen_half_width_m=0.753,
    blocker_reaction_s=0.355,
    blocker_speed_ms=1.26,
    blocker_reach_m=0.418,
    keeper_softness_m=0.168,
    blocker_softness_m=0.185,
)


@dataclass(frozen=True, slots=True)
class Persons:
    """Some of the people around n shots, each array of shape (people,).

    Attributes
    ----------
    shot
        Number of the shot that a person belongs to.
    x_m, y_m
        Where he stands.
    """

    shot: IndexArray
    x_m: FloatArray
    y_m: FloatArray


@dataclass(frozen=True, slots=True)
class Placement:
    """Where everybody stands at n shots: all that the physics looks at.

    Attributes
    ----------
    x_m, y_m, goal_x_m
        The shooter, and the goal line attacked, each of shape (n,).
    is_header
        Whether the ball is headed, (n,).
    keeper_xy_m
        The opponents' keeper, two arrays of shape (n,); NaN where none is in the frame.
    has_people
        Whether anybody's position but the shooter's is known, (n,).
    screens
        Everybody but the shooter and the opponents' keeper: who may stand in the keeper's sight.
    blockers
        The outfield opponents.
    """

    x_m: FloatArray
    y_m: FloatArray
    goal_x_m: FloatArray
    is_header: BoolArray
    keeper_xy_m: tuple[FloatArray, FloatArray]
    has_people: BoolArray
    screens: Persons
    blockers: Persons


@dataclass(frozen=True)
class Lines:
    """The lines of n shots to the goal, and what becomes of the ball on each; computed when it is asked for.

    Attributes
    ----------
    placement
        Where everybody stands at n shots.
    model
        Speeds, reaction times, widths.
    """

    placement: Placement
    model: Interception

    @cached_property
    def width_deg(self) -> FloatArray:
        """The part of the goal's opening angle that a line stands for, (n, N_LINES); a shot's add up to its angle."""
        x, y = self.placement.x_m, self.placement.y_m
        depth = np.maximum(self.placement.goal_x_m - x, _MIN_DEPTH_M)[:, None]
        return np.asarray(np.diff(np.degrees(np.arctan2(_BETWEEN_POSTS_M - y[:, None], depth)), axis=1))

    @cached_property
    def keeper(self) -> FloatArray:
        """Probability that the keeper meets the ball, (n, N_LINES); NaN where there is none in the frame."""
        screening = _sum_of_screens(self.placement, hides_ball(self.placement, self.model))
        return _keeper(self.placement, self._balls, self.model, screening)

    @cached_property
    def unblocked(self) -> FloatArray:
        """Probability that no outfield opponent meets it, (n, N_LINES); NaN where nobody's position is known."""
        return _unblocked(self.placement, self._balls, self.model)

    @property
    def keeper_share(self) -> FloatArray:
        """Share of the opening angle that the keeper gets to, (n,), 0 to 1."""
        return self._share(self.keeper)

    @property
    def unblocked_share(self) -> FloatArray:
        """Share of the opening angle that no outfield opponent gets to, (n,), 0 to 1."""
        return self._share(self.unblocked)

    def keeper_share_amid(self, screening: FloatArray) -> FloatArray:
        """:attr:`keeper_share` if so many people stood in the keeper's sight, (n,): see :func:`hides_ball`."""
        return self._share(_keeper(self.placement, self._balls, self.model, screening))

    @cached_property
    def _balls(self) -> "_Balls":
        return _Balls.of(self.placement, self.model)

    def _share(self, probability: FloatArray) -> FloatArray:
        share = (self.width_deg * probability).sum(axis=1) / self.width_deg.sum(axis=1)
        return np.asarray(np.clip(share, 0.0, 1.0))  # rounding may leave a hair beyond


@dataclass(frozen=True, slots=True)
class _Balls:
    """The ball on every line: start (n,), speed (n,), direction and length (n, N_LINES)."""

    x_m: FloatArray
    y_m: FloatArray
    speed_ms: FloatArray
    unit_x: FloatArray
    unit_y: FloatArray
    length_m: FloatArray

    @classmethod
    def of(cls, placement: Placement, model: Interception) -> "_Balls":
        """From each shooter along straight lines to points evenly spaced between the posts."""
        x, y = placement.x_m, placement.y_m
        depth = np.maximum(placement.goal_x_m - x, _MIN_DEPTH_M)[:, None]
        beside = (_BETWEEN_POSTS_M[1:] + _BETWEEN_POSTS_M[:-1]) / 2 - y[:, None]
        length = np.hypot(depth, beside)
        speed = np.where(placement.is_header, model.head_ball_ms, model.foot_ball_ms)
        return cls(x, y, speed, depth / length, beside / length, length)


def lines_to_goal(placement: Placement, model: Interception = FITTED) -> Lines:
    """What becomes of the ball on every line to the goal.

    Parameters
    ----------
    placement
        Where everybody stands at n shots.
    model
        Speeds, reaction times, widths.
    """
    return Lines(placement, model)


def meeting_margin_m(
    along_m: FloatArray,
    off_m: FloatArray,
    length_m: FloatArray,
    ball_ms: FloatArray,
    *,
    reaction_s: npt.ArrayLike,
    speed_ms: float,
    reach_m: float,
) -> FloatArray:
    """How far a person reaches past the ball's line at the best meeting point.

    The reach when the ball is at s is ``reach + speed max(0, s / ball - reaction)``, the distance to go
    ``hypot(s - along, off)``; the margin is the largest difference for s from 0 to the length of the line.

    Parameters
    ----------
    along_m, off_m
        The person's place along the line, from the shooter, and beside it.
    length_m, ball_ms
        Length of the line, speed of the ball (faster than the person).
    reaction_s, speed_ms, reach_m
        The person. All arguments broadcast.

    Notes
    -----
    The difference is concave before and after the reaction, so its maximum is at the foot of the perpendicular
    (met at rest) or where running costs as much as it gains: ``off * pace / sqrt(1 - pace^2)`` further on.
    """
    pace = speed_ms / ball_ms
    lost = np.asarray(reaction_s) * speed_ms
    at_rest = np.clip(along_m, 0, length_m)
    on_the_run = np.clip(along_m + off_m * (pace / np.sqrt(1 - pace**2)), 0, length_m)
    margins = [
        np.maximum(pace * at - lost, 0) - np.hypot(at - along_m, off_m) for at in (at_rest, on_the_run)
    ]
    return np.asarray(reach_m + np.maximum(*margins))


def _to_person(
    balls: _Balls, shot: IndexArray, x_m: FloatArray, y_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Each person's place along and beside the lines of his shot, (people, N_LINES)."""
    dx, dy = (x_m - balls.x_m[shot])[:, None], (y_m - balls.y_m[shot])[:, None]
    unit_x, unit_y = balls.unit_x[shot], balls.unit_y[shot]
    return dx * unit_x + dy * unit_y, np.abs(dx * unit_y - dy * unit_x)


def _keeper(placement: Placement, balls: _Balls, model: Interception, screening: FloatArray) -> FloatArray:
    everybody = np.arange(len(placement.x_m))
    along, off = _to_person(balls, everybody, *placement.keeper_xy_m)
    in_sight = np.minimum(np.nan_to_num(screening), MAX_SCREENING)
    margin = meeting_margin_m(
        along,
        off,
        balls.length_m,
        balls.speed_ms[:, None],
        reaction_s=(model.keeper_reaction_s + model.screen_delay_s * in_sight)[:, None],
        speed_ms=model.keeper_speed_ms,
        reach_m=model.keeper_reach_m,
    )
    return np.asarray(expit(margin / model.keeper_softness_m))


def hides_ball(placement: Placement, model: Interception = FITTED) -> FloatArray:
    """How far each of the screens, of either team, stands in the keeper's line of sight, (people,), 0 to 1.

    Added up over a shot they are how many people, softly counted, the keeper has before him.
    """
    people = placement.screens
    keeper_x, keeper_y = placement.keeper_xy_m
    x, y = placement.x_m[people.shot], placement.y_m[people.shot]
    sight_x, sight_y = keeper_x[people.shot] - x, keeper_y[people.shot] - y
    distance = np.maximum(np.hypot(sight_x, sight_y), _MIN_DEPTH_M)
    dx, dy = people.x_m - x, people.y_m - y
    along, off = (dx * sight_x + dy * sight_y) / distance, (dx * sight_y - dy * sight_x) / distance
    between = (along > _CLEAR_OF_M) & (along < distance - _CLEAR_OF_M)
    return np.where(between, np.exp(-((off / model.screen_half_width_m) ** 2) / 2), 0.0)


def _sum_of_screens(placement: Placement, hides: FloatArray) -> FloatArray:
    return np.asarray(
        np.bincount(placement.screens.shot, weights=hides, minlength=len(placement.x_m)), dtype=np.float64
    )


def _unblocked(placement: Placement, balls: _Balls, model: Interception) -> FloatArray:
    people = placement.blockers
    x, y = balls.x_m[people.shot], balls.y_m[people.shot]
    lowest, highest = np.minimum(y, -HALF_GOAL_M), np.maximum(y, HALF_GOAL_M)
    beside = np.maximum(lowest - people.y_m, people.y_m - highest)
    near = np.flatnonzero((beside < CORRIDOR_M) & (people.x_m > x - CORRIDOR_M))
    shot = people.shot[near]
    along, off = _to_person(balls, shot, people.x_m[near], people.y_m[near])
    margin = meeting_margin_m(
        along,
        off,
        balls.length_m[shot],
        balls.speed_ms[shot][:, None],
        reaction_s=model.blocker_reaction_s,
        speed_ms=model.blocker_speed_ms,
        reach_m=model.blocker_reach_m,
    )
    log_missed = -np.logaddexp(0, margin / model.blocker_softness_m)
    total = np.zeros((len(balls.x_m), N_LINES))
    np.add.at(total, shot, log_missed)
    known = placement.has_people & ~np.isnan(balls.x_m)
    return np.where(known[:, None], np.exp(total), np.nan)
