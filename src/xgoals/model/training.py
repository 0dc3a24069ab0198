"""Training: features of a window of matches -> a challenger with out-of-sample metrics.

Matches, not shots, are what is split: shots of one match share players and keeper. The latest matches are held
out for the verdict; early stopping looks at folds of the others only. After that the model that is published is
fitted anew on all matches, and sister models that have not seen a match predict it (out of fold): whatever is
later said about quality, by club or season, rests on those. They say, too, whether the model is calibrated; only if
it surely is not, a correction goes into its trees.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.features.catalogue import NEED_A_FRAME, Catalogue
from xgoals.model.calibration import Correction, built_in
from xgoals.model.fitting import (
    N_SEEDS,
    binned,
    fit,
    fits_at_once,
    float32_features,
    in_own_order,
    xgboost_parameters,
)
from xgoals.model.folds import IndexArray, match_folds
from xgoals.model.metrics import compare
from xgoals.model.recalibration import corrected_out_of_sample, judge_calibration
from xgoals.model.sisters import Forecasts, forecast, predict_out_of_sample

RECIPE_VERSION = 4
"""Part of every model's name: raise it when the same input is trained on differently, here or in `fitting`."""

PARAMETERS: Mapping[str, Any] = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "eval_metric": ["auc", "logloss"],
    "max_depth": 5,
    "eta": 0.05,
    "min_child_weight": 5,
    "lambda": 8,
    "colsample_bynode": 0.25,
    # One thread a fit makes fits repeatable to the bit; two fits at once use both cores better.
    "nthread": 1,
}
MAX_TREES = 600
EARLY_STOPPING_ROUNDS = 40
LOSS_WORTH_MORE_TREES = 0.0002
"""Log loss that more trees have to gain: fewer trees give steadier reasons, and are sooner explained."""
LOSS_WORTH_WITHOUT_PEOPLE = 0.00003
"""The same of a catalogue without keeper and opponents: place and manner explain two thirds of what all features do, so
that trees that stop as early are too cautious beyond chance (slope 1.06 to 1.08 on 496 Wyscout matches)."""
N_GOLDEN_ROWS = 16
_HASHED_AT_ONCE = 20_000
"""Shots whose lines are held as texts at once."""


@dataclass(frozen=True)
class TrainedModel:
    """A challenger.

    Attributes
    ----------
    booster
        The model's bytes (UBJSON), fitted on all matches of the window.
    parameters
        XGBoost's parameters with ``n_trees``.
    metrics
        ``held_out`` (the latest matches, predicted by a model of the earlier ones) and ``out_of_fold``
        (every match, predicted by a model of the other folds); each as in :func:`metrics.compare` for
        ``model``, ``provider`` and ``geometry``. ``calibration`` as in :func:`recalibration.judge_calibration`.
    forecasts
        What the metrics rest on: split -> ``model, geometry``, indexed as the training frame.
    predictions
        Aligned with the training frame: ``xg`` (out of sample: held-out where held out, else out of fold) and
        ``is_held_out``.
    golden
        A few rows and their predictions.
    """

    booster: bytes
    feature_names: tuple[str, ...]
    parameters: Mapping[str, Any]
    metrics: Mapping[str, Any]
    forecasts: Forecasts
    predictions: pd.DataFrame
    golden: Mapping[str, Any]


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose change may change a model."""
    return {name: version(name) for name in ("xgboost", "numpy", "scikit-learn")}


def data_hash(frame: pd.DataFrame) -> str:
    """Hash of what a model learns from: every shot's key, features and outcome, whatever their order."""
    columns = frame[["provider", "match_id", "shot_id", "features_hash", "is_goal", "is_penalty"]]
    columns = columns.sort_values(["provider", "match_id", "shot_id"], kind="stable")
    digest = hashlib.sha256()
    for start in range(0, len(columns), _HASHED_AT_ONCE):
        block = columns.iloc[start : start + _HASHED_AT_ONCE].astype(str)
        lines = ("|".join(row) for row in zip(*(block[name].to_list() for name in block), strict=True))
        digest.update((("\n" if start else "") + "\n".join(lines)).encode())
    return digest.hexdigest()


def model_name(
    data: str, catalogue: Catalogue, parameters: Mapping[str, Any], seed: int, share: float
) -> str:
    """The name of the model that these ingredients make."""
    ingredients = [
        RECIPE_VERSION, data, catalogue.name, catalogue.version, dict(parameters), seed, share, library_versions()
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode())
    return f"xg-{digest.hexdigest()[:12]}"


def check_enough(frame: pd.DataFrame, *, min_matches: int, min_goals: int) -> None:
    """Refuse to train on too little.

    Raises
    ------
    ModelError
        Says how much there is and how much it takes.
    """
    n_matches = frame["match_id"].nunique()
    n_goals = int(frame.loc[~frame["is_penalty"], "is_goal"].sum())
    if n_matches < min_matches or n_goals < min_goals:
        raise ModelError(
            f"too little to train on: {n_matches} matches with {n_goals} goals without penalties, "
            f"at least {min_matches} matches and {min_goals} goals are needed",
            advice="Ingest more matches, or lower training.min_matches and training.min_goals in xgoals.toml",
        )


def latest_matches(frame: pd.DataFrame, share: float) -> npt.NDArray[np.bool_]:
    """Which shots belong to the latest ``share`` of the matches, by date, then match id; shape (n,)."""
    matches = frame[["match_date", "match_id"]].drop_duplicates().sort_values(["match_date", "match_id"])
    n_held_out = max(1, round(share * len(matches)))
    return frame["match_id"].isin(matches["match_id"].iloc[-n_held_out:]).to_numpy()


def train(
    frame: pd.DataFrame,
    catalogue: Catalogue,
    *,
    seed: int,
    held_out_share: float,
    parameters: Mapping[str, Any] = PARAMETERS,
) -> TrainedModel:
    """Train and evaluate a challenger.

    Parameters
    ----------
    frame
        One row a shot, ordered: ``provider, match_id, match_date, is_goal, is_penalty, provider_xg, body_part,
        x_m, y_m, pitch_length_m`` and the catalogue's features.
    held_out_share
        Share of the matches, the latest ones, that the verdict rests on.
    parameters
        XGBoost's. With ``n_trees`` among them, as a search leaves them, that many trees are grown; else folds of
        the earlier matches say how many.

    Raises
    ------
    ModelError
        If a part that has to be judged holds no goals or nothing but goals.
    """
    X, y = float32_features(frame, catalogue.names), frame["is_goal"].to_numpy()
    held_out = latest_matches(frame, held_out_share)
    earlier = np.flatnonzero(~held_out)
    params = {"n_seeds": N_SEEDS, **xgboost_parameters(parameters, catalogue.names), "seed": seed}
    n_trees = params.pop("n_trees", None)
    if n_trees is None:
        has_people = NEED_A_FRAME & set(catalogue.names)
        worth = LOSS_WORTH_MORE_TREES if has_people else LOSS_WORTH_WITHOUT_PEOPLE
        n_trees = _number_of_trees(
            X.iloc[earlier], y[earlier], frame["match_id"].iloc[earlier], params, worth
        )

    with ThreadPoolExecutor(max_workers=fits_at_once(len(frame))) as pool:
        final = pool.submit(fit, X, y, params, n_trees)
        predicted = predict_out_of_sample(
            pool, frame, catalogue.names, {**params, "n_trees": n_trees}, held_out
        )
        booster = final.result()
    calibration = judge_calibration(frame, predicted["out_of_fold"])
    if calibration["correction"] is not None:
        booster = built_in(booster, Correction(**calibration["correction"]))
        predicted = corrected_out_of_sample(frame, predicted)
    forecasts = {split: forecast(frame, of_split) for split, of_split in predicted.items()}
    xg = np.where(held_out, predicted["held_out"].xg, predicted["out_of_fold"].xg)
    return TrainedModel(
        booster=bytes(booster.save_raw("ubj")),
        feature_names=catalogue.names,
        parameters={**params, "n_trees": n_trees},
        metrics={**_metrics(frame, forecasts), "calibration": calibration},
        forecasts=forecasts,
        predictions=pd.DataFrame({"xg": xg, "is_held_out": held_out}, index=frame.index),
        golden=golden(booster, frame, catalogue.names),
    )


def _metrics(frame: pd.DataFrame, forecasts: Forecasts) -> dict[str, Any]:
    metrics = {}
    for split, table in forecasts.items():
        judged = frame.loc[table.index, ["match_id", "match_date", "is_goal", "is_penalty", "provider_xg"]]
        columns = {"model": "model", "provider": "provider_xg", "geometry": "geometry"}
        metrics[split] = compare(judged.join(table), columns)
        if metrics[split]["model"] is None:
            raise ModelError(
                f"no goals, or nothing but goals, in the {split.replace('_', ' ')} matches",
                advice="Give it more matches",
            )
    return metrics


def golden(booster: xgboost.Booster, frame: pd.DataFrame, names: Sequence[str]) -> dict[str, Any]:
    """A few rows of these features, spread over the data, and their predictions."""
    rows = frame.iloc[np.linspace(0, len(frame) - 1, N_GOLDEN_ROWS).astype(int)][list(names)]
    return {
        "rows": [[None if np.isnan(v) else float(v) for v in row] for row in rows.to_numpy(dtype=np.float64)],
        "predictions": [float(p) for p in booster.predict(xgboost.DMatrix(rows))],
    }


def _number_of_trees(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    match_ids: pd.Series,
    params: Mapping[str, Any],
    worth: float = LOSS_WORTH_MORE_TREES,
) -> int:
    """The fewest trees after which more of them gain less than ``worth`` of the folds' mean log loss.

    What ``xgboost.cv`` measures, with every fold in a tenth of the room. Stopped by AUC, models stay short of
    calibration: a ranking is found with a third fewer trees than the probabilities.
    """
    own = {name: value for name, value in params.items() if name != "n_seeds"} | {"eval_metric": "logloss"}
    folds = [_Fold.of(X, y, rows, own) for rows in match_folds(match_ids)]
    losses: list[float] = []
    while len(losses) < MAX_TREES and len(losses) - np.argmin(losses or [0.0]) <= EARLY_STOPPING_ROUNDS:
        losses.append(float(np.mean([fold.loss_after(len(losses)) for fold in folds])))
    enough = np.array(losses) <= min(losses) + worth
    return int(np.argmax(enough)) + 1


@dataclass(frozen=True)
class _Fold:
    """A booster that grows tree by tree, and the matches that it has not seen."""

    booster: xgboost.Booster
    known: xgboost.QuantileDMatrix
    unseen: xgboost.DMatrix

    @classmethod
    def of(
        cls, X: pd.DataFrame, y: npt.NDArray[Any], rows: tuple[IndexArray, IndexArray], params: dict[str, Any]
    ) -> "_Fold":
        """A booster without trees, for the shots ``rows``: those it learns from, those it has not seen."""
        train, test = rows
        known = binned(*in_own_order(X.iloc[train], y[train]), params)
        unseen = xgboost.DMatrix(*in_own_order(X.iloc[test], y[test]))
        return cls(xgboost.Booster(params, [known, unseen]), known, unseen)

    def loss_after(self, number: int) -> float:
        """Grow one more tree; the log loss of the matches it has not seen."""
        self.booster.update(self.known, number)
        return float(self.booster.eval(self.unseen, "unseen", number).rsplit(":", 1)[1])
