"""Goals against expected goals, by team or player, and how far from chance that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.results import goals_distribution
from xgoals.analysis.shots import floats

RARE = 0.05
"""A chance below this is one in twenty."""


@dataclass(frozen=True)
class Finishing:
    """What a team or player made of the chances.

    Attributes
    ----------
    name
        Of the team or player.
    goals, xg, n_shots
        Goals from shots, their sum of xG, and how many they were.
    chance
        How often shots like these give so many goals or more (or, below expectation, so few or fewer), exactly,
        shots taken as independent.
    """

    name: str
    goals: int
    xg: float
    n_shots: int
    chance: float

    @property
    def over(self) -> float:
        """Goals minus expected goals."""
        return self.goals - self.xg


@dataclass(frozen=True)
class RareFinishing:
    """How many teams are as far from their xG as one in twenty, and up to how many would be by chance alone."""

    n: int
    by_chance: float


def finishing(shots: pd.DataFrame, by: str) -> list[Finishing]:
    """Goals and expected goals by a column (``"team"``, ``"player"``), the largest surplus first.

    Own goals belong to nobody, and neither does a shot without a name.
    """
    rows = [_finishing(str(name), part) for name, part in shots[shots[by].notna()].groupby(by)]
    return sorted(rows, key=lambda row: (-row.over, row.name))


def _finishing(name: str, part: pd.DataFrame) -> Finishing:
    goals, xg = int(part["is_goal"].astype(bool).sum()), floats(part["xg"])
    total = float(xg.sum())
    exact = goals_distribution(xg.tolist())
    as_far = exact[goals:] if goals - total >= 0 else exact[: goals + 1]
    return Finishing(name, goals, total, len(part), float(as_far.sum()))


def rare_finishing(rows: Sequence[Finishing]) -> RareFinishing:
    """How many are beyond one in twenty.

    Either side of expectation counts, so up to twice that share of them would be by chance alone; no more than that,
    since goals are whole numbers.
    """
    return RareFinishing(sum(row.chance < RARE for row in rows), 2 * RARE * len(rows))
