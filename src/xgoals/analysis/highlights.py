"""Single shots that stand out: the best chances, the least likely goals, the sitters missed.

Penalties are no highlights. A goal that a model has been fitted on is no surprise to it: goals are ordered by the
prediction of a model that has not seen the match, wherever there is one.
"""

from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.shots import without_penalties

LARGE_XG = 0.3
"""A large chance."""

SITTER_XG = 0.4
"""A miss from here on is a sitter missed."""

SURPRISE_XG = 0.04
"""A goal from less than this is a surprise."""

SHOWN = 6
"""So many shots of a kind are chosen."""


@dataclass(frozen=True, eq=False)
class Highlights:
    """Rows of the frame of shots, the foremost first.

    Attributes
    ----------
    highest
        The shots rated highest.
    unseen
        The goals that the model could not see coming.
    unseen_by
        The column that ordered ``unseen``: the published number only where no shot has another.
    """

    highest: pd.DataFrame
    unseen: pd.DataFrame
    unseen_by: str


def highlights(shots: pd.DataFrame, n: int = SHOWN) -> Highlights:
    """The shots rated highest, and the goals that the model could not see coming."""
    cut = without_penalties(shots)
    goals = cut[cut["is_goal"].astype(bool)]
    column = "xg_out_of_fold" if goals["xg_out_of_fold"].notna().any() else "xg"
    return Highlights(
        highest=_foremost(cut, "xg", ascending=False, n=n),
        unseen=_foremost(goals[goals[column].notna()], column, ascending=True, n=n),
        unseen_by=column,
    )


@dataclass(frozen=True, eq=False)
class MatchdayHighlights:
    """Rows of the frame of shots, the foremost first.

    Attributes
    ----------
    best
        The best chances.
    surprises
        Goals from less than :data:`SURPRISE_XG`, the least likely first.
    sitters
        Misses from :data:`SITTER_XG` on that are not among the best chances, the best one first: no shot is told twice.
    largest_miss
        The best chance that stayed one, from :data:`SITTER_XG` on; without a row where there is none.
    """

    best: pd.DataFrame
    surprises: pd.DataFrame
    sitters: pd.DataFrame
    largest_miss: pd.DataFrame


def matchday_highlights(shots: pd.DataFrame, n: int = SHOWN) -> MatchdayHighlights:
    """The shots of a matchday that people will talk about, each in one list."""
    cut = without_penalties(shots)
    goal = cut["is_goal"].astype(bool)
    blind = cut.assign(_blind=cut["xg_out_of_fold"].fillna(cut["xg"]))
    surprising = goal & (blind["_blind"] < SURPRISE_XG)
    best = _foremost(cut[~surprising], "xg", ascending=False, n=n)
    missed = cut[~goal & (cut["xg"] >= SITTER_XG)]
    return MatchdayHighlights(
        best=best,
        surprises=_foremost(blind[surprising], "_blind", ascending=True, n=n).drop(columns="_blind"),
        sitters=_foremost(missed.drop(index=best.index, errors="ignore"), "xg", ascending=False, n=n),
        largest_miss=_foremost(missed, "xg", ascending=False, n=1),
    )


def _foremost(cut: pd.DataFrame, by: str, *, ascending: bool, n: int) -> pd.DataFrame:
    """The first n rows in the order of a column, ties in that of the ids."""
    return cut.sort_values([by, "match_id", "shot_id"], ascending=[ascending, True, True]).head(n)
