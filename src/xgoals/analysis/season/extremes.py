"""What people will remember of a season: the least likely results and goals, the best chances, the largest misses."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.season.chances import MatchChances
from xgoals.analysis.shots import without_penalties

SHOWN = 8


@dataclass(frozen=True, eq=False, slots=True)
class Extremes:
    """The foremost first, penalties apart; no shot is in two lists.

    Attributes
    ----------
    results
        Matches by how seldom such chances end in the real result.
    surprises, best, misses
        Rows of the frame of shots: goals by how small their xG was, the best chances, the best that were missed.
    """

    results: tuple[MatchChances, ...]
    surprises: pd.DataFrame
    best: pd.DataFrame
    misses: pd.DataFrame


def extremes(matches: Sequence[MatchChances], shots: pd.DataFrame, n: int = SHOWN) -> Extremes:
    """Choose them.

    Parameters
    ----------
    shots
        ``match_id, shot_id, xg, is_goal, is_penalty``.
    """
    rated = [(match.likelihood, match) for match in matches if match.likelihood is not None]
    rated.sort(key=lambda pair: (pair[0], pair[1].match.key))
    cut = without_penalties(shots)
    goal = cut["is_goal"].astype(bool)
    surprises = _foremost(cut[goal], n, ascending=True)
    best = _foremost(cut.drop(index=surprises.index), n, ascending=False)
    return Extremes(
        results=tuple(match for _, match in rated[:n]),
        surprises=surprises,
        best=best,
        misses=_foremost(cut[~goal].drop(index=best.index, errors="ignore"), n, ascending=False),
    )


def _foremost(cut: pd.DataFrame, n: int, *, ascending: bool) -> pd.DataFrame:
    return cut.sort_values(["xg", "match_id", "shot_id"], ascending=[ascending, True, True]).head(n)
