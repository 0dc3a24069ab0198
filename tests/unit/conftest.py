"""A league small enough to work out by hand."""

from typing import Any

import pandas as pd
import pytest

NOBODY = {
    "provider": "statsbomb",
    "match_id": "m1",
    "shot_id": "s1",
    "competition": "League",
    "season": "2023",
    "matchday": 1,
    "match_date": "2024-05-01",
    "home_team": "Reds",
    "away_team": "Blues",
    "team": "Reds",
    "opponent": "Blues",
    "player": "A. Player",
    "period": 1,
    "minute": 10,
    "second": 0,
    "x_m": 41.5,
    "y_m": 0.0,
    "pitch_length_m": 105.0,
    "pitch_width_m": 68.0,
    "body_part": "right_foot",
    "shot_type": "open_play",
    "outcome": "saved",
    "is_goal": False,
    "is_penalty": False,
    "provider_xg": 0.1,
    "xg": 0.1,
    "xg_out_of_fold": 0.1,
    "is_held_out": True,
    "base_value": -2.0,
    "model_version": "xg-test",
    "is_simulated": False,
    "AngleToGoal": 36.0,
    "DistanceToGoal": 11.0,
    "Header": -1.0,
    "TakerSetup": 0.0,
    "Penalty": -1.0,
    "PlayerSpeed": float("nan"),
    "shap_AngleToGoal": 0.0,
    "shap_DistanceToGoal": 0.0,
    "shap_Header": 0.0,
    "shap_TakerSetup": 0.0,
    "shap_Penalty": 0.0,
    "shap_PlayerSpeed": 0.0,
}


def _feature(
    name: str, label: str, unit: str, kind: str, group: str, categories: Any = None
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "unit": unit,
        "kind": kind,
        "categories": categories,
        "definition": f"What {label.lower()} is.",
        "group": group,
    }


FEATURES = [
    _feature("AngleToGoal", "Angle to goal", "deg", "continuous", "place"),
    _feature("DistanceToGoal", "Distance to goal", "m", "continuous", "place"),
    _feature("Header", "Header", "", "binary", "execution"),
    _feature("TakerSetup", "Set-up", "", "category", "situation", {0: "open play", 1: "corner"}),
    _feature("Penalty", "Penalty", "", "binary", "situation"),
    _feature("PlayerSpeed", "Speed of the shooter", "km/h", "continuous", "execution"),
]


def _metrics(**changes: Any) -> dict[str, Any]:
    one = {"auc": 0.8, "log_loss": 0.25, "brier": 0.07, "ece": 0.01, "sum_xg": 3.2}
    return {
        "n_shots": 10,
        "n_goals": 3,
        "n_matches": 2,
        "from": "2024-05-01",
        "to": "2024-05-08",
        "model": one,
        "provider": {**one, "auc": 0.79},
        "geometry": {**one, "auc": 0.75},
        **changes,
    }


@pytest.fixture
def shots():
    """``shots({...}, {...})`` makes one row a dict, on top of a row in which nothing happens."""

    def make(*rows: dict[str, Any]) -> pd.DataFrame:
        return pd.DataFrame([{**NOBODY, "shot_id": f"s{i}", **row} for i, row in enumerate(rows)])

    return make


@pytest.fixture
def model() -> dict[str, Any]:
    return {
        "model_version": "xg-test",
        "catalogue": "article-17",
        "features": FEATURES,
        "params": {"max_depth": 4},
        "trees_in_booster": 510,
        "seed": 7,
        "window_from": "2024-05-01",
        "window_to": "2024-05-08",
        "n_matches": 2,
        "n_shots": 10,
        "n_goals": 3,
        "library_versions": {"xgboost": "3.2.0"},
        "created_at": "2024-05-09T04:00:00+00:00",
        "sha256": "ab" * 32,
        "metrics": {"held_out": _metrics(), "out_of_fold": _metrics()},
        "decision": {"verdict": "kept", "reason": "Not better by the margin."},
        "baseline": {
            "AngleToGoal": 25.0,
            "DistanceToGoal": 17.0,
            "Header": -1.0,
            "TakerSetup": 0.0,
            "Penalty": -1.0,
            "PlayerSpeed": None,
        },
        "goal_rate": 0.31,
        "mean_prediction": 0.32,
        "prediction_at_baseline": 0.12,
        "xg_quantiles": {
            f"{kind}{end}": [(n / 100) ** 2 for n in range(101)]
            for kind in ("foot", "all")
            for end in ("", " without positions")
        },
        "space": "log_odds",
        "additivity_max_error": 4e-6,
        "explain_seconds": 1.5,
    }


@pytest.fixture
def day(shots):
    """The shots of two matches, ``MATCH`` and ``OTHER``."""
    return shots(
        {"player": "Anna", "is_goal": True, "xg": 0.5, "xg_out_of_fold": 0.03},
        {"player": "Anna", "is_goal": True, "xg": 0.05, "xg_out_of_fold": None, "minute": 20},
        {"player": "Bea", "team": "Blues", "xg": 0.6, "minute": 30},
        {"player": "Cleo", "team": "Blues", "is_goal": True, "is_penalty": True, "xg": 0.78, "minute": 40},
        {"player": "Dora", "match_id": "m2", "team": "Greens", "xg": 0.39},
        {
            "player": "Eve",
            "match_id": "m2",
            "team": "Greys",
            "xg": 0.2,
            "xg_out_of_fold": 0.3,
            "is_goal": True,
        },
    )
