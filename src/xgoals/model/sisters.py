"""Out-of-sample predictions by sister models: what everything that is said about a model's quality rests on.

Sisters have the published model's parameters and trees, and learn from other matches: earlier ones (held out), other
folds (out of fold), other competitions.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.fitting import fit_and_predict, fits_at_once, float32_features
from xgoals.model.folds import FloatArray, Folds, IndexArray, OutOfSample, competition_folds, match_folds
from xgoals.model.geometry_peer import geometry_predictions
from xgoals.model.recalibration import corrected

Forecasts = Mapping[str, pd.DataFrame]
"""Split -> one column a forecaster, indexed by the shots that the split predicts."""


def predict_out_of_sample(
    pool: ThreadPoolExecutor,
    frame: pd.DataFrame,
    feature_names: Sequence[str],
    parameters: Mapping[str, Any],
    held_out: npt.NDArray[np.bool_],
) -> dict[str, OutOfSample]:
    """``held_out`` (the marked matches, predicted from the others) and ``out_of_fold`` (all, fold by fold).

    Parameters
    ----------
    parameters
        The model's, ``n_trees`` among them.
    held_out
        Which shots belong to the latest matches, shape (n,).
    """
    folds = {
        "held_out": [(np.flatnonzero(~held_out), np.flatnonzero(held_out))],
        "out_of_fold": match_folds(frame["match_id"]),
    }
    return {
        split: OutOfSample(of_split, _predict(pool, frame, feature_names, parameters, of_split))
        for split, of_split in folds.items()
    }


def forecast_left_out_competitions(
    frame: pd.DataFrame, feature_names: Sequence[str], parameters: Mapping[str, Any], *, is_corrected: bool
) -> pd.DataFrame | None:
    """Every large competition predicted by a sister that has learnt from the others.

    Parameters
    ----------
    parameters
        The model's, ``n_trees`` among them.
    is_corrected
        Whether a correction is built into the model: its sisters then get theirs, learnt from the others.

    Returns
    -------
    DataFrame or None
        ``model, geometry``; None where there are fewer than two large competitions.
    """
    folds = competition_folds(frame)
    if not folds:
        return None
    with ThreadPoolExecutor(max_workers=fits_at_once(len(frame))) as pool:
        predicted = OutOfSample(folds, _predict(pool, frame, feature_names, parameters, folds))
    return forecast(frame, corrected(frame, predicted, by=predicted.xg) if is_corrected else predicted)


def forecast(frame: pd.DataFrame, predicted: OutOfSample) -> pd.DataFrame:
    """The ``model``'s predictions of the shots in these folds, and the ``geometry``-only peer's."""
    columns = {"model": predicted.xg, "geometry": geometry_predictions(frame, predicted.folds)}
    return pd.DataFrame(columns, index=frame.index)[~np.isnan(predicted.xg)]


def _predict(
    pool: ThreadPoolExecutor,
    frame: pd.DataFrame,
    feature_names: Sequence[str],
    parameters: Mapping[str, Any],
    folds: Folds,
) -> FloatArray:
    X, y = float32_features(frame, feature_names), frame["is_goal"].to_numpy()
    params = dict(parameters)
    n_trees = params.pop("n_trees")

    def of_fold(fold: tuple[IndexArray, IndexArray]) -> FloatArray:
        """The test rows of a fold, predicted."""
        return fit_and_predict(X, y, params, n_trees, fold)

    xg = np.full(len(X), np.nan)
    for (_, test), predicted in zip(folds, pool.map(of_fold, folds), strict=True):
        xg[test] = predicted
    return xg
