"""Clarify's metrics of bias of the parts of a facet, with intervals over matches.

They want a yes or no, and xG is neither. A shot counts as a predicted goal from the xG on above which there are as many
shots as goals fell: the biggest chances, a tenth of all. That makes the metrics say how a part's share of big chances,
and what became of them, compares with all others': what its shots are like more than how they are judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.analysis.fairness.facets import PLACE_BANDS_M
from xgoals.analysis.fairness.resampled import count_metrics
from xgoals.bias.metric import MetricValue
from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias
from xgoals.model.resampling import Draws, interval

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

POST_TRAINING = ("DPPL", "DI", "DCA", "DCR", "RD", "SD", "DAR", "DRR", "AD", "CDDPL", "TE", "GE")
"""Without FT, which looks for the nearest shots of others for every shot: minutes in place of seconds."""
N_RESAMPLES = 400
LEAST_KNOWN = 0.95
"""An interval is given where a metric is finite in this share of resamples."""
_N_BANDS = len(PLACE_BANDS_M) + 1
_SEED = 1
_AT_ONCE = 50
"""Resamples held at once as floats."""


def goal_threshold(xg: FloatArray, n_goals: int) -> float:
    """The xG from which on there are as many shots as goals fell (or more, where several have the same); 1 for none."""
    return float(np.sort(xg)[-n_goals]) if n_goals else 1.0


@dataclass(frozen=True)
class Predicted:
    """Shots with a yes or no in place of xG.

    Attributes
    ----------
    goal, predicted
        Shape (n,).
    band
        The place band of each: the group that CDDL and CDDPL compare within.
    match
        The match of each as a number.
    """

    goal: BoolArray
    predicted: BoolArray
    band: IndexArray
    match: IndexArray

    def among(self, shots: IndexArray) -> "Predicted":
        """Some of them, by position."""
        return Predicted(self.goal[shots], self.predicted[shots], self.band[shots], self.match[shots])

    def counts(self, draws: Draws, shots: IndexArray) -> FloatArray:
        """How many of these shots each resample has, by band, outcome and prediction: (resamples, bands, 2, 2)."""
        some = draws.among(shots)
        kind = 4 * self.band[shots] + 2 * self.goal[shots] + self.predicted[shots]
        n_kinds, n_matches = 4 * _N_BANDS, some.counts.shape[1]
        table = np.bincount(some.match * n_kinds + kind, minlength=n_matches * n_kinds).reshape(
            n_matches, n_kinds
        )
        parts = [
            some.counts[start : start + _AT_ONCE].astype(np.float64) @ table
            for start in range(0, len(some.counts), _AT_ONCE)
        ]
        return np.concatenate(parts).reshape(-1, _N_BANDS, 2, 2)


@dataclass(frozen=True, slots=True)
class WithInterval:
    """A metric of one part, and its 95 % interval; None where there is none."""

    metric: MetricValue
    interval: tuple[float, float] | None


def metrics_of_parts(shots: Predicted, parts: list[IndexArray]) -> Iterator[list[WithInterval]]:
    """All metrics of each part against all other shots; ``parts``: the positions of each one's shots."""
    draws = Draws.of(shots.match, N_RESAMPLES, _SEED)
    whole = shots.counts(draws, np.arange(len(shots.goal)))
    for rows in parts:
        in_facet = np.zeros(len(shots.goal), dtype=bool)
        in_facet[rows] = True
        points = (
            *pre_training_bias(shots.goal, in_facet, shots.band),
            *post_training_bias(shots.goal, shots.predicted, in_facet, shots.band, methods=POST_TRAINING),
        )
        own = shots.counts(draws, rows)
        resampled = count_metrics(own, whole - own)
        yield [WithInterval(point, _interval(point, resampled[point.name])) for point in points]


def _interval(point: MetricValue, resampled: FloatArray) -> tuple[float, float] | None:
    if point.value is None or np.isfinite(resampled).mean() < LEAST_KNOWN:
        return None
    return interval(resampled)
