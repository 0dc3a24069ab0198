"""What results the chances of a match are worth: how often they end in a home win, a draw, an away win.

Exact, not simulated. The shots of a sequence are combined first, since only one of them can be the goal; the goals
of a side are then a sum of independent chances (:mod:`xgoals.model.goals_by_chance`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from xgoals.model.goals_by_chance import goals_distribution

Side = Literal["home", "away"]
SIDES: tuple[Side, Side] = ("home", "away")
Result = Literal["home", "draw", "away"]

SEQUENCE_GAP_S = 5
"""Shots of a team within this many seconds of one another are one sequence: only one of them can be the goal."""

MOST_GOALS = 4
"""The last column of :func:`goals_table` is this many goals or more."""


@dataclass(frozen=True)
class Chance:
    """A shot as the distribution of results sees it.

    Attributes
    ----------
    side
        Whose it is.
    period, clock_s
        When it was: the half, and seconds on the match clock.
    xg
        Its probability of a goal.
    """

    side: Side
    period: int
    clock_s: int
    xg: float


@dataclass(frozen=True)
class ResultShares:
    """Probability of each result; they add up to 1."""

    home: float
    draw: float
    away: float


def sequences(chances: Sequence[Chance]) -> dict[Side, list[float]]:
    """Chance of a goal of each sequence of shots, by side.

    Shots of one team that follow each other within :data:`SEQUENCE_GAP_S` in one half are one sequence. Its
    chance of a goal is that of at least one of them: 1 - (1 - p1)(1 - p2)...

    Parameters
    ----------
    chances
        In the order of play.
    """
    combined: dict[Side, list[float]] = {side: [] for side in SIDES}
    last: dict[Side, Chance] = {}
    for chance in chances:
        own, before = combined[chance.side], last.get(chance.side)
        if before and before.period == chance.period and chance.clock_s - before.clock_s <= SEQUENCE_GAP_S:
            own[-1] = 1 - (1 - own[-1]) * (1 - chance.xg)
        else:
            own.append(chance.xg)
        last[chance.side] = chance
    return combined


def result_shares(chances: Sequence[Chance]) -> ResultShares:
    """How often such chances end in a home win, a draw, an away win: exact, sequences combined first."""
    combined = sequences(chances)
    table = np.outer(goals_distribution(combined["home"]), goals_distribution(combined["away"]))
    return ResultShares(
        home=float(np.tril(table, -1).sum()), draw=float(np.trace(table)), away=float(np.triu(table, 1).sum())
    )


def goals_table(chances: Sequence[Chance]) -> dict[Side, list[float]]:
    """Probability of 0, 1, 2, 3 and :data:`MOST_GOALS` or more goals of either side from such chances."""
    table = {}
    for side, combined in sequences(chances).items():
        exact = goals_distribution(combined)
        few = [float(exact[n]) if n < len(exact) else 0.0 for n in range(MOST_GOALS)]
        table[side] = [*few, float(exact[MOST_GOALS:].sum())]
    return table
