"""What moves the model: mean absolute attribution of features and of groups of features, with its interval.

All of it over shots without penalties, in the space of the attributions (xG or log-odds). A feature that no
prediction ever depends on is named as such: a zero would look like a finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import (
    Feature,
    FloatArray,
    Model,
    attributions,
    feature_names,
    features_by_name,
    group_columns,
    match_codes,
    without_penalties,
)
from xgoals.model.resampling import clustered_error

NOTHING = 1e-9
"""An attribution below this everywhere is rounding: the model does not use the feature."""


@dataclass(frozen=True, kw_only=True)
class Magnitude:
    """A mean of absolute attributions, in xG or log-odds.

    Attributes
    ----------
    mean_abs
        The mean.
    standard_error
        With whole matches as units; None with fewer than two matches.
    low, high
        95 % interval, mean -/+ 1.96 standard errors and never below 0; None as above.
    """

    mean_abs: float
    standard_error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class FeatureImportance(Magnitude):
    """Of one feature; ``share``: its part of the sum over all features that are used, 0 to 1."""

    name: str
    label: str
    unit: str
    kind: str
    group: str
    share: float


@dataclass(frozen=True, kw_only=True)
class GroupImportance(Magnitude):
    """Of a group played as one; ``members``: labels of its features."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class UnusedFeature:
    """A feature that moves nothing; ``reason`` is ``"missing"`` where no shot has a value."""

    name: str
    label: str
    reason: Literal["missing", "unused"]


@dataclass(frozen=True)
class Importance:
    """Global importance.

    Attributes
    ----------
    features
        Those that move shots without penalties, the most important first.
    groups
        Those whose own Shapley values are known, the most important first.
    only_penalties, never
        Features that move penalties only, and those that move nothing.
    n_shots
        Shots without penalties.
    scale
        The largest mean, or the end of its interval: for bars.
    """

    features: tuple[FeatureImportance, ...]
    groups: tuple[GroupImportance, ...]
    only_penalties: tuple[Feature, ...]
    never: tuple[UnusedFeature, ...]
    n_shots: int
    scale: float

    @property
    def ranked(self) -> list[str]:
        """Names of the features that are used, the most important first."""
        return [feature.name for feature in self.features]


def importance(shots: pd.DataFrame, model: Model) -> Importance:
    """Global importance, the most important feature first."""
    cut = without_penalties(shots)
    names = feature_names(model)
    values = np.abs(attributions(cut, names))
    here = values.max(axis=0, initial=0.0)
    everywhere = np.abs(attributions(shots, names)).max(axis=0, initial=0.0)
    rows = _features(values, match_codes(cut), model, here > NOTHING)
    known = features_by_name(model)
    return Importance(
        features=rows,
        groups=_groups(cut, model),
        only_penalties=tuple(
            known[name]
            for name, most, other in zip(names, everywhere, here, strict=True)
            if most > NOTHING >= other
        ),
        never=tuple(
            _unused(known[name], shots)
            for name, most in zip(names, everywhere, strict=True)
            if most <= NOTHING
        ),
        n_shots=len(cut),
        scale=max((row.high or row.mean_abs for row in rows), default=1.0),
    )


def _features(
    values: FloatArray, match: npt.NDArray[np.intp], model: Model, used: npt.NDArray[np.bool_]
) -> tuple[FeatureImportance, ...]:
    means, errors = _means(values), _errors(values, match)
    total = sum(mean for mean, is_used in zip(means, used, strict=True) if is_used)
    rows = [
        FeatureImportance(
            **{key: feature[key] for key in ("name", "label", "unit", "kind", "group")},
            **_magnitude(means[i], errors[i]),
            share=means[i] / total,
        )
        for i, feature in enumerate(model["features"])
        if used[i]
    ]
    return tuple(sorted(rows, key=lambda row: -row.mean_abs))


def _unused(feature: Feature, shots: pd.DataFrame) -> UnusedFeature:
    is_missing = bool(shots[feature["name"]].isna().all())
    return UnusedFeature(feature["name"], feature["label"], "missing" if is_missing else "unused")


def _groups(cut: pd.DataFrame, model: Model) -> tuple[GroupImportance, ...]:
    names = group_columns(cut)
    values = np.abs(cut[[f"group_{group}" for group in names]].to_numpy(dtype=np.float64))
    if len(cut) == 0 or not names:
        return ()
    means, errors = _means(values), _errors(values, match_codes(cut))
    rows = [
        GroupImportance(
            name=group, members=_labels_of(group, model["features"]), **_magnitude(means[i], errors[i])
        )
        for i, group in enumerate(names)
    ]
    return tuple(sorted(rows, key=lambda row: -row.mean_abs))


def _labels_of(group: str, features: Sequence[Feature]) -> tuple[str, ...]:
    return tuple(feature["label"] for feature in features if feature["group"] == group)


def _means(values: FloatArray) -> list[float]:
    """Mean of each column, one by one: pairwise summation of a column of its own."""
    return [float(values[:, i].mean()) if len(values) else 0.0 for i in range(values.shape[1])]


def _errors(values: FloatArray, match: npt.NDArray[np.intp]) -> FloatArray:
    """Standard error of each column's mean, whole matches as units; infinite with fewer than two matches."""
    if len(np.unique(match)) < 2:
        return np.full(values.shape[1], np.inf)
    return clustered_error(values, match)


def _magnitude(mean: float, error: float) -> dict[str, Any]:
    """The fields of a :class:`Magnitude`."""
    if not np.isfinite(error):
        return {"mean_abs": mean, "standard_error": None, "low": None, "high": None}
    return {
        "mean_abs": mean,
        "standard_error": float(error),
        "low": max(0.0, mean - 1.96 * error),
        "high": mean + 1.96 * error,
    }
