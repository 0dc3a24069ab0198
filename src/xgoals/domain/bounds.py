"""What can be: one set of bounds for all readers and for the catalogues of features.

A value outside is an error of the feed, not football: it becomes missing, with a note. The bounds are wide enough
that nothing which was ever seen on a pitch falls outside, and what is inside gives features inside their ranges.
"""

import math
from dataclasses import dataclass

from xgoals.domain.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both included; NaN and infinity lie in no range."""

    low: float
    high: float
    unit: str = ""

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip()


PITCH_LENGTH_M = Range(90, 120, "m")
PITCH_WIDTH_M = Range(45, 90, "m")
"""Laws of the Game, law 1."""

SHOT_OUTSIDE_M = 2.0
"""How far outside the lines a shooter can stand: the ball is in play, he reaches it from a metre, and tracking and
operators err by another one."""
PERSON_OUTSIDE_M = 5.0
"""How far outside the lines somebody can be who takes part: in the net, carried on by his run."""
TRACK_OUTSIDE_M = 15.0
"""Who is farther out is not in the cameras' sight: such a number stands for something else."""
BALL_OUTSIDE_M = 40.0
"""A shot over the bar ends in the stands."""
BALL_HEIGHT_M = Range(-1, 60, "m")
SHOT_END_HEIGHT_M = Range(0, 30, "m")
"""The most that feeds write of a shot that goes over the bar is 8 yards."""

MAX_DISTANCE_M = 130.0
"""From the farthest corner of the longest pitch (120 m x 90 m) to the centre of the goal it is 128 m."""
MAX_SPEED_KMH = 45.0
"""The fastest sprint ever measured had 44.7 km/h (Usain Bolt, Berlin 2009, between 60 m and 80 m)."""
MS_TO_KMH = 3.6

MAX_A_SIDE = 11
"""Laws of the Game, law 3."""
FIRST_MINUTE = {1: 0, 2: 45, 3: 90, 4: 105}
"""Minute of play at which each period starts; the shoot-out is none."""
MAX_PERIOD_MINUTES = 120
"""A half of 45 minutes, its stoppage time, and the longest interruption after which it is still the same half."""
PERIOD_S = Range(0, 60 * MAX_PERIOD_MINUTES, "s")
SECOND = Range(0, 59)
GOALS = Range(0, 149)
"""Of one team; 149 is the most that were ever scored (AS Adema, 2002)."""
MATCHDAY = Range(1, 100)
YEAR = Range(1863, 2199)
"""From the first Laws of the Game on."""
PROBABILITY = Range(0, 1)
CLOCK_OFFSET_S = Range(-600, 600, "s")
"""An event's clock against its frame's."""
FRAME_N = Range(0, 1e9)
EVENT_N = Range(0, 1e6)
OFFICIAL = Range(-1e6, 1e6)
"""Any of the provider's own values."""


def minutes_of(period: int) -> Range:
    """The minutes of play that a moment of a period can have."""
    first = FIRST_MINUTE[period]
    return Range(first, first + MAX_PERIOD_MINUTES)


def is_pitch(pitch: Pitch) -> bool:
    """Whether a pitch of that size can be."""
    return pitch.length_m in PITCH_LENGTH_M and pitch.width_m in PITCH_WIDTH_M


def is_on(pitch: Pitch, x_m: float | None, y_m: float | None, outside_m: float) -> bool:
    """Whether a place lies on the pitch or at most ``outside_m`` beside it, and not too far from the goal attacked."""
    if x_m is None or y_m is None:
        return False
    inside = abs(x_m) <= pitch.length_m / 2 + outside_m and abs(y_m) <= pitch.width_m / 2 + outside_m
    return inside and math.hypot(pitch.goal_x_m - x_m, y_m) <= MAX_DISTANCE_M


def is_ball_place(pitch: Pitch, x_m: float, y_m: float) -> bool:
    """Whether the ball can be there."""
    limit = BALL_OUTSIDE_M
    return abs(x_m) <= pitch.length_m / 2 + limit and abs(y_m) <= pitch.width_m / 2 + limit


def speed_kmh(vx_ms: float, vy_ms: float) -> float:
    """The speed of a velocity."""
    return MS_TO_KMH * math.hypot(vx_ms, vy_ms)
