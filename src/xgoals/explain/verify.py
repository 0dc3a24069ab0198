"""Proof that the numbers are what they claim to be, for every single row and on every run.

*Additivity*: base value plus values is the prediction. Against the engine's own float64 prediction,
which a plain walk of the trees gives and not the table of coalitions, and against ``Booster.predict``,
whose float32 sums are the reason for the wider tolerance.

*A second opinion*: shap's TreeExplainer computes the same values in log-odds, with other code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xgboost as xgb
from numpy.typing import NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.attributions import Attributions
from xgoals.explain.exact import exact_shapley
from xgoals.explain.for_shap import import_shap
from xgoals.explain.forest import read_forest
from xgoals.explain.inputs import Baseline, Rows, baseline_of, column_names, rows_of
from xgoals.explain.proof import Space, sigmoid

ENGINE_TOLERANCE = 1e-9
BOOSTER_TOLERANCE: dict[Space, float] = {"probability": 1e-6, "log_odds": 2e-5}


@dataclass(frozen=True, slots=True)
class AdditivityGaps:
    """The largest gaps found: to the engine's float64 prediction, and to ``Booster.predict``."""

    to_engine: float
    to_booster: float


def verify_additivity(
    attributions: Attributions, booster: xgb.Booster, X: Rows, *, ids: Sequence[str] | None = None
) -> AdditivityGaps:
    """Compare every row's sum of values with its prediction; return the largest gaps.

    Parameters
    ----------
    attributions
        What ``exact_shapley`` returned for ``booster`` and ``X``.
    ids
        What the rows are called in the message, such as "shot 17"; "row 17" otherwise.

    Raises
    ------
    ModelError
        When one row's values, group values or interactions do not add up to its prediction within
        1e-9 (engine), or 1e-6 in probability and 2e-5 in log-odds (``Booster.predict``). Names the row.
    """
    forest = read_forest(booster)
    rows = rows_of(X, forest)
    ids = [f"row {i}" for i in range(len(rows))] if ids is None else ids
    if not len(ids) == len(rows) == len(attributions.values):
        raise ModelError(f"{len(attributions.values)} explanations and {len(ids)} names for {len(rows)} rows")
    if not len(rows):
        return AdditivityGaps(0.0, 0.0)
    margin = forest.margin(rows)
    predicted = booster.predict(
        xgb.DMatrix(rows, feature_names=booster.feature_names, feature_types=booster.feature_types),
        output_margin=attributions.space == "log_odds",
    )
    engine = margin if attributions.space == "log_odds" else sigmoid(margin)
    added_up = attributions.base_value + attributions.values.sum(axis=1)
    to_engine = _largest_gap(added_up, engine, ENGINE_TOLERANCE, ids, "values and the engine's prediction")
    _largest_gap(attributions.predictions, engine, ENGINE_TOLERANCE, ids, "prediction and the trees")
    if attributions.group_values is not None:
        by_group = attributions.base_value + attributions.group_values.sum(axis=1)
        _largest_gap(by_group, engine, ENGINE_TOLERANCE, ids, "group values and the engine's prediction")
    if attributions.interactions is not None:
        by_pair = attributions.interactions.sum(axis=2) - attributions.values
        largest = by_pair[np.arange(len(by_pair)), np.abs(by_pair).argmax(axis=1)]
        _largest_gap(largest, np.zeros(len(by_pair)), ENGINE_TOLERANCE, ids, "interactions and values")
    tolerance = BOOSTER_TOLERANCE[attributions.space]
    to_booster = _largest_gap(added_up, predicted, tolerance, ids, "values and Booster.predict")
    return AdditivityGaps(to_engine, to_booster)


def _largest_gap(
    found: NDArray[np.float64] | Sequence[float],
    expected: NDArray[np.floating],
    tolerance: float,
    ids: Sequence[str],
    what: str,
) -> float:
    gap = np.abs(np.asarray(found) - expected)
    failing = np.flatnonzero(~(gap <= tolerance))  # NaN fails too
    if len(failing):
        worst = failing[int(np.argmax(np.nan_to_num(gap[failing], nan=np.inf)))]
        raise ModelError(
            f"Explanation does not add up: {what} differ by {gap[worst]:.3g} (allowed {tolerance:g})",
            where=ids[worst],
            advice=f"{len(failing)} of {len(gap)} rows fail; use none of these values",
        )
    return float(gap.max(initial=0.0))


def compare_with_shap(
    booster: xgb.Booster, X: Rows, baseline: Baseline, *, sample: int = 200, seed: int = 0
) -> float:
    """The largest difference to shap's interventional one-baseline TreeExplainer, in log-odds.

    ``sample`` rows are drawn at random (all, where there are fewer). shap keeps float32 leaves and sums in
    float64, so about 1e-6 is to be expected; much more means that one of the two is wrong.
    """
    forest = read_forest(booster)
    rows = rows_of(X, forest)
    baseline_row = baseline_of(baseline, column_names(forest, X))
    if not len(rows):
        return 0.0
    chosen = np.random.default_rng(seed).choice(len(rows), min(sample, len(rows)), replace=False)
    ours = exact_shapley(booster, rows[chosen], baseline_row, space="log_odds").values
    explainer = import_shap().TreeExplainer(
        booster, baseline_row[None, :].astype(np.float64), feature_perturbation="interventional"
    )
    theirs = explainer.shap_values(rows[chosen].astype(np.float64))
    return float(np.abs(ours - theirs).max())
