"""Does the same move the model for every club? Importance by club, and who deviates beyond chance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.agreement import ndcg, rank_correlation
from xgoals.analysis.shots import (
    BoolArray,
    FloatArray,
    Model,
    attributions,
    features_by_name,
    match_codes,
    without_penalties,
)
from xgoals.model.resampling import clustered_error

MIN_SHOTS_OF_A_CLUB = 100
"""Below this a club is left out: a handful of shots says nothing about how a model sees a club."""

MIN_MATCHES_OF_A_CLUB = 8
"""Below this the spread between matches cannot be estimated."""

FALSE_DISCOVERY_RATE = 0.05
SHOWN_CLUBS = 24
"""So many clubs, those with the most shots, are listed; all are tested."""


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
    off
        Places of the features in which it deviates beyond chance.
    """

    club: str
    n_shots: int
    mean_abs: tuple[float, ...]
    agreement: float | None
    ndcg: float | None
    off: tuple[int, ...]


@dataclass(frozen=True)
class Deviation:
    """One club's mean |attribution| of one feature against that of all other shots.

    ``p`` is two-sided, of the difference over its standard error as a normal variable.
    """

    club: str
    name: str
    label: str
    mean: float
    others: float
    p: float


@dataclass(frozen=True)
class ImportanceByClub:
    """All clubs that are large enough.

    Attributes
    ----------
    clubs
        Those with the most shots first, at most :data:`SHOWN_CLUBS`.
    n_clubs, n_small
        How many are large enough, and how many are not.
    deviating
        What stands after Benjamini and Hochberg's procedure, the surest first.
    least_agreement
        The smallest rank correlation of any club; None without one.
    spans
        (smallest, width) of the values of each feature among ``clubs``, for shading.
    """

    clubs: tuple[ClubImportance, ...]
    n_clubs: int
    n_small: int
    deviating: tuple[Deviation, ...]
    least_agreement: float | None
    spans: tuple[tuple[float, float], ...]


def importance_by_club(shots: pd.DataFrame, model: Model, ranked: Sequence[str]) -> ImportanceByClub:
    """Mean |attribution| of each feature for each club, beside all other shots.

    A club deviates where its mean differs from that of all other shots by more than chance: the difference over
    its standard error, whole matches as units, with the false discovery rate held at 5 % over all clubs and
    features (Benjamini and Hochberg 1995, JRSS B 57).

    Parameters
    ----------
    shots, model
        As everywhere.
    ranked
        Names of the features to show, in their order.
    """
    cut = without_penalties(shots)
    values, match = np.abs(attributions(cut, ranked)), match_codes(cut)
    team, names = pd.factorize(cut["team"].astype(str), sort=True)
    contrasts = {
        str(club): _contrast(values, team == code, match)
        for code, club in enumerate(names)
        if _is_large_enough(team == code, match)
    }
    known = features_by_name(model)
    labels = {name: known[name]["label"] for name in ranked}
    deviating = beyond_chance(
        [test for club, contrast in contrasts.items() for test in _tests(club, contrast, labels)]
    )
    off = {(row.club, row.name) for row in deviating}
    clubs = [
        _importance_of(club, contrast, tuple(i for i, name in enumerate(ranked) if (club, name) in off))
        for club, contrast in contrasts.items()
    ]
    clubs.sort(key=lambda row: (-row.n_shots, row.club))
    shown = clubs[:SHOWN_CLUBS]
    return ImportanceByClub(
        clubs=tuple(shown),
        n_clubs=len(clubs),
        n_small=len(names) - len(clubs),
        deviating=tuple(deviating),
        least_agreement=min((row.agreement for row in clubs if row.agreement is not None), default=None),
        spans=tuple(_span([row.mean_abs[i] for row in shown]) for i in range(len(ranked))),
    )


def _is_large_enough(own: BoolArray, match: npt.NDArray[np.intp]) -> bool:
    enough = min(own.sum(), (~own).sum()) >= MIN_SHOTS_OF_A_CLUB
    return bool(
        enough and min(len(np.unique(match[own])), len(np.unique(match[~own]))) >= MIN_MATCHES_OF_A_CLUB
    )


@dataclass(frozen=True, eq=False)
class _Contrast:
    """A club's means against those of all other shots, and the standard errors of the differences; (features,) each."""

    n_shots: int
    mean: FloatArray
    others: FloatArray
    error: FloatArray


def _contrast(values: FloatArray, own: BoolArray, match: npt.NDArray[np.intp]) -> _Contrast:
    """Own and other shots are taken as independent, matches as units."""
    ours, theirs = values[own], values[~own]
    error = np.hypot(clustered_error(ours, match[own]), clustered_error(theirs, match[~own]))
    return _Contrast(len(ours), ours.mean(axis=0), theirs.mean(axis=0), error)


def _importance_of(club: str, contrast: _Contrast, off: tuple[int, ...]) -> ClubImportance:
    return ClubImportance(
        club=club,
        n_shots=contrast.n_shots,
        mean_abs=tuple(float(value) for value in contrast.mean),
        agreement=rank_correlation(contrast.mean, contrast.others),
        ndcg=ndcg(contrast.mean, contrast.others),
        off=off,
    )


def _tests(club: str, contrast: _Contrast, labels: Mapping[str, str]) -> list[Deviation]:
    """A club's test of each feature, deviating or not; ``labels``: by name, in the order of the columns."""
    tests = []
    columns = zip(contrast.mean, contrast.others, contrast.error, strict=True)
    for (name, label), (mean, others, error) in zip(labels.items(), columns, strict=True):
        z = abs(mean - others) / error if error > 0 else 0.0
        tests.append(Deviation(club, name, label, float(mean), float(others), math.erfc(z / math.sqrt(2))))
    return tests


def beyond_chance(tests: Sequence[Deviation]) -> list[Deviation]:
    """The tests that stand after Benjamini and Hochberg's procedure, the surest first.

    With the n tests in the order of p, all up to the last one with ``p <= FALSE_DISCOVERY_RATE * rank / n``.
    """
    ordered = sorted(tests, key=lambda test: (test.p, test.club, test.label))
    passed = [
        rank
        for rank, test in enumerate(ordered, start=1)
        if test.p <= FALSE_DISCOVERY_RATE * rank / len(ordered)
    ]
    return ordered[: max(passed, default=0)]


def _span(values: list[float]) -> tuple[float, float]:
    low = min(values, default=0.0)
    return low, (max(values, default=0.0) - low) or 1.0
