"""Goals against expected goals, by team or player, and how far from chance that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.results import SEQUENCE_GAP_S
from xgoals.analysis.shots import floats, match_labels
from xgoals.model.goals_by_chance import goals_distribution, two_sided

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
        How often shots like these give a count of goals as far out on either side, exactly: twice the smaller tail.
        The shots of a sequence, of which only one can be the goal, count as one chance, as they do in
        :mod:`xgoals.analysis.results`.
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
    named = shots.assign(_sequence=sequence_numbers(shots))[shots[by].notna()]
    rows = [_finishing(str(name), part) for name, part in named.groupby(by)]
    return sorted(rows, key=lambda row: (-row.over, row.name))


def sequence_numbers(shots: pd.DataFrame) -> npt.NDArray[np.intp]:
    """The sequence of each shot, as a number, shape (n,), by the rule of :func:`xgoals.analysis.results.sequences`.

    Parameters
    ----------
    shots
        ``match_id`` (and ``provider``)``, team, period, minute, second, shot_id``.
    """
    clock_s = 60 * floats(shots["minute"]) + np.nan_to_num(floats(shots["second"]))
    half = np.nan_to_num(floats(shots["period"]))
    whose = pd.factorize(match_labels(shots) + "/" + shots["team"].astype(str))[0]
    order = np.lexsort((shots["shot_id"].astype(str), clock_s, half, whose))
    is_other = np.diff(whose[order], prepend=-1) != 0
    is_other |= np.diff(half[order], prepend=np.nan) != 0
    is_other |= np.diff(clock_s[order], prepend=np.nan) > SEQUENCE_GAP_S
    numbers = np.empty(len(shots), dtype=np.intp)
    numbers[order] = np.cumsum(is_other)
    return numbers


def _finishing(name: str, part: pd.DataFrame) -> Finishing:
    goals, xg = int(part["is_goal"].astype(bool).sum()), floats(part["xg"])
    misses = pd.Series(1 - xg).groupby(part["_sequence"].to_numpy()).prod()
    by_chance = goals_distribution((1 - misses).tolist())
    return Finishing(name, goals, float(xg.sum()), len(part), two_sided(min(goals, len(misses)), by_chance))


def rare_finishing(rows: Sequence[Finishing]) -> RareFinishing:
    """How many are beyond one in twenty, and up to how many would be by chance alone.

    Up to, since goals are whole numbers.
    """
    return RareFinishing(sum(row.chance < RARE for row in rows), RARE * len(rows))
