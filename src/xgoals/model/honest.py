"""Predictions by sister models that have not seen what they predict, and what they say about calibration.

Sisters have the published model's parameters and trees, and learn from other matches (earlier ones, other folds,
other competitions). Everything that is said about a model's quality rests on them.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import GroupKFold

from xgoals.domain.errors import ModelError
from xgoals.model import calibration
from xgoals.model.fitting import fit_and_predict
from xgoals.model.geometry_peer import geometry_predictions
from xgoals.model.metrics import ece_by_chance, expected_calibration_error
from xgoals.model.resampling import Draws, interval

IndexArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
Folds = Sequence[tuple[IndexArray, IndexArray]]
"""``(others, these)`` row numbers: models learn from the others and predict these."""
Forecasts = Mapping[str, pd.DataFrame]
"""Split -> one column a forecaster, indexed by the shots that the split predicts."""

N_FOLDS = 5
MIN_COMPETITION_MATCHES = 20
MIN_COMPETITION_GOALS = 30
MAX_COMPETITIONS = 8
"""So many of the largest competitions are left out in turn: a fit each."""
N_RESAMPLES = 1000
_SEED = 1


@dataclass(frozen=True, slots=True)
class Unseen:
    """Predictions of one split: of all shots, shape (n,), NaN outside its folds."""

    folds: Folds
    xg: FloatArray


def match_folds(match_ids: pd.Series) -> Folds:
    """Folds of whole matches: shots of one match share players and keeper.

    Raises
    ------
    ModelError
        If there is one match only.
    """
    n_matches = match_ids.nunique()
    if n_matches < 2:
        raise ModelError(
            "one match only: there is no other to learn from or to be judged on",
            advice="Give it more matches",
        )
    return list(GroupKFold(min(N_FOLDS, n_matches)).split(match_ids, groups=match_ids))


def competition_folds(frame: pd.DataFrame) -> Folds:
    """Each large competition against all others; empty where there are fewer than two.

    Parameters
    ----------
    frame
        ``competition, match_id, is_goal, is_penalty``.
    """
    counted = frame[~frame["is_penalty"]].groupby("competition")
    sizes = counted.agg(matches=("match_id", "nunique"), goals=("is_goal", "sum"), shots=("is_goal", "size"))
    enough = (sizes["matches"] >= MIN_COMPETITION_MATCHES) & (sizes["goals"] >= MIN_COMPETITION_GOALS)
    largest = sizes[enough].sort_values("shots", kind="stable").index[-MAX_COMPETITIONS:]
    if len(largest) < 2:
        return []
    competition = frame["competition"].to_numpy()
    return [(np.flatnonzero(competition != name), np.flatnonzero(competition == name)) for name in largest]


def predict_unseen(
    pool: ThreadPoolExecutor,
    frame: pd.DataFrame,
    feature_names: Sequence[str],
    parameters: Mapping[str, Any],
    held_out: npt.NDArray[np.bool_],
) -> dict[str, Unseen]:
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
        split: Unseen(of_split, _predict(pool, frame, feature_names, parameters, of_split))
        for split, of_split in folds.items()
    }


def forecast_unseen_competitions(
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
    with ThreadPoolExecutor(max_workers=2) as pool:
        unseen = Unseen(folds, _predict(pool, frame, feature_names, parameters, folds))
    return forecast(frame, _corrected(frame, unseen, teacher=unseen.xg) if is_corrected else unseen)


def _predict(
    pool: ThreadPoolExecutor,
    frame: pd.DataFrame,
    feature_names: Sequence[str],
    parameters: Mapping[str, Any],
    folds: Folds,
) -> FloatArray:
    X, y = frame[list(feature_names)], frame["is_goal"].to_numpy()
    params = dict(parameters)
    n_trees = params.pop("n_trees")

    def of_fold(fold: tuple[IndexArray, IndexArray]) -> FloatArray:
        others, these = fold
        return fit_and_predict(X.iloc[others], y[others], params, n_trees, X.iloc[these])

    xg = np.full(len(X), np.nan)
    for (_, these), predicted in zip(folds, pool.map(of_fold, folds), strict=True):
        xg[these] = predicted
    return xg


def forecast(frame: pd.DataFrame, unseen: Unseen) -> pd.DataFrame:
    """The ``model``'s predictions of the shots in these folds, and the ``geometry``-only peer's."""
    columns = {"model": unseen.xg, "geometry": geometry_predictions(frame, unseen.folds)}
    return pd.DataFrame(columns, index=frame.index)[~np.isnan(unseen.xg)]


def judge_calibration(frame: pd.DataFrame, out_of_fold: Unseen) -> dict[str, Any]:
    """Whether the model is calibrated, and what is done about it; over shots without penalties.

    Parameters
    ----------
    frame
        ``match_id, is_goal, is_penalty``.
    out_of_fold
        Predictions of all shots.

    Returns
    -------
    dict
        ``n_shots, ece, ece_by_chance, slope, slope_interval, intercept, intercept_interval, xg_per_goal,
        xg_per_goal_interval``; ``gain``: what a correction that is learnt from the other folds changes in the log
        loss of each, with its interval; ``correction``: ``slope, shift`` where it is applied, else None; ``reason``.
        Where it cannot be checked (no goals, or a model that separates them completely), only the last two.
    """
    try:
        return _checked(frame, out_of_fold)
    except ModelError as error:
        return {"correction": None, "reason": f"Not checked: {error.what}"}


def _checked(frame: pd.DataFrame, out_of_fold: Unseen) -> dict[str, Any]:
    counted = ~frame["is_penalty"].to_numpy()
    goal, match_ids = frame["is_goal"].to_numpy()[counted], frame["match_id"].to_numpy()[counted]
    xg = out_of_fold.xg[counted]
    margin = calibration.log_odds(xg)
    found = calibration.check(margin, goal, match_ids)
    draws = Draws.of(match_ids, N_RESAMPLES, _SEED)
    corrected = _corrected(frame, out_of_fold, teacher=out_of_fold.xg).xg[counted]
    gained = calibration.gain(margin, calibration.log_odds(corrected), goal, draws)
    is_corrected = calibration.is_worth_it(gained)
    return {
        "n_shots": int(counted.sum()),
        "ece": expected_calibration_error(goal, xg),
        "ece_by_chance": ece_by_chance(xg),
        "slope": found.slope,
        "slope_interval": found.slope_interval,
        "intercept": found.intercept,
        "intercept_interval": found.intercept_interval,
        "xg_per_goal": float(xg.sum() / goal.sum()),
        "xg_per_goal_interval": interval(draws.sums(xg) / np.maximum(draws.sums(goal.astype(float)), 1)),
        "gain": gained,
        "correction": asdict(calibration.fit_correction(margin, goal)) if is_corrected else None,
        "reason": _reason(gained, is_corrected=is_corrected),
    }


def _reason(gained: Mapping[str, Any], *, is_corrected: bool) -> str:
    low, high = gained["interval"]
    change = f"{gained['log_loss']:+.5f} (95 % interval {low:+.5f} to {high:+.5f})"
    if is_corrected:
        return f"Corrected: what other folds teach changes the log loss of unseen matches by {change}."
    return (
        "Left as it is: a correction that is learnt from other folds changes the log loss of unseen matches by "
        f"{change}, no sure gain."
    )


def corrected_as_unseen(frame: pd.DataFrame, honest: Mapping[str, Unseen]) -> dict[str, Unseen]:
    """Each fold's predictions, corrected by what the out-of-fold predictions of the *other* shots teach.

    The published model's own correction has seen all outcomes; that of an honest prediction must not. At second hand
    it does: the models behind the other shots' predictions learnt from this fold. Two numbers carry little of that.
    """
    teacher = honest["out_of_fold"].xg
    return {split: _corrected(frame, unseen, teacher=teacher) for split, unseen in honest.items()}


def _corrected(frame: pd.DataFrame, unseen: Unseen, *, teacher: FloatArray) -> Unseen:
    """The same predictions, corrected; NaN teaches nothing, and penalties neither."""
    goal, margin, xg = frame["is_goal"].to_numpy(), calibration.log_odds(unseen.xg), unseen.xg.copy()
    lesson = calibration.log_odds(teacher)
    teaches = ~frame["is_penalty"].to_numpy() & ~np.isnan(teacher)
    for others, these in unseen.folds:
        learn = others[teaches[others]]
        correction = calibration.fit_correction(lesson[learn], goal[learn])
        xg[these] = calibration.probability(correction(margin[these]))
    return Unseen(unseen.folds, xg)
