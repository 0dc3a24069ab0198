"""Goals against xG of one player's shots, or of the shots that a keeper faced, and how far from chance that is.

Whoever looks at hundreds of players finds some who are far off by chance alone. So how rare one player's goals are is
never said without how many of all players looked at are as rare, and how many would be.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from xgoals.analysis.evaluated.multiplicity import beyond_chance
from xgoals.analysis.finishing import RARE
from xgoals.analysis.player.shots import Shots, open_play
from xgoals.model.goals_by_chance import goals_distribution, surplus_interval, two_sided

MIN_SHOTS = 30
"""Of fewer shots nothing is said about luck, and the player is not among those looked at."""

MIN_SHOTS_FACED = 50
"""The same of a keeper's shots faced."""


@dataclass(frozen=True, slots=True)
class GoalsAgainstXg:
    """Goals and what the chances were worth.

    Attributes
    ----------
    n_shots, goals, xg
        Shots, goals from them, their sum of xG.
    fewest, most
        The exact 95 % interval of the goals that such chances give.
    chance
        How often such chances give a count of goals as far out on either side: twice the smaller tail.
    distribution
        Probability of 0, 1, ... goals of such chances.
    """

    n_shots: int
    goals: int
    xg: float
    fewest: int
    most: int
    chance: float
    distribution: tuple[float, ...] = field(repr=False)

    @property
    def over(self) -> float:
        """Goals minus xG."""
        return self.goals - self.xg

    @property
    def is_rare(self) -> bool:
        """Whether chance gives so many, or so few, in fewer than one of twenty."""
        return self.chance < RARE


def goals_against_xg(shots: Shots) -> GoalsAgainstXg:
    """Count the goals of some shots, also none, against the exact distribution of what such chances give.

    Shots count one by one, as they do over a season: a rebound is there only because the shot before it did not go in,
    so that goals minus xG are 0 on average only if both count.
    """
    goals = sum(shot.is_goal for shot in shots)
    by_chance = goals_distribution([shot.xg for shot in shots])
    low, high = surplus_interval(0, by_chance)
    return GoalsAgainstXg(
        n_shots=len(shots),
        goals=goals,
        xg=sum(shot.xg for shot in shots),
        fewest=round(-high),
        most=round(-low),
        chance=two_sided(goals, by_chance),
        distribution=tuple(by_chance.tolist()),
    )


@dataclass(frozen=True, slots=True)
class Among:
    """How unusual a player's goals are among all that are looked at.

    Attributes
    ----------
    n_players
        How many are looked at.
    n_as_rare, by_chance
        How many of them are as far from expectation as this one, and up to how many would be by chance alone (up to,
        since goals are whole numbers).
    is_beyond_chance
        Whether the player stands out with the false discovery rate held at 5 % (Benjamini and Hochberg 1995).
    """

    n_players: int
    n_as_rare: int
    by_chance: float
    is_beyond_chance: bool


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How rare the goals of all players are who have enough shots.

    Attributes
    ----------
    chances
        :attr:`GoalsAgainstXg.chance` of each, the rarest first.
    bound
        Up to here a player stands out; below 0 where nobody does.
    min_shots
        So many shots, penalties apart, are enough.
    """

    chances: tuple[float, ...]
    bound: float
    min_shots: int

    def among(self, found: GoalsAgainstXg) -> Among | None:
        """Where one of them stands; None with too few shots."""
        if found.n_shots < self.min_shots:
            return None
        n = len(self.chances)
        return Among(
            n_players=n,
            n_as_rare=bisect_right(self.chances, found.chance),
            by_chance=n * found.chance,
            is_beyond_chance=found.chance <= self.bound,
        )


def looked_at(by_player: Iterable[Shots], min_shots: int) -> LookedAt:
    """Look at every player with enough shots, penalties apart."""
    enough = [shots for shots in map(open_play, by_player) if len(shots) >= min_shots]
    chances = [goals_against_xg(shots).chance for shots in enough]
    stands = beyond_chance(chances)
    bound = max((chance for chance, is_off in zip(chances, stands, strict=True) if is_off), default=-1.0)
    return LookedAt(tuple(sorted(chances)), bound, min_shots)
