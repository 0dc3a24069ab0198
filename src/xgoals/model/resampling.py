"""How sure a figure is: resampling whole matches, because shots of one match are not independent.

Every resample draws as many matches as there are, with replacement. Two forecasters are compared on the same draws:
what makes a draw easy makes it easy for both, and the difference is surer than either figure.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.compiled import compiled

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_MAX_COUNT = np.iinfo(np.uint8).max


def wilson_interval(hits: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % score interval of a rate: holds for few shots and for rates near 0 or 1.

    Returns
    -------
    (low, high)
        ``(0, 1)`` where there is no shot at all.

    Notes
    -----
    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    if n == 0:
        return 0.0, 1.0
    rate = hits / n
    centre = rate + z**2 / (2 * n)
    spread = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return float(max(0.0, (centre - spread) / scale)), float(min(1.0, (centre + spread) / scale))


@dataclass(frozen=True)
class Draws:
    """Matches drawn with replacement, and which shots are theirs.

    Attributes
    ----------
    match
        Number of each shot's match, shape (n,).
    counts
        How often each match was drawn, shape (resamples, matches).
    """

    match: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, match_ids: npt.ArrayLike, resamples: int, seed: int) -> "Draws":
        """Draw; the same ids and seed always give the same draws."""
        codes, ids = pd.factorize(pd.Series(match_ids))
        place = np.empty(len(ids), np.int32)
        place[np.argsort(np.asarray(ids, dtype=str), kind="stable")] = np.arange(len(ids), dtype=np.int32)
        match, n_matches = place[codes], len(ids)
        rng = np.random.default_rng(seed)
        counts = np.empty((resamples, n_matches), np.uint8)
        for row in counts:
            drawn = np.bincount(rng.integers(0, n_matches, n_matches), minlength=n_matches)
            row[:] = np.minimum(drawn, _MAX_COUNT)
        return cls(match, counts)

    def among(self, shots: "npt.NDArray[np.intp]") -> "Draws":
        """The same draws for some of the shots, given by position; matches without any are left out."""
        matches, match = np.unique(self.match[shots], return_inverse=True)
        return Draws(match.astype(np.int32), self.counts[:, matches])

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum of a value over the shots of each resample, shape (resamples,)."""
        of_match = np.bincount(self.match, weights=values, minlength=self.counts.shape[1])
        out = np.empty(len(self.counts))
        _add_up(self.counts, of_match, out)
        return out

    def means(self, values: FloatArray) -> FloatArray:
        """Mean of a value over the shots of each resample, NaN for one without a shot."""
        n = self.sums(np.ones(len(values)))
        return np.asarray(self.sums(values) / np.where(n == 0, np.nan, n))

    def aucs(self, prediction: FloatArray, goal: npt.ArrayLike) -> FloatArray:
        """Area under the ROC curve of each resample, ties counting half; NaN without a goal or a miss."""
        return _aucs(self.match, self.counts, prediction, np.asarray(goal, dtype=bool))


def auc(prediction: FloatArray, goal: npt.ArrayLike) -> float:
    """Area under the ROC curve as :meth:`Draws.aucs` counts it, with every match drawn once."""
    once = Draws(np.zeros(len(prediction), np.int32), np.ones((1, 1), np.uint8))
    return float(once.aucs(prediction, goal)[0])


def interval(resampled: FloatArray) -> tuple[float, float]:
    """95 % interval of resampled values (those that are known); NaN, NaN where none is."""
    return one_sided_bounds(resampled, 0.975)


def one_sided_bounds(resampled: FloatArray, confidence: float) -> tuple[float, float]:
    """Below which, and above which, a figure lies with no more than ``1 - confidence`` each; as :func:`interval`."""
    finite = resampled[np.isfinite(resampled)]
    if len(finite) == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(finite, [1 - confidence, confidence])
    return float(low), float(high)


def _aucs(
    match: npt.NDArray[np.int32], counts: npt.NDArray[np.uint8], prediction: FloatArray, goal: BoolArray
) -> FloatArray:
    order = np.argsort(prediction, kind="stable")
    ranked = prediction[order]
    last_of_tie = np.r_[ranked[1:] != ranked[:-1], True]
    out = np.empty(len(counts))
    _count_pairs(match[order], goal[order].astype(np.int64), last_of_tie, counts, out)
    return out


@compiled()
def _count_pairs(match, goal, last_of_tie, counts, out):  # type: ignore[no-untyped-def]
    """One walk up the ranking a resample: every goal counts the misses below it, and half of those beside it."""
    for resample in range(counts.shape[0]):
        drawn = counts[resample]
        misses_below, all_goals, twice_won = 0, 0, 0
        goals, misses = 0, 0  # of the present tie
        for shot in range(len(match)):
            n = np.int64(drawn[match[shot]])
            goals += n * goal[shot]
            misses += n - n * goal[shot]
            if last_of_tie[shot]:
                twice_won += goals * (2 * misses_below + misses)
                misses_below += misses
                all_goals += goals
                goals, misses = 0, 0
        pairs = all_goals * misses_below
        out[resample] = twice_won / (2 * pairs) if pairs else np.nan


@compiled(reorder_sums=True)
def _add_up(counts, of_match, out):  # type: ignore[no-untyped-def]
    for resample in range(counts.shape[0]):
        total = 0.0
        for match in range(counts.shape[1]):
            total += counts[resample, match] * of_match[match]
        out[resample] = total


def clustered_error(values: FloatArray, match: npt.NDArray[np.intp]) -> FloatArray:
    """Standard error of the mean of each column, matches as independent units of unequal size.

    Parameters
    ----------
    values
        Shape (shots, features).
    match
        Shape (shots,): the match of each shot, as a number.

    Returns
    -------
    array (features,)
    """
    _, unit = np.unique(match, return_inverse=True)
    n_units = int(unit.max()) + 1
    off = values - values.mean(axis=0)
    sums = np.stack([np.bincount(unit, weights=column, minlength=n_units) for column in off.T], axis=1)
    return np.asarray(np.sqrt((sums**2).sum(axis=0) * n_units / (n_units - 1)) / len(values))
