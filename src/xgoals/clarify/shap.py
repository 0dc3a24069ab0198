"""What each feature adds to every prediction of a job: exactly, or sampled as Clarify does."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.clarify.adds_up import gaps, largest_gap
from xgoals.clarify.asked_columns import asked_features
from xgoals.clarify.baseline import BaselineRows
from xgoals.clarify.config import AggMethod, Shap
from xgoals.clarify.endless import refuse_what_never_ends
from xgoals.clarify.model import ClarifyModel
from xgoals.domain.errors import ModelError
from xgoals.explain.background import background_shapley
from xgoals.explain.coalitions import MAX_TABLE_PLAYERS
from xgoals.explain.forest import read_forest
from xgoals.explain.kernel import AGGREGATIONS, kernel_shapley
from xgoals.explain.proof import Space

Method = Literal["exact", "kernel"]
Floats = npt.NDArray[np.float64]
_SAMPLED = "Explain by sampling (--method kernel), or in log-odds (methods.shap.use_logit: true)"


@dataclass(frozen=True, slots=True)
class Explained:
    """The values of a job: n rows, E of the model's features.

    Attributes
    ----------
    names
        Of the E features whose values are asked for.
    values
        (n, E) what each adds.
    rest
        (n,) what all other features of the model add together; 0 where there is none.
    base_value
        The prediction at the baseline, ``expected_value`` in Clarify's files.
    predictions
        (n,) in the unit of ``space``: ``base_value + values.sum(axis=1) + rest``.
    global_values
        (E,) of all rows together, by ``agg_method``.
    gap
        How far the sum of a row's values is from what the booster itself predicts, at most.
    sampling_error
        Mean standard error of a value; None where nothing is sampled.
    n_samples
        Coalitions a row; None where nothing is sampled.
    """

    names: tuple[str, ...]
    values: Floats
    rest: Floats
    base_value: float
    predictions: Floats
    global_values: Floats
    agg_method: AggMethod
    method: Method
    space: Space
    gap: float
    sampling_error: float | None = None
    n_samples: int | None = None

    @property
    def ranked(self) -> tuple[str, ...]:
        """The features, the one that moves most first."""
        return tuple(self.names[i] for i in np.argsort(-np.abs(self.global_values), kind="stable"))


def explain_table(
    model: ClarifyModel,
    X: pd.DataFrame,
    columns: list[str],
    baseline: BaselineRows,
    shap: Shap,
    method: Method = "exact",
) -> Explained:
    """Explain every row.

    Parameters
    ----------
    X
        (n, F) features in the model's order, called as the dataset calls them; NaN is missing.
    columns
        All columns of the dataset: ``features_to_explain`` may name one by its place.
    baseline
        Rows that the values are against.

    Raises
    ------
    SettingsError
        If ``features_to_explain`` names what is no feature.
    ModelError
        If there is no row, the model or a row cannot be explained, it would take days, or values do not add up.
    """
    if X.empty:
        raise ModelError("the dataset has no row to explain")
    features = names = tuple(map(str, X.columns))
    if shap.features_to_explain is not None:
        names = asked_features(
            shap.features_to_explain, columns, features, "methods.shap.features_to_explain"
        )
    played = _exact(model, X, baseline, shap) if method == "exact" else _sampled(model, X, baseline, shap)
    own = [features.index(name) for name in names]
    values = played.by_feature[:, own]
    return Explained(
        names=names,
        values=values,
        rest=played.by_feature.sum(axis=1) - values.sum(axis=1),
        base_value=float(played.base_value),
        predictions=played.predictions,
        global_values=AGGREGATIONS[shap.agg_method](values),
        agg_method=shap.agg_method,
        method=method,
        space="log_odds" if shap.use_logit else "probability",
        gap=played.gap,
        sampling_error=None if played.errors is None else float(played.errors[:, own].mean()),
        n_samples=played.n_samples,
    )


@dataclass(frozen=True, slots=True)
class _Played:
    """Values of all features of the model."""

    by_feature: Floats
    base_value: float
    predictions: Floats
    gap: float
    errors: Floats | None = None
    n_samples: int | None = None


def _exact(model: ClarifyModel, X: pd.DataFrame, baseline: BaselineRows, shap: Shap) -> _Played:
    space: Space = "log_odds" if shap.use_logit else "probability"
    forest, rows = read_forest(model.booster), baseline.rows.to_numpy(np.float64)
    if space == "probability":
        refuse_what_never_ends(forest, X, rows, _SAMPLED)
    try:
        found = background_shapley(forest, X, rows, baseline.weights, space=space)
    except ModelError as error:
        if X.shape[1] <= MAX_TABLE_PLAYERS:
            raise
        raise ModelError(error.what, where=error.where, advice=_SAMPLED) from error
    added_up = found.base_value + np.sum(found.values, axis=1)
    gap = largest_gap(model.booster, forest, X, added_up, space)
    return _Played(found.values, found.base_value, found.predictions, gap)


def _sampled(model: ClarifyModel, X: pd.DataFrame, baseline: BaselineRows, shap: Shap) -> _Played:
    """Kernel SHAP; it counts all baseline rows alike, as Clarify does."""

    def predict(rows: Floats) -> npt.NDArray[np.float32]:
        predicted: npt.NDArray[np.float32] = model.booster.inplace_predict(
            rows.astype(np.float32), validate_features=False
        )
        return predicted

    found = kernel_shapley(
        predict,
        X.to_numpy(np.float64),
        baseline.rows.to_numpy(np.float64),
        num_samples=shap.num_samples,
        agg_method=shap.agg_method,
        use_logit=shap.use_logit,
        seed=shap.seed or 0,
    )
    asked = X.shape[1] * 2 + 2048 if shap.num_samples is None else shap.num_samples
    added_up = found.base_value + np.sum(found.values, axis=1)
    # Logits of float32 probabilities near 1 are coarse: told, and no reason to refuse what is sampled anyway.
    gap = float(gaps(model.booster, X, added_up, "log_odds" if shap.use_logit else "probability").max())
    return _Played(found.values, found.base_value, found.predictions, gap, found.standard_errors, asked)
