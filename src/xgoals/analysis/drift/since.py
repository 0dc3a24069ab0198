"""When a drift began: the first of the points that together are farthest from chance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.analysis.drift import limits
from xgoals.analysis.drift.series import Kind, Reference, Runs, distances, means_are_far, slope
from xgoals.analysis.drift.sums import ALL, N_BINS, Sums

CHI_SQUARED_95 = 3.84
"""What twice the log likelihood ratio of one unknown stays below in 95 of a hundred."""


@dataclass(frozen=True, slots=True)
class Since:
    """Points, by their place: the likeliest first one, and those between which it lies with 95 %."""

    first: int
    earliest: int
    latest: int


def since(runs: Runs, last: int, over: int, reference: Reference, kind: Kind, name: str) -> Since:
    """The likeliest first point of a drift that goes on until ``last``.

    Of all runs that end there the one whose difference from the window is farthest beyond chance (the generalised
    likelihood ratio, Siegmund and Venkatraman 1995); the bounds are the runs that come within `CHI_SQUARED_95` of it.

    Parameters
    ----------
    over
        How many points the run has that set off the alarm.
    """
    if kind == "attribution":
        return Since(last, last, last)
    cell = cell_of(runs.between(last + 1 - over, last), reference, name) if kind == "feature" else 0
    begin = max(0, last + 1 - max(limits.LENGTHS))
    found = np.array(
        [_squared(runs.between(s, last), reference, kind, name, cell) for s in range(begin, last + 1)]
    )
    near = np.flatnonzero(found >= found.max() - CHI_SQUARED_95)
    return Since(begin + int(found.argmax()), begin + int(near.min()), begin + int(near.max()))


MEAN = -1
"""In the place of a bin: what has moved is the mean."""


def cell_of(run: Sums, reference: Reference, feature: str) -> int:
    """Where it shows that a feature has moved: `MEAN` if that is far off, else a bin."""
    n = reference.features.index(feature)
    return MEAN if means_are_far(run, reference)[n] else int(distances(run, reference)[1][n])


def _squared(run: Sums, reference: Reference, kind: Kind, name: str, cell: int) -> float:
    """The squared difference from the window in standard errors."""
    window = reference.window
    if kind == "feature" and cell == MEAN:
        n = reference.features.index(name)
        means = [float(of.values[n] / max(of.known[n], 1.0)) for of in (run, window)]
        return float((means[0] - means[1]) ** 2 / limits.mean_error(run, window)[n] ** 2)
    if kind == "feature":
        n = reference.features.index(name)
        counts = [(of.n_shots if cell == N_BINS else max(float(of.known[n]), 1.0)) for of in (run, window)]
        share, level = run.tallies[n, cell] / counts[0], window.tallies[n, cell] / counts[1]
        both = np.clip((run.tallies[n, cell] + window.tallies[n, cell]) / sum(counts), 1e-3, 1 - 1e-3)
        error2 = both * (1 - both) * reference.effects[n] * (1 / counts[0] + 1 / counts[1])
        return float((share - level) ** 2 / error2)
    if (kind, name) == ("calibration", "slope"):
        slopes = [slope(of.groups[ALL], reference.spread) for of in (run, window)]
        if slopes[0] is None or slopes[1] is None:
            return 0.0
        return float((slopes[0][0] - slopes[1][0]) ** 2 / (slopes[0][1] ** 2 + slopes[1][1] ** 2))
    group = ALL if kind == "calibration" else (kind, name)
    own = run.groups.get(group)
    if own is None:
        return 0.0
    low, high = limits.surplus_limits(own[None], reference.group(group)[None], reference.spread, 1.0)
    middle, error = (low[0] + high[0]) / 2, (high[0] - low[0]) / 2
    return float(((own[1] - own[2]) / own[0] - middle) ** 2 / error**2)


def is_in_cell(values: npt.NDArray[np.intp], cell: int, *, is_category: bool) -> npt.NDArray[np.bool_]:
    """Which shots are counted in a bin, by their codes: the difference from the window is one of their share."""
    if cell == N_BINS or is_category:
        return np.asarray(values == cell)
    return np.asarray(values <= cell)
