"""Sister models: fitted like the published one, on other matches. Whatever is said of a shot that the published model
has learned from is said by the sister that has not seen its match.

Sisters have the published model's parameters and trees, and learn from other folds (out of fold: these are stored with
the model), from earlier matches (held out) or from other competitions. What is said about a model's quality rests on
their predictions, too.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.model.artifact import predict
from xgoals.model.calibration import built_in
from xgoals.model.fitting import (
    Grow,
    fit,
    fit_and_predict,
    fits_at_once,
    float32_features,
    in_this_process,
)
from xgoals.model.folds import FloatArray, Folds, IndexArray, OutOfSample, competition_folds, match_folds
from xgoals.model.peers.geometry import geometry_predictions
from xgoals.model.recalibration import corrected, corrections

Forecasts = Mapping[str, pd.DataFrame]
"""Split -> one column a forecaster, indexed by the shots that the split predicts."""


@dataclass(frozen=True, slots=True)
class Sisters:
    """The sisters of a model, and what they say of the shots that they have not seen.

    Attributes
    ----------
    boosters
        One a fold; sister k of a model is the k-th of them, counted from 1.
    out_of_fold
        Every shot, predicted by the sister that has not seen its match.
    held_out
        The latest matches, predicted by a model of the earlier ones.
    """

    boosters: tuple[xgboost.Booster, ...]
    out_of_fold: OutOfSample
    held_out: OutOfSample

    @property
    def numbers(self) -> IndexArray:
        """Which sister has not seen each shot's match, shape (n,), counted from 1."""
        numbers = np.zeros(len(self.out_of_fold.xg), dtype=np.intp)
        for number, (_, test) in enumerate(self.out_of_fold.folds, 1):
            numbers[test] = number
        return numbers

    @property
    def by_split(self) -> dict[str, OutOfSample]:
        """What figures rest on, by the name of the split."""
        return {"held_out": self.held_out, "out_of_fold": self.out_of_fold}


def fit_sisters(
    pool: ThreadPoolExecutor,
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    parameters: Mapping[str, Any],
    groups: IndexArray,
    held_out: npt.NDArray[np.bool_],
    grow: Grow = in_this_process,
) -> Sisters:
    """Sisters of a model on these shots, without a correction of their calibration.

    Parameters
    ----------
    X, y
        Features, as :func:`xgoals.model.fitting.float32_features` returns them, and outcomes.
    parameters
        The model's, ``n_trees`` among them.
    groups
        As :func:`xgoals.model.folds.match_groups` returns them.
    held_out
        Which shots belong to the latest matches, shape (n,); where there is none, all of ``held_out.xg`` is NaN.
    """
    folds = match_folds(groups)
    latest = [(np.flatnonzero(~held_out), np.flatnonzero(held_out))] if held_out.any() else []
    params = dict(parameters)
    n_trees = params.pop("n_trees")

    def of_fold(fold: tuple[IndexArray, IndexArray]) -> xgboost.Booster:
        """The sister that has not seen the second part of a fold."""
        return fit(X, y, params, n_trees, fold[0], grow)

    before = _predict(pool, X, y, parameters, latest, grow)
    boosters = tuple(pool.map(of_fold, folds))
    return Sisters(boosters, _said(X, folds, boosters), OutOfSample(latest, before))


def corrected_sisters(frame: pd.DataFrame, feature_names: Sequence[str], sisters: Sisters) -> Sisters:
    """The sisters with a correction of their calibration built in, each learned from the shots that she has seen."""
    by, folds = sisters.out_of_fold.xg, sisters.out_of_fold.folds
    own = corrections(frame, folds, by=by)
    boosters = tuple(built_in(*pair) for pair in zip(sisters.boosters, own, strict=True))
    X = float32_features(frame, feature_names)
    return Sisters(boosters, _said(X, folds, boosters), corrected(frame, sisters.held_out, by=by))


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
    X, y = float32_features(frame, feature_names), frame["is_goal"].to_numpy()
    with ThreadPoolExecutor(max_workers=fits_at_once(len(frame))) as pool:
        predicted = OutOfSample(folds, _predict(pool, X, y, parameters, folds))
    return forecast(frame, corrected(frame, predicted, by=predicted.xg) if is_corrected else predicted)


def forecast(frame: pd.DataFrame, predicted: OutOfSample) -> pd.DataFrame:
    """The ``model``'s predictions of the shots in these folds, and the ``geometry``-only peer's."""
    columns = {"model": predicted.xg, "geometry": geometry_predictions(frame, predicted.folds)}
    return pd.DataFrame(columns, index=frame.index)[~np.isnan(predicted.xg)]


def _said(X: pd.DataFrame, folds: Folds, boosters: Sequence[xgboost.Booster]) -> OutOfSample:
    """What the stored boosters themselves say of the shots that they have not seen."""
    xg = np.full(len(X), np.nan)
    for (_, test), booster in zip(folds, boosters, strict=True):
        xg[test] = predict(booster, X.iloc[test])
    return OutOfSample(folds, xg)


def _predict(
    pool: ThreadPoolExecutor,
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    parameters: Mapping[str, Any],
    folds: Folds,
    grow: Grow = in_this_process,
) -> FloatArray:
    params = dict(parameters)
    n_trees = params.pop("n_trees")

    def of_fold(fold: tuple[IndexArray, IndexArray]) -> FloatArray:
        """The test rows of a fold, predicted."""
        return fit_and_predict(X, y, params, n_trees, fold, grow)

    xg = np.full(len(X), np.nan)
    for (_, test), predicted in zip(folds, pool.map(of_fold, folds), strict=True):
        xg[test] = predicted
    return xg
