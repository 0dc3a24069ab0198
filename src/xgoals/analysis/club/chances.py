"""The shots of a club that people remember: its best chances, the best ones missed, the least likely goals."""

from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.highlights import SURPRISE_XG

SHOWN = 5
"""Shots of a list."""


@dataclass(frozen=True, eq=False)
class Chances:
    """Rows of the frame of shots, penalties apart, the foremost first; no shot stands in two lists.

    Attributes
    ----------
    best
        By xG.
    missed
        The best that were no goals, beside those above.
    unlikely
        Goals from less than :data:`xgoals.analysis.highlights.SURPRISE_XG`, the least likely first.
    """

    best: pd.DataFrame
    missed: pd.DataFrame
    unlikely: pd.DataFrame


def chances(shots: pd.DataFrame, n: int = SHOWN) -> Chances:
    """Choose (``xg, is_goal, is_penalty, match_date, shot_id``)."""
    cut = shots[~shots["is_penalty"].astype(bool)]
    by_xg = cut.sort_values(["xg", "match_date", "shot_id"], ascending=[False, True, True], kind="stable")
    best, rest = by_xg.iloc[:n], by_xg.iloc[n:]
    is_goal = rest["is_goal"].astype(bool)
    goals = rest[is_goal & (rest["xg"] < SURPRISE_XG)]
    return Chances(best, rest[~is_goal].iloc[:n], goals.iloc[::-1].iloc[:n])
