"""How good a set of probabilities is, always over the shots that :mod:`xgoals.model.shots.eligible` lets judge.

AUC says how well goals are ranked above misses, log loss and Brier score how good the probabilities are,
the expected calibration error (ECE) how far they are from the goal rates they promise.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sklearn.metrics

from xgoals.domain.errors import ModelError
from xgoals.model.losses import clipped

N_QUANTILE_BINS = 20

FloatArray = npt.NDArray[np.float64]


def auc(is_goal: npt.ArrayLike, xg: npt.ArrayLike) -> float:
    """Area under the ROC curve: how often a goal is rated above a miss, ties counting half.

    For a figure beside its resamples see :class:`xgoals.model.resampling.Draws`, which counts the same pairs;
    in the last digit the two may differ, for this one adds up trapezoids.
    """
    return float(sklearn.metrics.roc_auc_score(is_goal, xg))


def log_loss(is_goal: npt.ArrayLike, xg: npt.ArrayLike) -> float:
    """Mean log loss; of each shot see :func:`xgoals.model.losses.log_losses`."""
    return float(sklearn.metrics.log_loss(is_goal, xg))


def score(is_goal: npt.ArrayLike, xg: npt.ArrayLike) -> dict[str, float]:
    """Metrics of one set of predictions.

    Parameters
    ----------
    is_goal, xg
        Outcomes and probabilities, shape (n,).

    Returns
    -------
    dict
        ``auc, log_loss, brier, ece`` (20 quantile bins), ``sum_xg, goals, n_shots``.

    Raises
    ------
    ModelError
        If there are no goals or nothing but goals: no ranking can be judged then.
    """
    goals = np.asarray(is_goal, dtype=bool)
    probabilities = clipped(xg)
    if goals.all() or not goals.any():
        raise ModelError(
            f"{int(goals.sum())} goals in {len(goals)} shots: a model cannot be judged on that",
            advice="Give it more matches",
        )
    return {
        "auc": auc(goals, probabilities),
        "log_loss": log_loss(goals, probabilities),
        "brier": float(sklearn.metrics.brier_score_loss(goals, probabilities)),
        "ece": expected_calibration_error(goals, probabilities),
        "sum_xg": float(probabilities.sum()),
        "goals": int(goals.sum()),
        "n_shots": len(goals),
    }


def expected_calibration_error(
    is_goal: npt.ArrayLike, xg: npt.ArrayLike, bins: int = N_QUANTILE_BINS
) -> float:
    """Mean distance between promised and observed goal rate over quantile bins, weighted by shots."""
    table = reliability(is_goal, xg, bins)
    return float(np.average((table["mean_xg"] - table["goal_rate"]).abs(), weights=table["n_shots"]))


def reliability(is_goal: npt.ArrayLike, xg: npt.ArrayLike, bins: int = N_QUANTILE_BINS) -> pd.DataFrame:
    """Promised against observed goal rate.

    Returns
    -------
    DataFrame
        One row a quantile bin of xG (fewer where many shots share a value): ``mean_xg, goal_rate, n_shots``.
    """
    frame = pd.DataFrame({"xg": np.asarray(xg, dtype=float), "goal": np.asarray(is_goal, dtype=float)})
    grouped = frame.groupby(quantile_bins(frame["xg"], bins))
    table = grouped.agg(mean_xg=("xg", "mean"), goal_rate=("goal", "mean"), n_shots=("goal", "size"))
    return table.reset_index(drop=True)


def quantile_bins(xg: npt.ArrayLike, bins: int = N_QUANTILE_BINS) -> npt.NDArray[np.intp]:
    """Number of each shot's quantile of xG, from 0; fewer than ``bins`` where many shots share a value."""
    labels = pd.qcut(np.asarray(xg, dtype=float), bins, labels=False, duplicates="drop")
    return np.nan_to_num(labels).astype(np.intp)


def ece_by_chance(xg: npt.ArrayLike, bins: int = N_QUANTILE_BINS) -> float:
    """The calibration error that a perfectly calibrated model would show on as many shots, on average.

    The goals of a bin then stray from its sum of xG by a standard deviation of ``sqrt(sum p (1 - p))``, and the mean
    distance of a normal variable is ``sqrt(2 / pi)`` of that.
    """
    p = np.asarray(xg, dtype=float)
    variances = np.bincount(quantile_bins(p, bins), weights=p * (1 - p))
    return float(np.sqrt(2 / np.pi) * np.sqrt(variances).sum() / len(p))


def compare(frame: pd.DataFrame, predictions: dict[str, str]) -> dict[str, Any]:
    """Metrics of several predictions over the same shots, those that are judged.

    Parameters
    ----------
    frame
        ``is_goal, is_judged, match_id, match_date`` and a column for each prediction.
    predictions
        Name of the prediction -> its column. One that is missing for every shot yields None; one that is
        missing for some is judged on those that have it, and its ``n_shots`` says so.

    Returns
    -------
    dict
        ``n_shots, n_goals, n_matches, from, to`` and one entry a prediction as in :func:`score`.
    """
    shots = frame[frame["is_judged"]]
    result: dict[str, Any] = {
        "n_shots": len(shots),
        "n_goals": int(shots["is_goal"].sum()),
        "n_matches": int(shots["match_id"].nunique()),
        "from": str(shots["match_date"].min()),
        "to": str(shots["match_date"].max()),
    }
    for name, column in predictions.items():
        known = shots[shots[column].notna()]
        has_both = known["is_goal"].nunique() == 2
        result[name] = score(known["is_goal"], known[column]) if has_both else None
    return result
