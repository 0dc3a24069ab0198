"""The invented league: clubs of different strength, their squads, and who is on the pitch when.

Everything follows from the seed alone. Each club, season and match has a random stream of its own, spawned
from the seed by its number, so a single matchday can be played without playing all those before it.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from xgoals.domain.match import Player, Team
from xgoals.feeds.simulator import names

ATTACK_SD = 0.75
DEFENCE_SD = 0.60
SEASON_SD = 0.35
"""How much a club's strength moves from season to season, on the scale of the two above."""
FINISHING_SD = 0.12
"""Differences between finishers, in log-odds of a goal."""
APPETITE_SD = 0.4
"""Differences in how often players shoot, in logarithms."""


class Stream(IntEnum):
    """The first number of a spawn key: what a random stream is for."""

    LEAGUE = 0
    SEASON = 1
    MATCH = 2


class Position(IntEnum):
    """Where a player plays, as far as a shot is concerned."""

    KEEPER = 0
    DEFENDER = 1
    MIDFIELDER = 2
    FORWARD = 3


SQUAD = (
    (Position.KEEPER,) * 2 + (Position.DEFENDER,) * 8 + (Position.MIDFIELDER,) * 8 + (Position.FORWARD,) * 6
)
OUTFIELD = (Position.DEFENDER, Position.MIDFIELDER, Position.FORWARD)
FIRST_KEEPER_SHARE = 0.9
REGULAR_WEIGHT = 8.0
"""How much likelier the first name of a line is to start than the last."""
FORMATIONS = ((4, 4, 2), (4, 3, 3), (4, 5, 1), (3, 5, 2))


@dataclass(frozen=True, slots=True)
class Squad:
    """A club's players; the arrays are aligned with ``players`` and with `SQUAD`.

    ``finishing`` is in log-odds of a goal; a player with twice the ``appetite`` shoots twice as often.
    """

    players: tuple[Player, ...]
    right_footed: npt.NDArray[np.bool_]
    finishing: npt.NDArray[np.float64]
    appetite: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Club:
    """A club; ``attack`` and ``defence`` are standard scores, the higher the better."""

    team: Team
    squad: Squad
    attack: float
    defence: float


@dataclass(frozen=True, slots=True)
class Lineup:
    """Who played, by squad number: the eleven (slot 0 is the keeper), then who came on.

    A substitution is ``(slot, squad number, second)``; seconds count regular play, so that the second
    half starts at 2700.
    """

    eleven: tuple[int, ...]
    substitutions: tuple[tuple[int, int, float], ...]

    def on_pitch(self, played_s: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """(n, 11) squad numbers of those on the pitch at n moments."""
        result = np.tile(np.array(self.eleven, dtype=np.int64), (played_s.size, 1))
        for slot, number, second in self.substitutions:
            result[played_s > second, slot] = number
        return result

    @property
    def used(self) -> tuple[int, ...]:
        """Everybody who was on the pitch at some time."""
        return (*self.eleven, *(number for _, number, _ in self.substitutions))


def stream(seed: int, kind: Stream, *numbers: int) -> np.random.Generator:
    """The random stream for one thing, independent of all others of the same seed."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(kind), *numbers)))


def build_clubs(seed: int, clubs: int) -> tuple[Club, ...]:
    """The clubs of the league with their long-run strength.

    Parameters
    ----------
    seed
        The league's seed.
    clubs
        How many clubs (at most as many as there are names).
    """
    rng = stream(seed, Stream.LEAGUE)
    size = len(SQUAD)
    surnames = rng.permutation(len(names.SURNAMES))[: clubs * size]
    firsts = rng.integers(0, len(names.FIRST_NAMES), clubs * size)
    attack, defence = _centred(rng.normal(0, ATTACK_SD, clubs)), _centred(rng.normal(0, DEFENCE_SD, clubs))
    right_footed = rng.random((clubs, size)) < 0.74
    finishing = rng.normal(0, FINISHING_SD, (clubs, size))
    appetite = np.exp(rng.normal(0, APPETITE_SD, (clubs, size)))
    result = []
    for number in range(clubs):
        mine = slice(number * size, (number + 1) * size)
        players = tuple(
            _player(number, shirt, int(first), int(last))
            for shirt, (first, last) in enumerate(zip(firsts[mine], surnames[mine], strict=True), start=1)
        )
        team = Team(team_id=f"SIM-T{number + 1:02d}", name=names.CLUBS[number])
        squad = Squad(players, right_footed[number], finishing[number], appetite[number])
        result.append(Club(team, squad, float(attack[number]), float(defence[number])))
    return tuple(result)


def _player(club: int, shirt: int, first: int, last: int) -> Player:
    first_name, surname = names.FIRST_NAMES[first], names.SURNAMES[last]
    return Player(f"SIM-P{club + 1:02d}{shirt:02d}", f"{first_name} {surname}", surname)


def season_form(
    seed: int, season: int, clubs: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What a season adds to each club's attack and defence."""
    rng = stream(seed, Stream.SEASON, season, 0)
    return _centred(rng.normal(0, SEASON_SD, clubs)), _centred(rng.normal(0, SEASON_SD, clubs))


def _centred(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Strength is relative: no league as a whole shoots more because its draw was lucky."""
    return np.asarray(scores - scores.mean())


def draw_lineup(rng: np.random.Generator) -> Lineup:
    """Choose eleven, and three to five substitutes who come on between the 55th and the 85th minute."""
    squad = np.array(SQUAD)
    formation = FORMATIONS[rng.integers(len(FORMATIONS))]
    eleven = [0 if rng.random() < FIRST_KEEPER_SHARE else 1]
    for position, count in zip(OUTFIELD, formation, strict=True):
        # The first of each line are the regulars.
        pool = np.flatnonzero(squad == position)
        weight = np.linspace(REGULAR_WEIGHT, 1.0, pool.size)
        eleven += [int(i) for i in rng.choice(pool, count, replace=False, p=weight / weight.sum())]
    bench = rng.permutation([i for i in range(2, squad.size) if i not in eleven])
    changes = int(rng.integers(3, 6))
    slots = 1 + rng.permutation(10)[:changes]
    seconds = 60 * np.sort(rng.uniform(55, 85, changes))
    substitutions = zip(slots.tolist(), bench[:changes].tolist(), seconds.tolist(), strict=True)
    return Lineup(tuple(eleven), tuple(substitutions))
