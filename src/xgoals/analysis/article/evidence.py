"""The shots of a model and its summary, asked by feature name: what claims and the article's figures rest on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xgoals.analysis.clubs import ImportanceByClub, importance_by_club
from xgoals.analysis.dependence import Dependence, dependence
from xgoals.analysis.importance import Importance, importance
from xgoals.analysis.reference import BaseValues, base_values
from xgoals.analysis.seasons import ImportanceBySeason, importance_by_season
from xgoals.analysis.shots import BoolArray, FloatArray, Model, floats, without_penalties

MIN_SHOTS = 50
"""Fewer shots than this on one side of a comparison decide nothing."""


@dataclass(frozen=True)
class ModelSummary:
    """What moves a model: over all shots, by season, by club, feature by feature, and from where."""

    base: BaseValues
    importance: Importance
    by_season: ImportanceBySeason
    by_club: ImportanceByClub
    dependence: tuple[Dependence, ...]


def model_summary(shots: pd.DataFrame, model: Model) -> ModelSummary:
    """Summarise the explanations of all shots."""
    found = importance(shots, model)
    return ModelSummary(
        base=base_values(shots, model),
        importance=found,
        by_season=importance_by_season(shots, found.ranked),
        by_club=importance_by_club(shots, model, found.ranked),
        dependence=tuple(dependence(shots, model, found.ranked)),
    )


class Evidence:
    """The shots of a model without penalties, asked by feature name; NaN where a feature is unknown.

    Parameters
    ----------
    shots
        The frame of shots, penalties among them.
    summary
        Of the same shots.
    """

    def __init__(self, shots: pd.DataFrame, summary: ModelSummary) -> None:
        self.shots = without_penalties(shots)
        self.summary = summary
        self.goal: BoolArray = floats(self.shots["is_goal"]) == 1
        self.xg = floats(self.shots["xg"])

    @cached_property
    def hardly(self) -> float:
        """An attribution below this hardly matters: 0.005 xG, or 0.05 log-odds."""
        return 0.05 if self.summary.base.space == "log_odds" else 0.005

    def value(self, name: str) -> FloatArray:
        """A feature's value for every shot."""
        return floats(self.shots[name]) if name in self.shots else np.full(len(self.shots), np.nan)

    def push(self, name: str, where: BoolArray) -> float | None:
        """Mean attribution of a feature over some shots; None for too few of them or an unused feature."""
        if f"shap_{name}" not in self.shots or where.sum() < MIN_SHOTS or not self.used(name):
            return None
        return float(floats(self.shots[f"shap_{name}"])[where].mean())

    def used(self, *names: str) -> bool:
        """Whether the model uses all of these features."""
        return set(names) <= set(self.summary.importance.ranked)
