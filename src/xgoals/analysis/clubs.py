"""Does the same move the model for every club? Importance by club, which follows the chances that a club takes.

Whether xG is fair to every club is asked in :mod:`xgoals.analysis.fairness`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.agreement import ndcg, rank_correlation
from xgoals.analysis.shots import (
    BoolArray,
    FloatArray,
    attributions,
    match_codes,
    without_penalties,
)

MIN_SHOTS_OF_A_CLUB = 100
"""Below this a club is left out: a handful of shots says nothing about how a model sees a club."""

MIN_MATCHES_OF_A_CLUB = 8
"""Below this it would be a picture of a few opponents."""

SHOWN_CLUBS = 24
"""So many clubs, those with the most shots, are listed."""


@dataclass(frozen=True)
class ClubImportance:
    """What moves the model for one club's shots.

    Attributes
    ----------
    club, n_shots
        Which one, and its shots without penalties.
    mean_abs
        Mean |attribution| of each feature asked for, in their order.
    agreement, ndcg
        Spearman's rank correlation and nDCG with all other shots; None where they say nothing.
    """

    club: str
    n_shots: int
    mean_abs: tuple[float, ...]
    agreement: float | None
    ndcg: float | None


@dataclass(frozen=True)
class ImportanceByClub:
    """All clubs that are large enough.

    Attributes
    ----------
    clubs
        Those with the most shots first, at most :data:`SHOWN_CLUBS`.
    n_clubs, n_small
        How many are large enough, and how many are not.
    least_agreement
        The smallest rank correlation of any club; None without one.
    spans
        (smallest, width) of the values of each feature among ``clubs``, for shading.
    """

    clubs: tuple[ClubImportance, ...]
    n_clubs: int
    n_small: int
    least_agreement: float | None
    spans: tuple[tuple[float, float], ...]


def importance_by_club(shots: pd.DataFrame, ranked: Sequence[str]) -> ImportanceByClub:
    """Mean |attribution| of each feature for each club, beside all other shots.

    Parameters
    ----------
    shots
        As everywhere.
    ranked
        Names of the features to show, in their order.
    """
    cut = without_penalties(shots)
    values, match = np.abs(attributions(cut, ranked)), match_codes(cut)
    team, names = pd.factorize(cut["team"].astype(str), sort=True)
    clubs = [
        _importance_of(str(club), values, team == code)
        for code, club in enumerate(names)
        if _is_large_enough(team == code, match)
    ]
    clubs.sort(key=lambda row: (-row.n_shots, row.club))
    shown = clubs[:SHOWN_CLUBS]
    return ImportanceByClub(
        clubs=tuple(shown),
        n_clubs=len(clubs),
        n_small=len(names) - len(clubs),
        least_agreement=min((row.agreement for row in clubs if row.agreement is not None), default=None),
        spans=tuple(_span([row.mean_abs[i] for row in shown]) for i in range(len(ranked))),
    )


def _is_large_enough(own: BoolArray, match: npt.NDArray[np.intp]) -> bool:
    enough = min(own.sum(), (~own).sum()) >= MIN_SHOTS_OF_A_CLUB
    return bool(
        enough and min(len(np.unique(match[own])), len(np.unique(match[~own]))) >= MIN_MATCHES_OF_A_CLUB
    )


def _importance_of(club: str, values: FloatArray, own: BoolArray) -> ClubImportance:
    mean, others = values[own].mean(axis=0), values[~own].mean(axis=0)
    return ClubImportance(
        club=club,
        n_shots=int(own.sum()),
        mean_abs=tuple(float(value) for value in mean),
        agreement=rank_correlation(mean, others),
        ndcg=ndcg(mean, others),
    )


def _span(values: list[float]) -> tuple[float, float]:
    low = min(values, default=0.0)
    return low, (max(values, default=0.0) - low) or 1.0
