"""How good the model is: against the provider, against plain geometry, band by band, kind by kind.

The figures are those that the training step measured and the database keeps (``model["metrics"]`` and the table of
figures, ``model["evaluation"]``); nothing is measured here twice. Everything rests on predictions by models that have
not seen the match.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xgoals.model.metrics import score
from xgoals.model.resampling import wilson_interval
from xgoals.report.shot_frame import Facts, FloatArray, Model, floats, rated

FORECASTERS = ("model", "provider", "geometry")
METRICS = ("auc", "log_loss", "brier", "ece", "sum_xg")
SPLITS = ("held_out", "out_of_fold", "unseen_competition")
RIVALS = ("champion", "provider", "geometry")
SLICES = ("distance", "body_part", "shot_type", "competition", "club")
_COLUMNS = ("split", "slice", "slice_value", "forecaster", "compared_with", "metric", "value", "low", "high",
            "n_shots", "n_goals", "n_matches", "note")  # fmt: skip
_MIN_GOALS = 10
"""Fewer goals than this and an AUC says nothing: it is left out."""


Row = Mapping[Any, Any]
"""A row of the table of figures."""


def quality(model: Model) -> Facts:
    """The comparison on every sample, and how the model does in parts of it.

    Returns
    -------
    dict
        ``samples``: one dict each of held-out, out-of-fold and unseen competitions with ``key``, the counts, the
        window and ``rows`` (one forecaster each); ``difference``: model minus provider on the held-out matches with
        its interval, None where there is no provider xG; ``comparisons`` and ``slices``: differences from each rival,
        and figures slice by slice, empty where the model was never evaluated; ``check``: whether it is calibrated.
    """
    metrics, figures = model["metrics"], _figures(model)
    samples = [_sample(key, metrics[key]) for key in ("held_out", "out_of_fold") if metrics.get(key)]
    samples += _unseen_competitions(figures)
    for sample in samples:
        for row in sample["rows"]:
            row["intervals"] = _intervals(figures, sample["key"], row["who"])
    return {
        "samples": samples,
        "difference": _difference(samples, figures),
        "comparisons": _comparisons(figures),
        "slices": _slices(figures),
        "check": metrics.get("calibration"),
    }


def _figures(model: Model) -> pd.DataFrame:
    """The stored evaluation, as :func:`xgoals.model.evaluation.evaluate` made it; without rows if there is none."""
    found = model.get("evaluation")
    return pd.DataFrame(columns=_COLUMNS) if found is None else found


def _sample(key: str, block: dict[str, Any]) -> Facts:
    rows = [
        {"who": who, **{metric: block[who].get(metric) for metric in METRICS}}
        for who in FORECASTERS
        if block.get(who)
    ]
    counts = {name: block[name] for name in ("n_shots", "n_goals", "n_matches", "from", "to")}
    return {"key": key, "rows": rows, **counts}


def _unseen_competitions(figures: pd.DataFrame) -> list[Facts]:
    """The sample of competitions that were left out in turn; none where there was one large one only."""
    whole = _own(figures, "unseen_competition")
    if whole.empty:
        return []
    rows = []
    for who in FORECASTERS:
        own = whole[whole["forecaster"] == who].set_index("metric")["value"]
        if own.notna().any():
            known = {metric: float(own.get(metric, np.nan)) for metric in METRICS if metric != "sum_xg"}
            goals = whole.loc[whole["forecaster"] == who, "n_goals"].iloc[0]
            rows.append({"who": who, **known, "sum_xg": float(own["xg_per_goal"] * goals)})
    first = whole[whole["forecaster"] == "model"].iloc[0]
    counts = {name: int(first[name]) for name in ("n_shots", "n_goals", "n_matches")}
    return [{"key": "unseen_competition", "rows": rows, **counts, "from": None, "to": None}]


def _own(figures: pd.DataFrame, split: str) -> pd.DataFrame:
    whole = (figures["split"] == split) & (figures["slice"] == "all") & (figures["compared_with"] == "none")
    return figures[whole]


def _intervals(figures: pd.DataFrame, split: str, who: str) -> dict[str, tuple[float, float]]:
    own = _own(figures, split)
    own = own[(own["forecaster"] == who) & own["low"].notna()]
    return {str(row["metric"]): (float(row["low"]), float(row["high"])) for _, row in own.iterrows()}


def _difference(samples: list[Facts], figures: pd.DataFrame) -> Facts | None:
    if not samples:
        return None
    rows = {row["who"]: row for row in samples[0]["rows"]}
    if "provider" not in rows:
        return None
    known = {row["metric"]: row for row in _compared(figures, samples[0]["key"], "provider")}
    difference: Facts = {}
    for metric in ("auc", "log_loss"):
        difference[metric] = rows["model"][metric] - rows["provider"][metric]
        difference[f"{metric}_interval"] = _bounds(known.get(metric))
    return difference


def _compared(figures: pd.DataFrame, split: str, rival: str) -> list[Facts]:
    chosen = (figures["split"] == split) & (figures["slice"] == "all") & (figures["compared_with"] == rival)
    return [{str(name): value for name, value in row.items()} for row in figures[chosen].to_dict("records")]


def _comparisons(figures: pd.DataFrame) -> list[Facts]:
    """Model minus each rival on each sample: one row each with ``auc, log_loss, brier`` and their intervals."""
    found = []
    for split in SPLITS:
        for rival in RIVALS:
            rows = {row["metric"]: row for row in _compared(figures, split, rival)}
            if rows:
                any_row = next(iter(rows.values()))
                found.append({
                    "split": split, "rival": rival, "n_shots": any_row["n_shots"], "note": _note(any_row),
                    **{metric: _with_interval(row) for metric, row in rows.items()},
                })  # fmt: skip
    return found


def _slices(figures: pd.DataFrame) -> list[Facts]:
    """Slice by slice, part by part: the model's figures, and how far it is from the provider's xG."""
    found = []
    for name in SLICES:
        chosen = figures[(figures["split"] == "out_of_fold") & (figures["slice"] == name)]
        rows = [_slice_row(str(value), part) for value, part in chosen.groupby("slice_value", sort=True)]
        if name == "club":
            rows.sort(key=lambda row: -row["n_goals"])
        if rows:
            found.append({"slice": name, "rows": rows})
    return found


def _slice_row(value: str, part: pd.DataFrame) -> Facts:
    own = part[(part["forecaster"] == "model") & (part["compared_with"] == "none")].set_index("metric")
    from_provider = part[part["compared_with"] == "provider"].set_index("metric")
    first = own.iloc[0].to_dict()
    row: Facts = {
        "value": value,
        "n_shots": int(first["n_shots"]),
        "n_goals": int(first["n_goals"]),
        "note": _note(first),
    }
    for metric in ("auc", "xg_per_goal"):
        row[metric] = _with_interval(own.loc[metric].to_dict())
    row["no_provider"] = None
    if "log_loss" in from_provider.index:
        versus = from_provider.loc["log_loss"].to_dict()
        row["log_loss_difference"] = _with_interval(versus)
        row["no_provider"] = _note(versus)
    return row


def _with_interval(row: Row) -> Facts:
    return {"value": None if _note(row) else row["value"], "interval": _bounds(row)}


def _bounds(row: Row | None) -> tuple[float, float] | None:
    if row is None or pd.isna(row["low"]):
        return None
    return float(row["low"]), float(row["high"])


def _note(row: Row) -> str | None:
    return None if pd.isna(row["note"]) else str(row["note"])


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
        judged = score(goal, prediction) if enough else {}
        rows.append(
            {
                "season": str(label),
                "matches": int(part["match_id"].nunique()),
                "auc": judged.get("auc"),
                "log_loss": judged.get("log_loss"),
                **_rate(prediction, goal),
            }
        )
    return sorted(rows, key=lambda row: (-row["n"], row["season"]))
