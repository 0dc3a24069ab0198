"""Small inputs that tests of numbers and tests of pages share."""

from typing import Any

import pandas as pd

from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.clubs import ImportanceByClub
from xgoals.analysis.dependence import Dependence
from xgoals.analysis.importance import FeatureImportance, Importance
from xgoals.analysis.model_summary import ModelSummary
from xgoals.analysis.reference import BaseValues
from xgoals.analysis.results import Side
from xgoals.analysis.seasons import ImportanceBySeason
from xgoals.analysis.sides import SideNumbers

MATCH = {
    "match_id": "m1",
    "competition": "League",
    "season": "2023",
    "matchday": 3,
    "match_date": "2024-05-01",
    "home_team": "Reds",
    "away_team": "Blues",
    "home_score": 2,
    "away_score": 1,
}

OTHER = {
    **MATCH,
    "match_id": "m2",
    "home_team": "Greens",
    "away_team": "Greys",
    "home_score": 0,
    "away_score": 1,
}


def side_by_hand(side: Side, name: str, xg: float, goals: int) -> SideNumbers:
    """A side of a match of which only these numbers matter."""
    return SideNumbers(
        side=side, name=name, score=goals, goals=goals, own_goals=0, penalty_goals=0, xg=xg, n_shots=1,
        on_target=0, large=0, headers=0, penalties=0, best=xg, per_shot=xg, without_penalties=xg, provider_xg=None,
        xg_by_attack=xg,
    )  # fmt: skip


def used_feature(name: str, kind: str = "continuous", mean_abs: float = 0.1) -> FeatureImportance:
    """A feature that a model uses."""
    return FeatureImportance(
        name=name, label=name, unit="", kind=kind, group="place", share=0.1,
        mean_abs=mean_abs, standard_error=None, low=None, high=None,
    )  # fmt: skip


def evidence(
    frame: dict[str, Any],
    *,
    used: list[str] | None = None,
    least_agreement: float | None = None,
    dependence: tuple[Dependence, ...] = (),
    prediction_at_baseline: float = 0.09,
    mean_prediction: float | None = 0.1,
) -> Evidence:
    """Shots of which only some columns matter, and a summary made up beside them.

    ``used``: the features that the model uses, the most important first; default: all that have attributions.
    """
    shots = pd.DataFrame({"is_penalty": False, "is_goal": False, "xg": 0.1, **frame})
    names = used or [column.removeprefix("shap_") for column in shots if column.startswith("shap_")]
    summary = ModelSummary(
        base=BaseValues(None, mean_prediction, prediction_at_baseline, prediction_at_baseline, "probability"),
        importance=Importance(tuple(used_feature(name) for name in names), (), (), (), len(shots), 1.0),
        by_season=ImportanceBySeason((), 1.0, least_agreement),
        by_club=ImportanceByClub((), 0, 0, least_agreement, ()),
        dependence=dependence,
    )
    return Evidence(shots, summary)
