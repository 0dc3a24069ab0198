"""Goals beside xG, with the goals that chance alone leaves: of a club, of its players, of who set chances up."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import BoolArray, FloatArray, Measure, match_numbers
from xgoals.analysis.shots import text_or_empty
from xgoals.model.goals_by_chance import goals_distribution, surplus_interval, two_sided

GOALS_MINUS_XG = "goals_minus_xg"


@dataclass(frozen=True, slots=True)
class Surplus:
    """Goals minus xG of some shots, penalties apart.

    Attributes
    ----------
    n_shots, goals, xg
        How many, the goals from them, and the goals expected, by a model that has not seen their matches.
    low, high
        Exact 95 % interval of goals minus xG, shots taken as independent.
    chance
        How often such shots give a count of goals as far out on either side.
    """

    n_shots: int
    goals: int
    xg: float
    low: float
    high: float
    chance: float

    @property
    def over(self) -> float:
        """Goals minus xG."""
        return self.goals - self.xg

    @property
    def is_beyond_chance(self) -> bool:
        """Whether its interval leaves out 0; of twenty such figures one does by chance."""
        return not self.low <= 0 <= self.high

    @property
    def by_chance(self) -> tuple[int, int]:
        """Fewest and most goals that such shots give in 95 of 100 seasons."""
        return round(self.goals - self.high), round(self.goals - self.low)


@dataclass(frozen=True, slots=True)
class PlayerShots:
    """What a player did with his chances.

    Attributes
    ----------
    player_id, name
        The name as people know it; the id where nobody does.
    n_matches
        Matches in which he shot.
    xg
        Of all his shots, penalties among them.
    penalties, penalty_goals
        From the spot.
    open
        His other shots.
    best
        The xG of his best one, penalties apart; NaN without any.
    """

    player_id: str
    name: str
    n_matches: int
    xg: float
    penalties: int
    penalty_goals: int
    open: Surplus
    best: float

    @property
    def n_shots(self) -> int:
        """All his shots."""
        return self.open.n_shots + self.penalties

    @property
    def goals(self) -> int:
        """All goals from his shots."""
        return self.open.goals + self.penalty_goals


@dataclass(frozen=True, slots=True)
class PlayerPasses:
    """Whose passes led to shots: how many, their sum of xG, and the goals among them."""

    player_id: str
    name: str
    n_shots: int
    xg: float
    goals: int


def surplus(shots: pd.DataFrame) -> Surplus:
    """Goals against xG of some shots (``xg, is_goal, is_penalty``), penalties apart; of none all is 0."""
    cut = shots[~shots["is_penalty"].astype(bool)]
    return surplus_of(cut["is_goal"].to_numpy(dtype=bool), cut["xg"].to_numpy(dtype=np.float64))


def surplus_of(is_goal: BoolArray, chances: FloatArray) -> Surplus:
    """Goals against the chances of independent shots, shape (shots,) each."""
    goals, by_chance = int(is_goal.sum()), goals_distribution(chances)
    low, high = surplus_interval(goals, by_chance)
    return Surplus(len(chances), goals, float(chances.sum()), low, high, two_sided(goals, by_chance))


def measure_of_finishing(shots: pd.DataFrame) -> Measure:
    """Goals minus honest xG of every shot but penalties, for :func:`xgoals.analysis.club.comparison.compare`."""
    over = shots["is_goal"].to_numpy(dtype=np.float64) - shots["xg"].to_numpy(dtype=np.float64)
    is_left_out = shots["is_penalty"].to_numpy(dtype=bool) | shots["has_seen_match"].to_numpy(dtype=bool)
    return Measure("finishing", GOALS_MINUS_XG, np.where(is_left_out, np.nan, over))


def players(shots: pd.DataFrame) -> tuple[PlayerShots, ...]:
    """Who shot, the largest sum of xG first; a shot that the feed gives to nobody is nobody's.

    Parameters
    ----------
    shots
        Of one club: ``provider, match_id, player_id, player, xg, is_goal, is_penalty``.
    """
    rows = [_player(str(player_id), part) for player_id, part in shots.groupby("player_id")]
    return tuple(sorted(rows, key=lambda row: (-row.xg, row.name)))


def _player(player_id: str, part: pd.DataFrame) -> PlayerShots:
    spot = part["is_penalty"].astype(bool)
    return PlayerShots(
        player_id, name_in(part["player"], player_id), len(np.unique(match_numbers(part))),
        float(part["xg"].sum()), int(spot.sum()), int(part["is_goal"][spot].astype(bool).sum()), surplus(part),
        float(part["xg"][~spot].max()),
    )  # fmt: skip


def name_in(names: "pd.Series[str]", otherwise: str) -> str:
    """The last name that somebody is called by in some rows; what stands for him where there is none."""
    return text_or_empty(names.iloc[-1]) or otherwise


def passers(shots: pd.DataFrame) -> tuple[PlayerPasses, ...]:
    """Whose passes led to shots, the largest sum of xG first; empty where no feed names them.

    Parameters
    ----------
    shots
        Of one club: ``assist_player_id, assist_player, xg, is_goal``.
    """
    rows = [
        PlayerPasses(
            str(player_id), name_in(part["assist_player"], str(player_id)), len(part), float(part["xg"].sum()),
            int(part["is_goal"].astype(bool).sum()),
        )
        for player_id, part in shots.groupby("assist_player_id")
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.xg, row.name)))
