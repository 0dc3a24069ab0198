"""Where shots come from: zones before the goal, and squares of a map."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import BoolArray, FloatArray, IntArray

SQUARE_M = 4.0
"""Side of a square of the map."""
_COLUMNS = 1000
"""More columns of squares than any pitch has."""


class Zone(StrEnum):
    """Where a shot was taken from; penalties have none."""

    GOAL_AREA = "goal_area"
    BOX_CENTRE = "box_centre"
    BOX_SIDES = "box_sides"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Square:
    """The shots from one square of the map, penalties apart.

    Attributes
    ----------
    left_m, depth_m
        Its corner: to the attacker's left of the middle, and from the goal line; it reaches ``SQUARE_M`` further.
    n_shots, n_goals, xg
        Shots, goals and the sum of xG.
    per_match, league
        Shots a match, and how many a match the other clubs have from there.
    """

    left_m: float
    depth_m: float
    n_shots: int
    n_goals: int
    xg: float
    per_match: float
    league: float


def zones(shots: pd.DataFrame) -> "pd.Series[str]":
    """The zone of each shot; missing where its place is not known, and of penalties.

    Parameters
    ----------
    shots
        ``x_m, y_m, pitch_length_m, is_penalty``.
    """
    depth, left = places_m(shots)
    inside = (depth <= 16.5) & (np.abs(left) <= 20.16)
    zone = np.select(
        [(depth <= 5.5) & (np.abs(left) <= 9.16), inside & (np.abs(left) <= 9.16), inside],
        [Zone.GOAL_AREA, Zone.BOX_CENTRE, Zone.BOX_SIDES],
        Zone.OUTSIDE,
    )
    return pd.Series(zone.astype(object), index=shots.index, dtype=object).where(_is_placed(shots))


def places_m(shots: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Depth from the goal line and distance to the attacker's left of the middle, (shots,) each."""
    x, y, length = (shots[name].to_numpy(dtype=np.float64) for name in ("x_m", "y_m", "pitch_length_m"))
    return np.asarray(length / 2 - x), y


def square_numbers(shots: pd.DataFrame) -> IntArray:
    """The square of each shot as a number, (shots,); -1 where :func:`zones` says nothing."""
    depth, left = places_m(shots)
    placed = _is_placed(shots)
    row, column = (np.floor(np.where(placed, of, 0.0) / SQUARE_M) for of in (np.maximum(depth, 0.0), left))
    number = row * _COLUMNS + column + _COLUMNS / 2
    return np.asarray(np.where(placed, number, -1), dtype=np.intp)


def squares(
    number: IntArray,
    is_own: BoolArray,
    goals: BoolArray,
    xg: FloatArray,
    *,
    n_matches: int,
    n_others: int,
) -> tuple[Square, ...]:
    """Squares with a shot of the club's (or that it faced), those nearest to the goal line first.

    Parameters
    ----------
    number, goals, xg
        Of all shots of the season, (shots,); see :func:`square_numbers`.
    is_own
        The club's.
    n_matches, n_others
        Matches of the club, and matches of the other clubs, each club's counted.
    """
    found = []
    for square in np.unique(number[is_own & (number >= 0)]):
        there = number == square
        here = there & is_own
        n, n_elsewhere = int(here.sum()), int((there & ~is_own).sum())
        left, depth = (int(square) % _COLUMNS - _COLUMNS // 2) * SQUARE_M, int(square) // _COLUMNS * SQUARE_M
        counts = (n, int(goals[here].sum()), float(xg[here].sum()))
        found.append(Square(left, depth, *counts, n / max(1, n_matches), n_elsewhere / max(1, n_others)))
    return tuple(found)


def _is_placed(shots: pd.DataFrame) -> BoolArray:
    depth, left = places_m(shots)
    return np.asarray(np.isfinite(depth) & np.isfinite(left) & ~shots["is_penalty"].to_numpy(dtype=bool))
