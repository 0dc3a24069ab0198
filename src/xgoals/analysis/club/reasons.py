"""What moves a club's xG, in football's order, beside the rest of its league: aggregated reasons and a profile.

Sums of single explanations over a club's shots tell what the club does otherwise than others ("glocal" explanations,
Cavus and Biecek 2023, "Explainable expected goal models for performance analysis in football analytics"). Every shot's
average + place + keeper + opponents + strike is its xG, so the differences of the parts add up to that of the mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import (
    BoolArray,
    Direction,
    FloatArray,
    IntArray,
    Measure,
    match_numbers,
)
from xgoals.analysis.club.comparison import Difference
from xgoals.analysis.takers import interval_over_matches
from xgoals.domain.reason import Part

PARTS = tuple(Part)
PART_COLUMNS = [f"part_{part}" for part in PARTS]
"""What the values of the parts are called in a frame of shots, which has a column for the keeper himself."""
XG = "xg"
_EDGES_M = (0.0, 6.0, 9.0, 12.0, 16.5, 20.0, 25.0, np.inf)
"""Distances from the middle of the goal line between which the shots of a profile are put together."""
MIN_OF_BIN = 8
"""A distance with fewer shots has no point in the profile."""


@dataclass(frozen=True, slots=True)
class ReasonsFound:
    """A club's reasons in one direction.

    Attributes
    ----------
    n_shots, n_of
        Shots without penalties whose four parts are all known, and how many there are.
    xg
        Mean xG of these shots beside the other clubs'.
    parts
        What each part adds a shot, beside the other clubs'; the differences add up to that of ``xg``.
    """

    n_shots: int
    n_of: int
    xg: Difference
    parts: Mapping[Part, Difference]


@dataclass(frozen=True, slots=True)
class ProfilePoint:
    """Shots from one distance: what they are worth, and what such shots usually are.

    Attributes
    ----------
    distance_m
        Their mean distance from the middle of the goal.
    n_shots
        How many they are.
    xg
        Mean xG.
    usual
        Mean xG of the same places, kinds and body parts amid the people and with the strikes that are usual there.
    low, high
        95 % interval of ``xg - usual``, whole matches resampled; NaN where there are too few.
    league
        What the league's other shots from this distance have beyond their own usual: 0 but for chance.
    """

    distance_m: float
    n_shots: int
    xg: float
    usual: float
    low: float
    high: float
    league: float

    @property
    def more(self) -> float:
        """What keeper, opponents and strike add to the place, a shot."""
        return self.xg - self.usual


def is_explained(shots: pd.DataFrame) -> BoolArray:
    """Shots whose parts are all known; no penalty."""
    known: BoolArray = shots[PART_COLUMNS].notna().all(axis=1).to_numpy()
    return np.asarray(known & ~shots["is_penalty"].to_numpy(dtype=bool))


def measures_of_reasons(shots: pd.DataFrame) -> list[Measure]:
    """The xG and its four parts over the shots whose parts are all known, for :func:`~.comparison.compare`.

    Parameters
    ----------
    shots
        ``xg, is_penalty`` and :data:`PART_COLUMNS` (NaN where not known).
    """
    known = is_explained(shots)
    return [
        Measure("reasons", name, np.where(known, shots[column].to_numpy(dtype=np.float64), np.nan))
        for name, column in zip((XG, *map(str, PARTS)), (XG, *PART_COLUMNS), strict=True)
    ]


def reasons_found(
    found: Mapping[tuple[str, Direction], Difference], shots: pd.DataFrame, direction: Direction
) -> ReasonsFound | None:
    """A club's reasons from its differences; None where no shot has any.

    Parameters
    ----------
    found
        By measure and direction.
    shots
        The club's own shots, or those it faced.
    direction
        Which of the two they are.
    """
    xg = found[XG, direction]
    if not xg.n_shots:
        return None
    n_of = int((~shots["is_penalty"].astype(bool)).sum())
    return ReasonsFound(xg.n_shots, n_of, xg, {part: found[str(part), direction] for part in PARTS})


@dataclass(frozen=True, slots=True)
class ForProfiles:
    """What profiles of all clubs are made of, (shots,) each.

    Attributes
    ----------
    bin
        Number of the distance; -1 where the parts are not all known.
    distance_m, xg
        As they are.
    more
        What keeper, opponents and strike add to the place.
    match
        The match as a number.
    """

    bin: IntArray
    distance_m: FloatArray
    xg: FloatArray
    more: FloatArray
    match: IntArray

    @classmethod
    def of(cls, shots: pd.DataFrame) -> "ForProfiles":
        """Measure the season's shots: ``x_m, y_m, pitch_length_m, xg, is_penalty`` and :data:`PART_COLUMNS`."""
        distance = distance_m(shots)
        number = np.searchsorted(_EDGES_M, distance, side="right") - 1
        is_placed = is_explained(shots) & np.isfinite(distance)
        return cls(
            np.where(is_placed, number, -1), distance, shots["xg"].to_numpy(dtype=np.float64), _beyond_usual(shots),
            match_numbers(shots),
        )  # fmt: skip


def profile(shots: ForProfiles, is_own: BoolArray, *, seed: int = 0) -> tuple[ProfilePoint, ...]:
    """The xG by distance beside what the same shots would be worth in usual circumstances.

    Parameters
    ----------
    shots
        The season's.
    is_own
        Those of one club, for or against.
    seed
        Of the resampling.
    """
    points = [_point(number, shots, is_own, seed) for number in range(len(_EDGES_M) - 1)]
    return tuple(point for point in points if point is not None)


def distance_m(shots: pd.DataFrame) -> FloatArray:
    """From the middle of the goal line, shape (shots,)."""
    depth = shots["pitch_length_m"].to_numpy(dtype=np.float64) / 2 - shots["x_m"].to_numpy(dtype=np.float64)
    return np.asarray(np.hypot(depth, shots["y_m"].to_numpy(dtype=np.float64)))


def _beyond_usual(shots: pd.DataFrame) -> FloatArray:
    beside_place = [
        column for part, column in zip(PARTS, PART_COLUMNS, strict=True) if part is not Part.PLACE
    ]
    return np.asarray(shots[beside_place].to_numpy(dtype=np.float64).sum(axis=1))


def _point(number: int, shots: ForProfiles, is_own: BoolArray, seed: int) -> ProfilePoint | None:
    own, others = (shots.bin == number) & is_own, (shots.bin == number) & ~is_own
    n_shots = int(own.sum())
    if n_shots < MIN_OF_BIN:
        return None
    xg, more = shots.xg[own], shots.more[own]
    bounds = interval_over_matches(more, pd.Series(shots.match[own]), seed=seed)
    return ProfilePoint(
        float(shots.distance_m[own].mean()), n_shots, float(xg.mean()),
        float((xg - more).mean()), bounds.low, bounds.high,
        float(shots.more[others].mean()) if others.any() else np.nan,
    )  # fmt: skip
