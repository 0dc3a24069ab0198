"""What out-of-sample predictions say about calibration, and a correction for each that has not seen its outcome.

A fold is corrected by what the out-of-fold predictions of the *other* shots say. The published model's own correction
has seen all outcomes; that of an out-of-sample prediction must not. At second hand it does: the models behind the other
shots' predictions learnt from this fold. Two numbers carry little of that.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from xgoals.domain.errors import ModelError
from xgoals.model import calibration
from xgoals.model.calibration import Correction
from xgoals.model.folds import FloatArray, Folds, OutOfSample
from xgoals.model.losses import log_odds, probability
from xgoals.model.metrics import ece_by_chance, expected_calibration_error
from xgoals.model.resampling import Draws, interval
from xgoals.model.shots.eligible import is_judged

N_RESAMPLES = 1000
_SEED = 1


def judge_calibration(frame: pd.DataFrame, out_of_fold: OutOfSample) -> dict[str, Any]:
    """Whether the model is calibrated, and what is done about it; over the shots that are judged.

    Parameters
    ----------
    frame
        ``match_id, is_goal`` and as :func:`xgoals.model.shots.eligible.is_judged` takes it.
    out_of_fold
        Predictions of all shots.

    Returns
    -------
    dict
        ``n_shots, ece, ece_by_chance, slope, slope_interval, intercept, intercept_interval, xg_per_goal,
        xg_per_goal_interval``; ``gain``: what a correction that is learnt from the other folds changes in the log
        loss of each, with its interval; ``correction``: ``slope, shift`` where it is applied, else None; ``reason``.
        Where it cannot be judged (no goals, or a model that separates them completely), only the last two.
    """
    try:
        return _judged(frame, out_of_fold)
    except ModelError as error:
        return {"correction": None, "reason": f"Not checked: {error.what}"}


def corrected(frame: pd.DataFrame, predicted: OutOfSample, *, by: FloatArray) -> OutOfSample:
    """The same predictions, each fold corrected by what is known of its training shots.

    Parameters
    ----------
    frame
        ``is_goal`` and as :func:`xgoals.model.shots.eligible.is_judged` takes it.
    by
        Out-of-sample predictions that corrections are fitted to, (n,); NaN, and shots that are not judged, say
        nothing. Penalties keep their stated rate.
    """
    margin, xg = log_odds(predicted.xg), predicted.xg.copy()
    is_corrected = ~frame["is_penalty"].to_numpy()
    for (_, test), correction in zip(
        predicted.folds, corrections(frame, predicted.folds, by=by), strict=True
    ):
        others = test[is_corrected[test]]
        xg[others] = probability(correction(margin[others]))
    return OutOfSample(predicted.folds, xg)


def corrections(frame: pd.DataFrame, folds: Folds, *, by: FloatArray) -> list[Correction]:
    """The correction of each fold, as its training shots have it; parameters as for :func:`corrected`."""
    goal, fitted_to = frame["is_goal"].to_numpy(), log_odds(by)
    counts = is_judged(frame).to_numpy() & ~np.isnan(by)
    of_folds = (train[counts[train]] for train, _ in folds)
    return [calibration.fit_correction(fitted_to[rows], goal[rows]) for rows in of_folds]


def _judged(frame: pd.DataFrame, out_of_fold: OutOfSample) -> dict[str, Any]:
    counted = is_judged(frame).to_numpy()
    goal, match_ids = frame["is_goal"].to_numpy()[counted], frame["match_id"].to_numpy()[counted]
    xg = out_of_fold.xg[counted]
    margin = log_odds(xg)
    found = calibration.fit_calibration(margin, goal, match_ids)
    draws = Draws.of(match_ids, N_RESAMPLES, _SEED)
    after = log_odds(corrected(frame, out_of_fold, by=out_of_fold.xg).xg[counted])
    gained = calibration.gain(margin, after, goal, draws)
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
