"""What thousands of explanations say together: mean |value| of features, mean |interaction| of pairs.

All summaries are over shots without penalties: hand those in. Means of absolute values are what the original
shows (Clarify's ``mean_abs``); the plain mean beside it says in which direction. And the three numbers that
are easily taken for each other stand apart: goal rate, mean prediction, prediction at the baseline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]

SCOPES: Mapping[str, Sequence[str]] = {"all": (), "season": ("competition", "season"), "club": ("team",)}
"""Scope -> the columns whose values tell its members apart."""


@dataclass(frozen=True, slots=True)
class ReferenceNumbers:
    """Three probabilities that values can be read against; none stands in for another.

    Attributes
    ----------
    goal_rate
        Share of the shots that were goals: what happened.
    mean_prediction
        Mean xG of the same shots: what the model expected on average.
    prediction_at_baseline
        xG of the baseline row: where every explanation starts. With one baseline row it is neither of
        the other two, since the model is not linear.
    """

    goal_rate: float
    mean_prediction: float
    prediction_at_baseline: float


def reference_numbers(
    is_goal: npt.ArrayLike, predictions: npt.ArrayLike, base_value: float
) -> ReferenceNumbers:
    """The three reference numbers of some shots.

    Parameters
    ----------
    is_goal, predictions
        Outcome (0, 1) and predicted probability of each shot, in the same order; at least one shot.
    base_value
        ``Attributions.base_value`` in probability.

    Raises
    ------
    ValueError
        Without shots, or when the two are not of the same length.
    """
    goals, xg = np.asarray(is_goal, np.float64), np.asarray(predictions, np.float64)
    if goals.shape != xg.shape or goals.ndim != 1 or not goals.size:
        raise ValueError(
            f"one outcome and one prediction a shot are needed, not {goals.shape} and {xg.shape}"
        )
    return ReferenceNumbers(float(goals.mean()), float(xg.mean()), float(base_value))


def global_summary(
    explained: pd.DataFrame, feature_names: Sequence[str], scopes: Mapping[str, Sequence[str]] = SCOPES
) -> pd.DataFrame:
    """Mean |value| and mean value of every feature, over all shots and over those of each season and club.

    Parameters
    ----------
    explained
        One row a shot: the scopes' columns and ``shap_<feature>`` for every feature.
    feature_names
        The features.
    scopes
        Scope -> columns; no columns means all shots together.

    Returns
    -------
    DataFrame
        ``scope, scope_id, scope_label, feature, n_shots, mean_abs, mean``.
    """
    values = explained[[f"shap_{name}" for name in feature_names]].set_axis(
        list(feature_names), axis="columns"
    )
    parts = [_of_scope(values, scope, _members(explained, columns)) for scope, columns in scopes.items()]
    columns = ["scope", "scope_id", "scope_label", "feature", "n_shots", "mean_abs", "mean"]
    return pd.concat(parts, ignore_index=True)[columns]


def _members(explained: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """For each shot the member of the scope that it belongs to, such as "Bundesliga 2023/24"."""
    label = pd.Series("all", index=explained.index)
    if columns:
        label = explained[columns[0]].astype(str)
        for column in columns[1:]:
            label = label + " " + explained[column].astype(str)
    return label.rename("scope_id")


def _of_scope(values: pd.DataFrame, scope: str, members: pd.Series) -> pd.DataFrame:
    sizes = members.value_counts()
    long = values.groupby(members).mean().melt(ignore_index=False, var_name="feature", value_name="mean")
    absolute = values.abs().groupby(members).mean().melt(value_name="mean_abs")
    part = long.reset_index().assign(mean_abs=absolute["mean_abs"], scope=scope)
    return part.assign(scope_label=part["scope_id"], n_shots=part["scope_id"].map(sizes).astype(int))


class PairSums:
    """Mean |interaction| of every pair, added up block by block: never are all matrices held at once.

    A pair's interaction is both halves of shap's convention together, in the unit of the values: what the
    two features add jointly, on top of what each adds by itself.
    """

    def __init__(self, feature_names: Sequence[str]) -> None:
        self._names = list(feature_names)
        self._total = np.zeros((len(self._names), len(self._names)))
        self._n_shots = 0

    def add(self, interactions: FloatArray) -> None:
        """Add the matrices of a block of shots, (n, features, features), halves as in :func:`exact_shapley`."""
        self._total += np.abs(interactions).sum(axis=0)
        self._n_shots += len(interactions)

    def mean_abs(self) -> pd.DataFrame:
        """``feature, partner, mean_abs`` of every pair, both halves together, the strongest first."""
        first, second = np.triu_indices(len(self._names), k=1)
        both = (self._total + self._total.T)[first, second] / max(self._n_shots, 1)
        pairs = pd.DataFrame(
            {
                "feature": [self._names[i] for i in first],
                "partner": [self._names[i] for i in second],
                "mean_abs": both,
            }
        )
        return pairs.sort_values("mean_abs", ascending=False, kind="stable", ignore_index=True)


def strongest_partners(pairs: pd.DataFrame) -> pd.DataFrame:
    """The strongest partner of every feature.

    Parameters
    ----------
    pairs
        ``feature, partner, mean_abs``, one row a pair.

    Returns
    -------
    DataFrame
        ``feature, partner, mean_abs``, one row a feature, the strongest pair first.
    """
    swapped = pairs.rename(columns={"feature": "partner", "partner": "feature"})
    both = pd.concat([pairs, swapped], ignore_index=True)[["feature", "partner", "mean_abs"]]
    ordered = both.sort_values("mean_abs", ascending=False, kind="stable")
    return ordered.drop_duplicates("feature", ignore_index=True)
