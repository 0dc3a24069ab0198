"""How good the model is: against the provider, against plain geometry, band by band, kind by kind.

The point values are those that the training step measured and the registry keeps (``model["metrics"]``);
this module adds how sure they are (matches resampled) and how they come about (calibration). Everything uses
predictions by models that have not seen the match.
"""

from typing import Any

import numpy as np
import pandas as pd

from xgoals.model.resampling import log_losses, metric_intervals, weighted_auc, wilson_interval
from xgoals.report.shot_frame import Facts, FloatArray, Model, floats, rated

FORECASTERS = ("model", "provider", "geometry")
METRICS = ("auc", "log_loss", "brier", "ece", "sum_xg")
_MIN_GOALS = 10
"""Fewer goals than this and an AUC says nothing: it is left out."""


def quality(shots: pd.DataFrame, model: Model) -> Facts:
    """The comparison on both samples.

    Returns
    -------
    dict
        ``samples``: one dict each of held-out and out-of-fold with ``key``, the counts, the window and
        ``rows`` (one forecaster each, ``None`` for what is not known); ``difference``: model minus provider
        on the held-out matches with its interval, None where there is no provider xG.
    """
    metrics = model["metrics"]
    samples = [_sample(key, metrics[key]) for key in ("held_out", "out_of_fold") if metrics.get(key)]
    intervals = _held_out_intervals(shots)
    for row in samples[0]["rows"] if samples and samples[0]["key"] == "held_out" else []:
        row["intervals"] = intervals.get(row["who"], {})
    return {"samples": samples, "difference": _difference(samples, intervals)}


def _sample(key: str, block: dict[str, Any]) -> Facts:
    rows = [
        {"who": who, "intervals": {}, **{metric: block[who].get(metric) for metric in METRICS}}
        for who in FORECASTERS
        if block.get(who)
    ]
    counts = {name: block[name] for name in ("n_shots", "n_goals", "n_matches", "from", "to")}
    return {"key": key, "rows": rows, **counts}


def _held_out_intervals(shots: pd.DataFrame) -> dict[str, dict[str, tuple[float, float]]]:
    cut = rated(shots)
    cut = cut[cut["is_held_out"].astype(bool)]
    goal = floats(cut["is_goal"])
    if goal.sum() < _MIN_GOALS:
        return {}
    predictions = {"model": floats(cut["xg_out_of_fold"])}
    provider = floats(cut["provider_xg"])
    if not np.isnan(provider).any():
        predictions["provider"] = provider
    return metric_intervals(predictions, goal, cut["match_id"].to_numpy())


def _difference(samples: list[Facts], intervals: dict[str, dict[str, tuple[float, float]]]) -> Facts | None:
    if not samples:
        return None
    rows = {row["who"]: row for row in samples[0]["rows"]}
    if "provider" not in rows:
        return None
    known = intervals.get("provider", {}) if samples[0]["key"] == "held_out" else {}
    return {
        "auc": rows["model"]["auc"] - rows["provider"]["auc"],
        "auc_interval": known.get("auc_difference"),
        "log_loss": rows["model"]["log_loss"] - rows["provider"]["log_loss"],
        "log_loss_interval": known.get("log_loss_difference"),
    }


def calibration(shots: pd.DataFrame, bands: int = 10) -> Facts:
    """What was expected against what was scored.

    Parameters
    ----------
    shots
        The frame of shots.
    bands
        How many bands of equal size the shots are cut into, by their expected goals.

    Returns
    -------
    dict
        ``model`` and ``provider`` (None without provider xG): lists of bands; ``kinds``: the same numbers
        for open play with the foot, headers and direct free kicks; ``n_shots``.
    """
    cut = rated(shots)
    goal = floats(cut["is_goal"])
    provider = floats(cut["provider_xg"])
    known = ~np.isnan(provider)
    return {
        "n_shots": len(cut),
        "model": _bands(floats(cut["xg_out_of_fold"]), goal, bands),
        "provider": _bands(provider[known], goal[known], bands) if known.any() else None,
        "kinds": _kinds(cut),
    }


def _bands(prediction: FloatArray, goal: FloatArray, bands: int) -> list[Facts]:
    if len(prediction) == 0:
        return []
    order = np.argsort(prediction, kind="stable")
    return [_rate(prediction[part], goal[part]) for part in np.array_split(order, bands) if len(part)]


def _rate(prediction: FloatArray, goal: FloatArray) -> Facts:
    low, high = wilson_interval(goal.sum(), len(goal))
    return {
        "n": len(goal),
        "goals": int(goal.sum()),
        "expected_goals": float(prediction.sum()),
        "from": float(prediction.min()),
        "to": float(prediction.max()),
        "expected": float(prediction.mean()),
        "scored": float(goal.mean()),
        "low": low,
        "high": high,
    }


def _kinds(cut: pd.DataFrame) -> list[Facts]:
    header = floats(cut["Header"]) == 1 if "Header" in cut else np.zeros(len(cut), dtype=bool)
    free_kick = floats(cut["FreeKick"]) == 1 if "FreeKick" in cut else np.zeros(len(cut), dtype=bool)
    masks = {"foot": ~header & ~free_kick, "header": header, "free_kick": free_kick}
    prediction, goal = floats(cut["xg_out_of_fold"]), floats(cut["is_goal"])
    return [
        {"kind": kind, **_rate(prediction[mask], goal[mask])} for kind, mask in masks.items() if mask.any()
    ]


def season_label(shots: pd.DataFrame) -> "pd.Series[str]":
    """Competition and season of each shot; the season alone where there is one competition."""
    season = shots["season"].astype(str)
    if shots["competition"].nunique() < 2:
        return season
    return shots["competition"].astype(str) + " " + season


def quality_by_season(shots: pd.DataFrame) -> list[Facts]:
    """Shots, goals, expected goals, AUC and log loss of every season, the largest first."""
    cut = rated(shots)
    rows = []
    for label, part in cut.groupby(season_label(cut), sort=True):
        prediction, goal = floats(part["xg_out_of_fold"]), floats(part["is_goal"])
        enough = _MIN_GOALS <= goal.sum() <= len(goal) - _MIN_GOALS
        auc = weighted_auc(prediction, goal, np.ones((1, len(goal))))[0] if enough else None
        rows.append(
            {
                "season": str(label),
                "matches": int(part["match_id"].nunique()),
                "auc": None if auc is None else float(auc),
                "log_loss": float(log_losses(prediction, goal).mean()) if enough else None,
                **_rate(prediction, goal),
            }
        )
    return sorted(rows, key=lambda row: (-row["n"], row["season"]))
