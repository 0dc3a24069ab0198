"""What is luck: goals against xG, club by club and player by player, and how many would be as far off by chance.

A rebound is there only because the shot before it did not go in: given what came before, each shot's xG is its chance,
so that the sum is what is expected and the shots count one by one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import pandas as pd
from scipy.stats import chi2

from xgoals.analysis.evaluated.multiplicity import beyond_chance
from xgoals.analysis.shots import BoolArray, FloatArray, floats
from xgoals.model.goals_by_chance import goals_distribution, surplus_interval, two_sided

RARE = 0.05
"""Outside its own 95 % interval: one in twenty is, by chance alone."""

Whose = TypeVar("Whose", bound=Hashable)


@dataclass(frozen=True, slots=True)
class GoalLuck(Generic[Whose]):
    """Goals minus xG.

    Attributes
    ----------
    whose
        The club or player.
    goals, xg, n_shots, variance
        Goals, their sum of xG, how many shots, and the variance that chance gives the goals.
    interval
        Exact 95 % interval of goals minus xG: it holds 0 unless chance gives so many, or so few, too rarely.
    chance
        How often chance gives a count as far out, on either side.
    stands
        Whether it stands among all that were tested, with the false discovery rate held at 5 %.
    """

    whose: Whose
    goals: int
    xg: float
    n_shots: int
    variance: float
    interval: tuple[float, float]
    chance: float
    stands: bool = False

    @property
    def over(self) -> float:
        """Goals minus xG."""
        return self.goals - self.xg

    @property
    def is_outside(self) -> bool:
        """Whether its own interval leaves out 0."""
        return self.chance < RARE


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart all of them are, against what chance alone gives.

    Attributes
    ----------
    n, n_outside, outside_by_chance
        How many; how many are outside their own 95 % intervals; and up to how many would be by chance.
    ratio
        The squared distances over what chance gives on average: 1 is chance; None without anybody.
    p
        How often chance gives as much or more (chi squared).
    """

    n: int
    n_outside: int
    outside_by_chance: float
    ratio: float | None
    p: float | None


def goal_luck(shots: pd.DataFrame, keys: Sequence[Whose]) -> tuple[GoalLuck[Whose], ...]:
    """Goals minus xG of each owner of shots, the largest surplus first.

    Parameters
    ----------
    shots
        ``xg, is_goal``.
    keys
        Whose each shot is, n of them.
    """
    places: dict[Whose, list[int]] = {}
    for n, key in enumerate(keys):
        places.setdefault(key, []).append(n)
    xg, goal = floats(shots["xg"]), shots["is_goal"].to_numpy(dtype=bool)
    rows = [_luck(key, xg[at], goal[at]) for key, at in places.items()]
    stand = beyond_chance([row.chance for row in rows])
    found = [replace(row, stands=is_off) for row, is_off in zip(rows, stand, strict=True)]
    return tuple(sorted(found, key=lambda row: (-row.over, str(row.whose))))


def _luck(key: Whose, xg: FloatArray, goal: BoolArray) -> GoalLuck[Whose]:
    goals, distribution = int(goal.sum()), goals_distribution(xg)
    return GoalLuck(
        whose=key,
        goals=goals,
        xg=float(xg.sum()),
        n_shots=len(xg),
        variance=float((xg * (1 - xg)).sum()),
        interval=surplus_interval(goals, distribution),
        chance=two_sided(goals, distribution),
    )


def spread(rows: Sequence[GoalLuck[Whose]]) -> Spread:
    """Whether all of them together are further from their xG than chance alone puts them."""
    known = [row for row in rows if row.variance > 0]
    squares = sum(row.over**2 / row.variance for row in known)
    return Spread(
        n=len(rows),
        n_outside=sum(row.is_outside for row in rows),
        outside_by_chance=RARE * len(rows),
        ratio=squares / len(known) if known else None,
        p=float(chi2.sf(squares, len(known))) if known else None,
    )
