"""Season by season: whether the same moves the model, and whether it is as good.

Over shots without penalties. Quality is of the predictions by models that had not seen the match
(``xg_out_of_fold``), on the shots as they are known today; the stored evaluation (:mod:`xgoals.analysis.quality`)
is of the shots as they were known in training, and is not cut by season on a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.agreement import ndcg, rank_correlation
from xgoals.analysis.calibration import ExpectedAndScored, expected_and_scored
from xgoals.analysis.shots import (
    BoolArray,
    FloatArray,
    attributions,
    floats,
    n_matches,
    rated,
    season_label,
    without_penalties,
)
from xgoals.model.metrics import score

MIN_SHOTS_OF_A_SEASON = 200
"""Below this a season's importance is mostly chance; it is listed, and not compared."""

_MIN_GOALS = 10
"""Fewer goals (or misses) than this and an AUC says nothing: it is left out."""


@dataclass(frozen=True)
class SeasonImportance:
    """What moves the model in one season.

    Attributes
    ----------
    season
        Competition and season, or the season alone (see :func:`season_label`).
    n_shots, enough
        Shots without penalties; whether there are enough to show values.
    mean_abs
        Mean |attribution| of each feature asked for, in their order.
    agreement, ndcg
        Spearman's rank correlation and nDCG with all other shots; None where either side has too few.
    """

    season: str
    n_shots: int
    enough: bool
    mean_abs: tuple[float, ...]
    agreement: float | None
    ndcg: float | None


@dataclass(frozen=True)
class ImportanceBySeason:
    """All seasons, the largest first.

    Attributes
    ----------
    seasons
        One entry each.
    top
        The largest value of any, for shading.
    least_agreement
        The smallest rank correlation; None with fewer than two seasons that are large enough.
    """

    seasons: tuple[SeasonImportance, ...]
    top: float
    least_agreement: float | None


def importance_by_season(shots: pd.DataFrame, ranked: Sequence[str]) -> ImportanceBySeason:
    """Mean |attribution| of each feature in each season, and how alike the seasons are.

    Parameters
    ----------
    shots
        The frame of shots.
    ranked
        Names of the features to show, in their order.
    """
    cut = without_penalties(shots)
    values = np.abs(attributions(cut, ranked))
    labels = season_label(cut).to_numpy()
    seasons = [_importance_of(str(season), values, labels == season) for season in pd.unique(labels)]
    seasons.sort(key=lambda row: (-row.n_shots, row.season))
    agreements = [row.agreement for row in seasons if row.agreement is not None]
    return ImportanceBySeason(
        seasons=tuple(seasons),
        top=max((value for row in seasons for value in row.mean_abs), default=1.0),
        least_agreement=min(agreements, default=None),
    )


def _importance_of(season: str, values: FloatArray, inside: BoolArray) -> SeasonImportance:
    n = int(inside.sum())
    comparable = MIN_SHOTS_OF_A_SEASON <= n <= len(values) - MIN_SHOTS_OF_A_SEASON
    mean = values[inside].mean(axis=0)
    others = values[~inside].mean(axis=0) if comparable else mean
    return SeasonImportance(
        season=season,
        n_shots=n,
        enough=n >= MIN_SHOTS_OF_A_SEASON,
        mean_abs=tuple(float(value) for value in mean),
        agreement=rank_correlation(mean, others) if comparable else None,
        ndcg=ndcg(mean, others) if comparable else None,
    )


@dataclass(frozen=True)
class SeasonQuality:
    """How good the model is in one season.

    Attributes
    ----------
    season, n_matches
        Which one, and how many matches.
    sums
        Expected and scored goals.
    auc, log_loss
        See :func:`xgoals.model.metrics.score`; None with too few goals or misses.
    """

    season: str
    n_matches: int
    sums: ExpectedAndScored
    auc: float | None
    log_loss: float | None


def quality_by_season(shots: pd.DataFrame) -> list[SeasonQuality]:
    """Goals, expected goals, AUC and log loss of every season, the one with the most shots first."""
    cut = rated(shots)
    rows = [_quality_of(str(label), part) for label, part in cut.groupby(season_label(cut), sort=True)]
    return sorted(rows, key=lambda row: (-row.sums.scored.n_shots, row.season))


def _quality_of(season: str, part: pd.DataFrame) -> SeasonQuality:
    xg, goal = floats(part["xg_out_of_fold"]), floats(part["is_goal"])
    enough = _MIN_GOALS <= goal.sum() <= len(goal) - _MIN_GOALS
    judged = score(goal, xg) if enough else {}
    return SeasonQuality(
        season=season,
        n_matches=n_matches(part),
        sums=expected_and_scored(xg, goal),
        auc=judged.get("auc"),
        log_loss=judged.get("log_loss"),
    )
