"""What moves a model, from all sides at once: what the pages about a model share."""

from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.clubs import ImportanceByClub, importance_by_club
from xgoals.analysis.dependence import Dependence, dependence
from xgoals.analysis.importance import Importance, importance
from xgoals.analysis.reference import BaseValues, base_values
from xgoals.analysis.seasons import ImportanceBySeason, importance_by_season
from xgoals.analysis.shots import Model


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
        by_club=importance_by_club(shots, found.ranked),
        dependence=tuple(dependence(shots, model, found.ranked)),
    )
