"""Training: features of a window of matches -> a challenger with out-of-sample metrics.

Matches, not shots, are what is split: shots of one match share players and keeper. The latest matches are held
out for the verdict; early stopping looks at folds of the others only. After that the champion is fitted anew on all
matches, and its sisters on all but a fold each. A model version is all of them: of a match that the champion has
learned from speaks the sister that has not seen it (out of fold), in figures and wherever a number is published. What
they say decides, too, whether the model is calibrated; only if it surely is not, a correction goes into the trees.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.domain.model import SpeaksFor
from xgoals.features.catalogue import NEED_A_FRAME, Catalogue
from xgoals.model.calibration import Correction, built_in
from xgoals.model.fitting import (
    N_SEEDS,
    Grow,
    binned,
    fit,
    fits_at_once,
    float32_features,
    in_own_order,
    in_this_process,
    xgboost_parameters,
)
from xgoals.model.folds import IndexArray, match_folds, match_groups, one_id_a_match
from xgoals.model.levels.window import (
    Levels,
    as_record,
    golden_of,
    levels_of_window,
    speakers_in_window,
    with_levels_held_out,
    with_levels_out_of_fold,
)
from xgoals.model.metrics import compare
from xgoals.model.recalibration import judge_calibration
from xgoals.model.shots.eligible import is_judged, teaches
from xgoals.model.sisters import Forecasts, Sisters, corrected_sisters, fit_sisters, forecast

RECIPE_VERSION = 6
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
LOSS_WORTH_MORE_TREES = 0.0001
"""Log loss that more trees have to gain: fewer trees give steadier reasons, and are sooner explained."""
LOSS_WORTH_WITHOUT_PEOPLE = 0.00003
"""The same of a catalogue without keeper and opponents: place and manner explain two thirds of what all features do, so
that trees that stop as early are too cautious beyond chance (slope 1.06 to 1.08 on 496 Wyscout matches)."""
N_GOLDEN_ROWS = 16
_HASHED_AT_ONCE = 20_000
"""Shots whose lines are held as texts at once."""


_ORDER = ("match_date", "provider", "match_id", "shot_id")
"""What shots are put into order by: sums over them come out the same to the last bit then, however they came."""


@dataclass(frozen=True, slots=True)
class TrainedSister:
    """A sister as it is stored.

    Attributes
    ----------
    sister
        Its number, counted from 1.
    booster, golden
        As of the champion.
    speaks_for
        Of one with a provider's level: whom she speaks for.
    """

    sister: int
    booster: bytes
    golden: Mapping[str, Any]
    speaks_for: SpeaksFor | None = None


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
        ``model``, ``provider`` and ``geometry``. ``calibration`` as in :func:`recalibration.judge_calibration`,
        ``levels`` by provider as in :func:`levels.window.as_record`.
    forecasts
        What the metrics rest on: split -> ``model, geometry``, indexed as the training frame.
    predictions
        Indexed as the training frame: ``sister`` (which one has not seen the match), ``xg`` (what it says: the number
        that is published), ``is_held_out``, and there ``xg_held_out`` (by a model of the earlier matches, else NaN).
    golden
        A few rows and their predictions.
    sisters
        In the order of their numbers.
    """

    booster: bytes
    feature_names: tuple[str, ...]
    parameters: Mapping[str, Any]
    metrics: Mapping[str, Any]
    forecasts: Forecasts
    predictions: pd.DataFrame
    golden: Mapping[str, Any]
    sisters: tuple[TrainedSister, ...]


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
    n_matches = len(np.unique(match_groups(frame)))
    n_goals = int(frame.loc[~frame["is_penalty"], "is_goal"].sum())
    if n_matches < min_matches or n_goals < min_goals:
        raise ModelError(
            f"too little to train on: {n_matches} matches with {n_goals} goals without penalties, "
            f"at least {min_matches} matches and {min_goals} goals are needed",
            advice="Ingest more matches, or lower training.min_matches and training.min_goals in xgoals.toml",
        )


def latest_matches(frame: pd.DataFrame, share: float) -> npt.NDArray[np.bool_]:
    """Which shots belong to the latest ``share`` of the matches, by date, then provider and id; shape (n,)."""
    return _latest(frame, match_groups(frame), share)


def _latest(frame: pd.DataFrame, groups: IndexArray, share: float) -> npt.NDArray[np.bool_]:
    first = np.unique(groups, return_index=True)[1]
    matches = pd.DataFrame({"match_date": frame["match_date"].to_numpy()[first], "group": groups[first]})
    matches = matches.sort_values(["match_date", "group"])
    n_held_out = max(1, round(share * len(matches)))
    return np.isin(groups, matches["group"].iloc[-n_held_out:])


def train(
    frame: pd.DataFrame,
    catalogue: Catalogue,
    *,
    seed: int,
    held_out_share: float,
    parameters: Mapping[str, Any] = PARAMETERS,
    grow: Grow = in_this_process,
) -> TrainedModel:
    """Train and evaluate a challenger.

    Parameters
    ----------
    frame
        One row a shot, in any order: ``provider, match_id, shot_id, match_date, is_goal, is_penalty, provider_xg,
        body_part, x_m, y_m, pitch_length_m`` and the catalogue's features; ``home_team, away_team`` where there is
        more than one provider.
    held_out_share
        Share of the matches, the latest ones, that the verdict rests on.
    parameters
        XGBoost's. With ``n_trees`` among them, as a search leaves them, that many trees are grown; else folds of
        the earlier matches say how many.
    grow
        Who grows the trees of champion and sisters. How many trees are enough is found in this process.

    Raises
    ------
    ModelError
        If a part that has to be judged holds no goals or nothing but goals.
    """
    frame = in_order(frame)
    groups = match_groups(frame)
    held_out = _latest(frame, groups, held_out_share)
    params = {"n_seeds": N_SEEDS, **xgboost_parameters(parameters, catalogue.names), "seed": seed}
    booster, sisters = _fitted(frame, catalogue.names, params, groups, held_out, grow)
    calibration = judge_calibration(frame, sisters.out_of_fold)
    if calibration["correction"] is not None:
        booster = built_in(booster, Correction(**calibration["correction"]))
        sisters = corrected_sisters(frame, catalogue.names, sisters)
    levels = levels_of_window(frame, sisters.out_of_fold.xg, groups, sisters.numbers)
    sisters, without = _levelled(frame, sisters, levels), sisters
    forecasts = {split: forecast(frame, of_split) for split, of_split in sisters.by_split.items()}
    proof = golden(booster, frame, catalogue.names)
    speakers, numbers = speakers_in_window(without.numbers, levels, [booster, *without.boosters])
    return TrainedModel(
        booster=bytes(booster.save_raw("ubj")),
        feature_names=catalogue.names,
        parameters=params,
        metrics={
            **_metrics(frame, forecasts),
            "calibration": calibration,
            "levels": {provider: as_record(learnt) for provider, (_, learnt) in levels.items()},
        },
        forecasts=forecasts,
        predictions=predictions_of(frame, sisters, held_out).assign(sister=numbers),
        golden=proof,
        sisters=(
            *as_stored(sisters, frame, catalogue.names),
            *(
                TrainedSister(
                    s.sister,
                    bytes(s.booster.save_raw("ubj")),
                    golden_of(s.booster, proof, catalogue.names),
                    s.speaks_for,
                )
                for s in speakers
            ),
        ),
    )


def _levelled(frame: pd.DataFrame, sisters: Sisters, levels: Levels) -> Sisters:
    """The same boosters; what they say of providers with a level is said with it, as the match has not taught it."""
    if not levels:
        return sisters
    by = sisters.out_of_fold
    latest = with_levels_held_out(frame, sisters.held_out, levels, by=by.xg)
    return Sisters(sisters.boosters, with_levels_out_of_fold(by, levels), latest)


def _fitted(
    frame: pd.DataFrame,
    names: Sequence[str],
    params: dict[str, Any],
    groups: IndexArray,
    held_out: npt.NDArray[np.bool_],
    grow: Grow,
) -> tuple[xgboost.Booster, Sisters]:
    """Champion and sisters; ``n_trees`` is added to the parameters where they lack it.

    What trees learn from is gone when the models are judged: there is room for one of the two.
    """
    X, y = float32_features(frame, names), frame["is_goal"].to_numpy()
    own = {name: params[name] for name in params if name != "n_trees"}
    if params.get("n_trees") is None:
        earlier = np.flatnonzero(~held_out)
        taught = earlier[teaches(X.iloc[earlier])]
        worth = LOSS_WORTH_MORE_TREES if NEED_A_FRAME & set(names) else LOSS_WORTH_WITHOUT_PEOPLE
        params["n_trees"] = _number_of_trees(X.iloc[taught], y[taught], groups[taught], own, worth)
    with ThreadPoolExecutor(max_workers=fits_at_once(len(frame))) as pool:
        champion = pool.submit(fit, X, y, own, params["n_trees"], grow=grow)
        sisters = fit_sisters(pool, X, y, params, groups, held_out, grow)
        return champion.result(), sisters


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The shots by date, match and id: the very frame where they are in order, as stored shots are read."""
    undecided = np.ones(max(0, len(frame) - 1), dtype=bool)
    for name in _ORDER:
        column = frame[name]
        values = (column.cat.codes if hasattr(column, "cat") else column).to_numpy()
        if (undecided & (values[:-1] > values[1:])).any():
            return frame.sort_values(list(_ORDER), kind="stable")
        undecided &= values[:-1] == values[1:]
    return frame


def as_stored(sisters: Sisters, frame: pd.DataFrame, feature_names: Sequence[str]) -> Iterator[TrainedSister]:
    """The sisters with their golden rows, by their numbers."""
    for number, booster in enumerate(sisters.boosters, 1):
        yield TrainedSister(number, bytes(booster.save_raw("ubj")), golden(booster, frame, feature_names))


def predictions_of(frame: pd.DataFrame, sisters: Sisters, held_out: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """What models that have not seen the match say of each shot; see :class:`TrainedModel`."""
    columns = {
        "sister": sisters.numbers,
        "xg": sisters.out_of_fold.xg,
        "xg_held_out": sisters.held_out.xg,
        "is_held_out": held_out,
    }
    return pd.DataFrame(columns, index=frame.index)


def _metrics(frame: pd.DataFrame, forecasts: Forecasts) -> dict[str, Any]:
    metrics, of_matches = {}, one_id_a_match(frame)
    for split, table in forecasts.items():
        judged = of_matches.loc[table.index, ["match_id", "match_date", "is_goal", "provider_xg"]]
        judged["is_judged"] = is_judged(frame.loc[table.index])
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
    groups: "pd.Series | IndexArray",
    params: Mapping[str, Any],
    worth: float = LOSS_WORTH_MORE_TREES,
) -> int:
    """The fewest trees after which more of them gain less than ``worth`` of the folds' mean log loss.

    What ``xgboost.cv`` measures, with every fold in a tenth of the room. Stopped by AUC, models stay short of
    calibration: a ranking is found with a third fewer trees than the probabilities.
    """
    own = {name: value for name, value in params.items() if name != "n_seeds"} | {"eval_metric": "logloss"}
    folds = [_Fold.of(X, y, rows, own) for rows in match_folds(groups)]
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
