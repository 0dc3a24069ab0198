"""How many goals chances give: the exact distribution, and how far from expectation a count of goals is.

Goals are a sum of independent yes/no trials of unequal chance, whose distribution is the Poisson binomial (Wang 1993,
"On the number of successes in independent trials", Statistica Sinica 3).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

FloatArray = npt.NDArray[np.float64]

_ONE_BY_ONE = 64
"""So many chances are convolved one by one; more are halved, and the halves convolved by Fourier transform."""


def goals_distribution(chances: Sequence[float] | FloatArray) -> FloatArray:
    """Probability of 0, 1, ..., n goals from n independent chances, shape (n + 1,); exact to rounding."""
    if len(chances) > _ONE_BY_ONE:
        half = len(chances) // 2
        both = fftconvolve(goals_distribution(chances[:half]), goals_distribution(chances[half:]))
        return np.asarray(np.clip(both, 0.0, 1.0))
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return np.asarray(distribution)


def two_sided(goals: int, distribution: FloatArray) -> float:
    """How often chance gives a count of goals as far out, on either side: twice the smaller tail, at most 1.

    ``distribution`` as :func:`goals_distribution` returns it.
    """
    return float(min(1.0, 2 * min(distribution[: goals + 1].sum(), distribution[goals:].sum())))


def surplus_interval(goals: int, distribution: FloatArray, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval of goals minus expected goals: it holds 0 unless chance gives so many, or so few, too rarely.

    The goals that chance leaves on either side of expectation, taken from the goals that were scored. Shots count as
    independent; ``distribution`` as :func:`goals_distribution` returns it.
    """
    reached = np.cumsum(distribution)
    tail = (1 - confidence) / 2
    fewest = int(np.searchsorted(reached, tail, side="right"))
    most = int(np.searchsorted(reached, 1 - tail, side="left"))
    return float(goals - most), float(goals - fewest)
