"""Goals minus xG of some shots, with an interval and a p for which matches are the independent units.

The interval is of a shift: were all chances better, or worse, than their xG by one factor of their odds, which factors
would leave as many goals as fell within chance? It is the score interval of that question (quasi-binomial): chance is
measured where the shift would be, which is what makes Wilson's interval right for few shots and rates near 0, and a
cube root takes its skewness away (Wilson and Hilferty 1931). Shots of one match are not independent: how much more the
goals of matches scatter around their xG than independent shots would is measured over all matches of a facet, and
widens every interval.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from xgoals.model.losses import log_odds, probability

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

_FARTHEST = 8.0
"""No chance is worse or better than its xG by more than this on the log-odds."""
_HALVINGS = 26
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Surplus:
    """Goals minus xG of a part of the shots.

    Attributes
    ----------
    per_100, low, high
        In goals per 100 shots, and the 95 % interval.
    p
        How often chance alone is as far from expectation, two-sided.
    """

    per_100: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Shots:
    """Shots of one or several parts.

    Attributes
    ----------
    part
        The part of each, from 0, shape (n,).
    match
        The match of each as a number, shape (n,).
    goal, xg
        1 or 0, and the honest xG, shape (n,).
    """

    part: IndexArray
    match: IndexArray
    goal: FloatArray
    xg: FloatArray

    @cached_property
    def log_odds(self) -> FloatArray:
        """Those of the xG, shape (n,)."""
        return log_odds(self.xg)

    @property
    def n_parts(self) -> int:
        """How many parts there are."""
        return int(self.part.max()) + 1 if len(self.part) else 0

    def sums(self, values: FloatArray) -> FloatArray:
        """The sum of each part, shape (parts,)."""
        return np.bincount(self.part, weights=values, minlength=self.n_parts).astype(np.float64)


def surpluses(shots: Shots) -> list[Surplus]:
    """Goals minus xG of every part; every part has a shot."""
    if not len(shots.part):
        return []
    scatter = dispersion(shots)
    n = shots.sums(np.ones_like(shots.xg))
    expected = shots.sums(shots.xg)
    found = shots.sums(shots.goal) - expected
    z = _deviation(shots, np.zeros(shots.n_parts), scatter)
    low, high = (
        shots.sums(_shifted(shots, _shift(shots, scatter, bound))) - expected for bound in (Z_95, -Z_95)
    )
    p = 2 * norm.sf(np.abs(z))
    # where no shot, or every one, went in no shift is as good as what was found: it is the interval's end
    columns = (100 * values / n for values in (found, np.minimum(low, found), np.maximum(high, found)))
    return [Surplus(*map(float, row)) for row in zip(*columns, p, strict=True)]


def dispersion(shots: Shots) -> float:
    """How much more goals scatter around their xG from match to match than independent shots would; 1 at least.

    The mean square of goals minus xG of a part in a match, over the variance that its chances would have one by one.
    """
    _, block = np.unique(np.stack([shots.part, shots.match]), axis=1, return_inverse=True)
    block = block.ravel()
    off = np.bincount(block, weights=shots.goal - shots.xg)
    alone = np.bincount(block, weights=shots.xg * (1 - shots.xg))
    return float(max(1.0, (off**2).sum() / alone.sum())) if alone.sum() > 0 else 1.0


def _shifted(shots: Shots, shift: FloatArray) -> FloatArray:
    """Chances that are better by a part's shift on the log-odds, shape (n,)."""
    return probability(shots.log_odds + shift[shots.part])


def _deviation(shots: Shots, shift: FloatArray, scatter: float) -> FloatArray:
    """How far goals are from what shifted chances expect, in standard deviations of a normal error, shape (parts,)."""
    chance = _shifted(shots, shift)
    variance = np.maximum(shots.sums(chance * (1 - chance)), 1e-300)
    skewness = shots.sums(chance * (1 - chance) * (1 - 2 * chance)) / variance**1.5
    z = (shots.sums(shots.goal) - shots.sums(chance)) / np.sqrt(scatter * variance)
    skewness = np.where(np.abs(skewness) < 1e-6, 1e-6, skewness * np.sqrt(scatter))
    return np.asarray(6 / skewness * (np.cbrt(np.maximum(1 + skewness * z / 2, 0.0)) - 1) + skewness / 6)


def _shift(shots: Shots, scatter: float, bound: float) -> FloatArray:
    """The shift under which goals are as many standard deviations above expectation as ``bound``, shape (parts,)."""
    low, high = (np.full(shots.n_parts, end) for end in (-_FARTHEST, _FARTHEST))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_above = _deviation(shots, middle, scatter) > bound
        low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
    return np.asarray((low + high) / 2)
