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
from xgoals.bias.metric import (
    DESCRIPTIONS,
    POST_TRAINING_METRICS,
    PRE_TRAINING_METRICS,
    MetricValue,
    PostTrainingMetric,
    PreTrainingMetric,
)
from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias
from xgoals.model.resampling import Draws, interval

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

POST_TRAINING = tuple(name for name in POST_TRAINING_METRICS if name != "FT")
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
        some, kind = draws.among(shots), self._kind(shots)
        n_kinds, n_matches = 4 * _N_BANDS, some.counts.shape[1]
        table = np.bincount(some.match * n_kinds + kind, minlength=n_matches * n_kinds).reshape(
            n_matches, n_kinds
        )
        parts = [
            some.counts[start : start + _AT_ONCE].astype(np.float64) @ table
            for start in range(0, len(some.counts), _AT_ONCE)
        ]
        return np.concatenate(parts).reshape(-1, _N_BANDS, 2, 2)

    def count(self, shots: IndexArray) -> FloatArray:
        """How many of these shots there are, by band, outcome and prediction: (1, bands, 2, 2)."""
        found = np.bincount(self._kind(shots), minlength=4 * _N_BANDS).astype(np.float64)
        return found.reshape(1, _N_BANDS, 2, 2)

    def _kind(self, shots: IndexArray) -> IndexArray:
        return 4 * self.band[shots] + 2 * self.goal[shots] + self.predicted[shots]


@dataclass(frozen=True, slots=True)
class WithInterval:
    """A metric of one part, and its 95 % interval; None where there is none."""

    metric: MetricValue
    interval: tuple[float, float] | None


def metrics_of_parts(shots: Predicted, parts: list[IndexArray]) -> Iterator[list[WithInterval]]:
    """All metrics of each part against all other shots; ``parts``: the positions of each one's shots.

    A metric is told from counts, of the part's own shots and of all: parts are many, and shots a million.
    """
    draws = Draws.of(shots.match, N_RESAMPLES, _SEED)
    every = np.arange(len(shots.goal))
    counted, whole = shots.count(every), shots.counts(draws, every)
    for rows in parts:
        in_part, own = shots.count(rows), shots.counts(draws, rows)
        values, resampled = count_metrics(in_part, counted - in_part), count_metrics(own, whole - own)
        if not all(of.sum(axis=(0, 1, 3)).all() for of in (in_part, counted - in_part)):
            values = {}  # nobody scored, or missed: what the metrics make of that only they say
        points = [
            _point(shots, rows, name, values.get(name)) for name in (*PRE_TRAINING_METRICS, *POST_TRAINING)
        ]
        yield [WithInterval(point, _interval(point, resampled[point.name])) for point in points]


def _point(
    shots: Predicted, rows: IndexArray, name: PreTrainingMetric | PostTrainingMetric, known: FloatArray | None
) -> MetricValue:
    """A metric that has a value, or why it has none."""
    if known is not None and not np.isnan(known[0]):
        return MetricValue(name, DESCRIPTIONS[name], float(known[0]))
    in_facet = np.zeros(len(shots.goal), dtype=bool)
    in_facet[rows] = True
    if name in PRE_TRAINING_METRICS:
        return pre_training_bias(shots.goal, in_facet, shots.band, methods=(name,))[0]
    return post_training_bias(shots.goal, shots.predicted, in_facet, shots.band, methods=(name,))[0]


def _interval(point: MetricValue, resampled: FloatArray) -> tuple[float, float] | None:
    if point.value is None or np.isfinite(resampled).mean() < LEAST_KNOWN:
        return None
    return interval(resampled)
