"""Single shots of a player, or against a keeper, that one wants to see again; none in two lists, penalties in none."""

from collections.abc import Iterable
from dataclasses import dataclass

from xgoals.analysis.player.shots import PlayerShot, Shots, open_play
from xgoals.domain.shot import Outcome

SHOWN = 5
"""So many of a kind."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Shots of a player, the foremost first.

    Attributes
    ----------
    best
        The best chances, whatever became of them.
    missed
        The best of those that were missed and are not among ``best``.
    unlikely
        The goals from the least xG, those among ``best`` apart.
    """

    best: tuple[PlayerShot, ...]
    missed: tuple[PlayerShot, ...]
    unlikely: tuple[PlayerShot, ...]


@dataclass(frozen=True, slots=True)
class ChancesFaced:
    """Shots that a keeper faced: ``saves``, the highest xG first; ``let_in``, goals from the least xG first."""

    saves: tuple[PlayerShot, ...]
    let_in: tuple[PlayerShot, ...]


def chances(shots: Shots, n: int = SHOWN) -> Chances:
    """The shots of one player that people talk about."""
    best = highest(open_play(shots), n)
    rest = [shot for shot in open_play(shots) if shot not in best]
    return Chances(
        best=best,
        missed=highest((shot for shot in rest if not shot.is_goal), n),
        unlikely=_lowest((shot for shot in rest if shot.is_goal), n),
    )


def chances_faced(shots: Shots, n: int = SHOWN) -> ChancesFaced:
    """The same of the shots that one keeper faced."""
    cut = open_play(shots)
    return ChancesFaced(
        saves=highest((shot for shot in cut if shot.outcome == Outcome.SAVED), n),
        let_in=_lowest((shot for shot in cut if shot.is_goal), n),
    )


def highest(shots: Iterable[PlayerShot], n: int) -> tuple[PlayerShot, ...]:
    """The n shots with the most xG, ties in the order in which they were stored."""
    return tuple(sorted(shots, key=lambda shot: (-shot.xg, shot.shot_key))[:n])


def _lowest(shots: Iterable[PlayerShot], n: int) -> tuple[PlayerShot, ...]:
    return tuple(sorted(shots, key=lambda shot: (shot.xg, shot.shot_key))[:n])
