"""The pictures of a club's page as places: its matches in a row, its shots on the pitch, its xG by distance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.club.blocks import Direction
from xgoals.analysis.club.numbers import ClubNumbers
from xgoals.analysis.club.places import SQUARE_M, Square, places_m
from xgoals.analysis.club.reasons import ProfilePoint
from xgoals.analysis.highlights import LARGE_XG
from xgoals.report.draw.beeswarm import ticks

ALL_MARKS = 60
"""Up to so many shots are all drawn by themselves; of more, goals and large chances, and the rest as squares."""
MAP_DEPTH_M = 34.0
_MARK_M, _LEAST_MARK_M = 1.7, 0.45


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class MatchMark:
    """A match on the trend: its place, xG for and against; ``n`` is its row in the table."""

    n: int
    x: float
    y_for: float
    y_against: float


@dataclass(frozen=True, slots=True)
class Trend:
    """xG for and against by match, with the means of the last five."""

    screen: str
    width: float
    height: float
    left: float
    right: float
    bottom: float
    marks: tuple[MatchMark, ...]
    line_for: tuple[tuple[float, float], ...]
    line_against: tuple[tuple[float, float], ...]
    ticks: tuple[Tick, ...]
    radius: float


@dataclass(frozen=True, slots=True)
class ShotMark:
    """A shot on the map, in metres from the middle of the goal line; ``row`` is its place in the frame."""

    x: float
    y: float
    r: float
    kind: str
    row: int


@dataclass(frozen=True, slots=True)
class SquareMark:
    """A square of the map: where, how dark, and what is in it."""

    x: float
    y: float
    side: float
    opacity: float
    square: Square


@dataclass(frozen=True, slots=True)
class ShotMap:
    """Where shots were taken from; ``n_unplaced``: from further out than it reaches, or from nobody knows where."""

    squares: tuple[SquareMark, ...]
    marks: tuple[ShotMark, ...]
    is_aggregated: bool
    n_unplaced: int


@dataclass(frozen=True, slots=True)
class ProfileMark:
    """Shots from one distance: xG, its interval and what is usual, as places."""

    x: float
    y: float
    usual_y: float
    low_y: float | None
    high_y: float | None
    point: ProfilePoint


@dataclass(frozen=True, slots=True)
class ProfileChart:
    """The xG by distance beside the same shots in usual circumstances."""

    marks: tuple[ProfileMark, ...]
    xticks: tuple[Tick, ...]
    yticks: tuple[Tick, ...]
    left: float
    right: float
    top: float
    bottom: float
    width: float
    height: float


def trends(numbers: ClubNumbers) -> tuple[Trend, ...]:
    """The matches in a row, for wide and for narrow screens."""
    return (_trend(numbers, "wide", 980, 300, 4.5), _trend(numbers, "narrow", 380, 250, 3.0))


def _trend(numbers: ClubNumbers, screen: str, width: float, height: float, radius: float) -> Trend:
    left, right, top, bottom = 34.0, width - 14, 12.0, height - 30
    values = [xg for match in numbers.matches for xg in (match.xg, match.xg_against)]
    peak = max(1.0, 1.05 * max(values, default=1.0))
    step = (right - left) / max(1, len(numbers.matches))

    def x(n: int) -> float:
        return left + step * (n + 0.5)

    def y(xg: float) -> float:
        return bottom - (bottom - top) * xg / peak

    lines = [
        tuple((x(n), y(xg)) for n, xg in enumerate(numbers.sides[direction].rolling) if not math.isnan(xg))
        for direction in Direction
    ]
    marks = (MatchMark(n, x(n), y(match.xg), y(match.xg_against)) for n, match in enumerate(numbers.matches))
    return Trend(
        screen, width, height, left, right, bottom, tuple(marks), lines[0], lines[1],
        tuple(Tick(y(value), value) for value, _ in ticks(0.0, peak, 4)), radius,
    )  # fmt: skip


def shot_map(shots: pd.DataFrame, squares: Sequence[Square], darkest: float) -> ShotMap:
    """Where the shots of one side were taken from, penalties apart.

    Parameters
    ----------
    shots
        ``x_m, y_m, pitch_length_m, xg, is_goal, is_penalty, outcome``.
    squares
        The same, counted.
    darkest
        Shots a match of the fullest square of either side: what is darkest on both maps.
    """
    depth, left = places_m(shots)
    is_spot = shots["is_penalty"].to_numpy(dtype=bool)
    is_many = int((~is_spot).sum()) > ALL_MARKS
    rows = zip(
        depth, left, shots["xg"], shots["is_goal"].astype(bool), shots["outcome"], is_spot, strict=True
    )
    marks = [
        ShotMark(
            -x, max(0.0, y), max(_LEAST_MARK_M, _MARK_M * xg**0.5), "goal" if is_goal else str(outcome), n
        )
        for n, (y, x, xg, is_goal, outcome, spot) in enumerate(rows)
        if not spot and y <= MAP_DEPTH_M and (is_goal or xg >= LARGE_XG or not is_many)
    ]
    return ShotMap(
        tuple(_square(square, darkest) for square in squares if is_many and square.depth_m < MAP_DEPTH_M),
        tuple(sorted(marks, key=lambda mark: -mark.r)),
        is_many,
        int((~(depth <= MAP_DEPTH_M) & ~is_spot).sum()),
    )


def _square(square: Square, darkest: float) -> SquareMark:
    opacity = 0.08 + 0.72 * (square.per_match / darkest) ** 0.7
    return SquareMark(-square.left_m - SQUARE_M, square.depth_m, SQUARE_M, opacity, square)


def profile_charts(profiles: Mapping[Direction, Sequence[ProfilePoint]]) -> dict[Direction, ProfileChart]:
    """The profiles of both sides on one scale; empty where neither has two points."""
    if all(len(points) < 2 for points in profiles.values()):
        return {}
    values = [
        value
        for points in profiles.values()
        for point in points
        for value in (point.xg, point.usual, point.usual + point.high)
    ]
    top = 1.05 * max(value for value in values if not math.isnan(value))
    return {direction: _profile(points, top) for direction, points in profiles.items()}


def _profile(points: Sequence[ProfilePoint], peak: float) -> ProfileChart:
    width, height, left, right, top, bottom = 470.0, 270.0, 40.0, 458.0, 12.0, 236.0

    def x(distance_m: float) -> float:
        return left + (right - left) * min(distance_m, 34.0) / 34.0

    def y(xg: float) -> float:
        return bottom - (bottom - top) * max(0.0, xg) / peak

    def mark(point: ProfilePoint) -> ProfileMark:
        bounds = (point.low, point.high)
        low, high = (None if math.isnan(bound) else y(point.usual + bound) for bound in bounds)
        return ProfileMark(x(point.distance_m), y(point.xg), y(point.usual), low, high, point)

    return ProfileChart(
        tuple(map(mark, points)), tuple(Tick(x(m), m) for m in (0, 5, 10, 15, 20, 25, 30)),
        tuple(Tick(y(value), value) for value, _ in ticks(0.0, peak, 4)), left, right, top, bottom, width, height,
    )  # fmt: skip
