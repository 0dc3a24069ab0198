"""What moves a model against each of several baselines, beside what does against the first of them.

The shots, the models that speak of them and their predictions are the same everywhere; only what the values start from
differs. Intervals are over matches, as units: how far chance in the shots goes, nothing about the baseline.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.analysis.shots import FloatArray
from xgoals.model.resampling import clustered_error

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Against:
    """Values of n shots against one baseline, in probability.

    Attributes
    ----------
    base_values
        (n,) what who speaks of a shot says at the baseline.
    feature_values, group_values
        (n, features) and (n, groups); each adds up to the prediction with the base value.
    """

    base_values: FloatArray
    feature_values: FloatArray
    group_values: FloatArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean or a share with its 95 % interval; None with fewer than two matches."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PartMoves:
    """What a feature, or a group of features, moves.

    Attributes
    ----------
    mean_abs
        Mean |value|, in xG.
    mean
        Mean value: the means of all features and the base value add up to the mean prediction.
    rank, rank_before
        By ``mean_abs``, from 1; ``rank_before`` against the first baseline.
    """

    name: str
    mean_abs: Estimate
    mean: float
    rank: int
    rank_before: int


@dataclass(frozen=True, slots=True)
class BaselineMoves:
    """What moves the model against one baseline.

    Attributes
    ----------
    base_value
        Mean over the shots; ``base_low`` and ``base_high`` are the smallest and the largest of those who speak.
    groups, features
        In the order of the model.
    other_first_group, other_first_feature
        Share of shots whose first reason, the largest |value|, is another than against the first baseline.
    """

    base_value: float
    base_low: float
    base_high: float
    groups: tuple[PartMoves, ...]
    features: tuple[PartMoves, ...]
    other_first_group: Estimate
    other_first_feature: Estimate


def baseline_moves(
    found: Sequence[Against],
    match: npt.NDArray[np.intp],
    feature_names: Sequence[str],
    group_names: Sequence[str],
) -> tuple[BaselineMoves, ...]:
    """What moves the model against each baseline, the first one the measure of all.

    Parameters
    ----------
    match
        (n,) the match of each shot as a number.
    """
    first = found[0]
    return tuple(
        BaselineMoves(
            base_value=float(of.base_values.mean()),
            base_low=float(of.base_values.min()),
            base_high=float(of.base_values.max()),
            groups=_parts(of.group_values, first.group_values, group_names, match),
            features=_parts(of.feature_values, first.feature_values, feature_names, match),
            other_first_group=_changes(of.group_values, first.group_values, match),
            other_first_feature=_changes(of.feature_values, first.feature_values, match),
        )
        for of in found
    )


def first_reasons(values: FloatArray) -> npt.NDArray[np.intp]:
    """The number of the largest |value| of each shot, (n,); of two alike the first."""
    return np.asarray(np.abs(values).argmax(axis=1))


def _parts(
    values: FloatArray, before: FloatArray, names: Sequence[str], match: npt.NDArray[np.intp]
) -> tuple[PartMoves, ...]:
    sizes = _estimates(np.abs(values), match)
    ranks, ranks_before = _ranks(np.abs(values).mean(axis=0)), _ranks(np.abs(before).mean(axis=0))
    means = values.mean(axis=0).tolist()
    return tuple(map(PartMoves, names, sizes, means, ranks, ranks_before))


def _ranks(sizes: FloatArray) -> list[int]:
    """1 for the largest; of two alike the first named."""
    ranks = np.empty(len(sizes), dtype=int)
    ranks[np.argsort(-sizes, kind="stable")] = np.arange(1, len(sizes) + 1)
    return [int(rank) for rank in ranks]


def _changes(values: FloatArray, before: FloatArray, match: npt.NDArray[np.intp]) -> Estimate:
    changed = first_reasons(values) != first_reasons(before)
    return _estimates(changed[:, None].astype(np.float64), match, most=1.0)[0]


def _estimates(values: FloatArray, match: npt.NDArray[np.intp], most: float = np.inf) -> list[Estimate]:
    """The mean of each column, of values from 0 to ``most``."""
    means = values.mean(axis=0).tolist()
    if len(np.unique(match)) < 2:
        return [Estimate(mean, None, None) for mean in means]
    off = (_Z * clustered_error(values, match)).tolist()
    return [
        Estimate(mean, max(0.0, mean - by), min(most, mean + by)) for mean, by in zip(means, off, strict=True)
    ]
