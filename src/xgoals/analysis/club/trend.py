"""A club's matches in their order: xG for and against, and whether the second half of the season differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from xgoals.analysis.club.blocks import DIRECTIONS, Direction, FloatArray
from xgoals.analysis.club.comparison import MIN_MATCHES
from xgoals.domain.page_keys import MatchKey

ROLLING = 5
"""Matches in a rolling mean."""
_N_RESAMPLES = 4000


@dataclass(frozen=True, slots=True)
class ClubMatch:
    """One match of a club.

    Attributes
    ----------
    key
        Which one.
    match_date
        When it was.
    opponent
        Who the other side was.
    is_home
        Whether the club was at home.
    goals, conceded
        By the result, own goals among them.
    xg, xg_against
        Sums over the shots of either side, penalties among them.
    """

    key: MatchKey
    match_date: date
    opponent: str
    is_home: bool
    goals: int
    conceded: int
    xg: float
    xg_against: float


@dataclass(frozen=True, slots=True)
class PerMatch:
    """A mean over matches with its 95 % interval by resampling them; NaN where there are fewer than five."""

    n_matches: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """Two means over matches, and their difference (the second minus the first) with its 95 % interval.

    ``low`` and ``high`` are NaN where either has fewer than five matches.
    """

    before: float
    after: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """The second minus the first."""
        return self.after - self.before

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def of_matches(matches: Sequence[ClubMatch], direction: Direction) -> FloatArray:
    """The xG of each match, for or against, shape (matches,)."""
    return np.array([m.xg if direction is Direction.FOR else m.xg_against for m in matches], dtype=np.float64)


def rolling(values: FloatArray, n: int = ROLLING) -> FloatArray:
    """Mean of each value and the n - 1 before it; NaN where there are not as many."""
    out = np.full(len(values), np.nan)
    if len(values) >= n:
        out[n - 1 :] = np.convolve(values, np.full(n, 1 / n), mode="valid")
    return out


def per_match(values: FloatArray, *, seed: int = 0) -> PerMatch:
    """A mean over matches with its interval; NaN without a match."""
    if not len(values):
        return PerMatch(0, np.nan, np.nan, np.nan)
    low, high = _bounds(_means(values, np.random.default_rng(seed)))
    return PerMatch(len(values), float(values.mean()), low, high)


def change(before: FloatArray, after: FloatArray, *, seed: int = 0) -> Change | None:
    """Two groups of matches compared; None where one of them is empty."""
    if not len(before) or not len(after):
        return None
    rng = np.random.default_rng(seed)
    low, high = _bounds(_means(after, rng) - _means(before, rng))
    return Change(float(before.mean()), float(after.mean()), low, high)


def halves(matches: Sequence[ClubMatch]) -> dict[Direction, Change | None]:
    """The second half of a club's matches against the first."""
    middle = len(matches) // 2
    return {
        direction: change(of_matches(matches[:middle], direction), of_matches(matches[middle:], direction))
        for direction in DIRECTIONS
    }


def at_home(matches: Sequence[ClubMatch]) -> dict[Direction, Change | None]:
    """Matches at home (``after``) against those away (``before``)."""
    away, home = ([m for m in matches if m.is_home is wanted] for wanted in (False, True))
    return {
        direction: change(of_matches(away, direction), of_matches(home, direction))
        for direction in DIRECTIONS
    }


def _means(values: FloatArray, rng: np.random.Generator) -> FloatArray:
    if len(values) < MIN_MATCHES:
        return np.full(1, np.nan)
    return np.asarray(values[rng.integers(len(values), size=(_N_RESAMPLES, len(values)))].mean(axis=1))


def _bounds(drawn: FloatArray) -> tuple[float, float]:
    if np.isnan(drawn).any():
        return np.nan, np.nan
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)
