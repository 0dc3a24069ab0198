"""What a surplus means for those whose shots they are: fair, off, or not to be told apart from chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from xgoals.analysis.evaluated.multiplicity import FALSE_DISCOVERY_RATE
from xgoals.analysis.fairness.surplus import FloatArray, Surplus
from xgoals.domain.findings.fairness import Verdict

MIN_PARTS = 5
"""Of fewer parts no spread is estimated."""
_WIDEST_PER_100 = 100.0
_HALVINGS = 60


def verdict(surplus: Surplus, q: float, margin_per_100: float) -> Verdict:
    """What the goals of a tested part say about its xG.

    Off where the surplus stands among all tests of its facet and is as large as what matters; fair where its interval
    lies within what does not matter (an equivalence test, at 2.5 % on either side); else nothing can be said.
    """
    if q <= FALSE_DISCOVERY_RATE and abs(surplus.per_100) >= margin_per_100:
        return Verdict.TOO_LOW if surplus.per_100 > 0 else Verdict.TOO_HIGH
    is_within = -margin_per_100 < surplus.low and surplus.high < margin_per_100
    return Verdict.FAIR if is_within else Verdict.CANNOT_SAY


@dataclass(frozen=True, slots=True)
class Spread:
    """How different the parts of a facet are once chance is taken out.

    Attributes
    ----------
    per_100, low, high
        Standard deviation of their true surpluses in goals per 100 shots, and its 95 % interval.
    p
        How often parts that are all alike look as different.
    """

    per_100: float
    low: float
    high: float
    p: float


def spread(per_100: Sequence[float], errors: Sequence[float]) -> Spread | None:
    """The spread of true surpluses behind those that were seen; None for fewer than `MIN_PARTS`.

    Parameters
    ----------
    per_100, errors
        The surplus of each part, and the standard error that chance gives it.

    Notes
    -----
    Estimate of Paule and Mandel (1982), interval by the Q profile (Viechtbauer 2007, Statistics in Medicine 26): the
    spreads under which the parts differ by neither too little nor too much for chance.
    """
    n = len(per_100)
    if n < MIN_PARTS:
        return None
    values, variances = np.asarray(per_100), np.asarray(errors) ** 2
    estimate = _spread_at(values, variances, n - 1)
    low, high = (_spread_at(values, variances, float(chi2.ppf(part, n - 1))) for part in (0.975, 0.025))
    return Spread(estimate, low, high, float(chi2.sf(_heterogeneity(values, variances, 0.0), n - 1)))


def _heterogeneity(values: FloatArray, variances: FloatArray, sd: float) -> float:
    weights = 1 / (variances + sd**2)
    mean = (weights * values).sum() / weights.sum()
    return float((weights * (values - mean) ** 2).sum())


def _spread_at(values: FloatArray, variances: FloatArray, wanted: float) -> float:
    """The spread at which the heterogeneity is as wanted; 0 where it is less from the start."""
    low, high = 0.0, _WIDEST_PER_100
    if _heterogeneity(values, variances, 0.0) <= wanted:
        return 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _heterogeneity(values, variances, middle) > wanted else (low, middle)
    return (low + high) / 2
