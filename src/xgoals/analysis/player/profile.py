"""What a player's shots are like, and whose are most like them.

The measure is the overlap. Shots are sorted into kinds four times: by place, by what they were struck with, by what
they came after, by how good a chance they were. In each sorting two players share, of every kind, the smaller of their
two shares; the sum over the kinds is 1 for two who shoot alike and 0 for two who have no kind in common. The mean over
the four is how alike two players shoot. Penalties are apart, and so is whoever has fewer than 30 other shots.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from xgoals.analysis.player.goals import MIN_SHOTS
from xgoals.analysis.player.kinds import Band, Situation, Strike, Zone
from xgoals.analysis.player.shots import Shots, open_play
from xgoals.analysis.shots import FloatArray
from xgoals.domain.page_keys import PlayerKey
from xgoals.model.resampling import wilson_interval

CodeArray = npt.NDArray[np.intp]

Kind = Zone | Strike | Situation | Band

MORE = 1.2
"""Both have a kind in common more than most where either does it so many times as often as all players do."""
N_HALVINGS = 20
"""How often a player's shots are halved, to see how alike the halves are."""
_SEED = 7


class Aspect(StrEnum):
    """By what shots are sorted into kinds."""

    PLACE = "place"
    STRIKE = "strike"
    SITUATION = "situation"
    QUALITY = "quality"


_KINDS: Mapping[Aspect, tuple[Kind, ...]] = {
    Aspect.PLACE: tuple(Zone),
    Aspect.STRIKE: tuple(Strike),
    Aspect.SITUATION: tuple(Situation),
    Aspect.QUALITY: tuple(Band),
}


@dataclass(frozen=True, slots=True)
class Trait:
    """A kind of shot that two players have in common more than most.

    Attributes
    ----------
    kind
        Which.
    own, other, average
        Its share of the one's shots, of the other's, and of all shots.
    """

    kind: Kind
    own: float
    other: float
    average: float


@dataclass(frozen=True, slots=True)
class AlikePlayer:
    """Somebody who shoots alike.

    Attributes
    ----------
    player
        Who.
    n_shots
        Shots without penalties.
    overlap
        How alike, from 0 to 1.
    by_aspect
        The same by each sorting.
    traits
        What they share more than most, the strongest first.
    """

    player: PlayerKey
    n_shots: int
    overlap: float
    by_aspect: Mapping[Aspect, float]
    traits: tuple[Trait, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Profiles:
    """The shots of all players with enough of them, as shares of kinds.

    Attributes
    ----------
    players, n_shots
        Who, and how many shots without penalties.
    shares
        By aspect, shape (players, kinds): each row adds up to 1.
    average
        By aspect, shape (kinds,): the shares of all shots, whoever took them.
    """

    players: tuple[PlayerKey, ...]
    n_shots: tuple[int, ...]
    shares: Mapping[Aspect, FloatArray]
    average: Mapping[Aspect, FloatArray]

    @classmethod
    def of(cls, shots: Shots, by_player: Mapping[PlayerKey, Shots], min_shots: int = MIN_SHOTS) -> "Profiles":
        """Sort all shots; a player with fewer than ``min_shots``, penalties apart, has no profile."""
        enough = {player: own for player, of in by_player.items() if len(own := open_play(of)) >= min_shots}
        counted = [_shares(own) for own in enough.values()]
        return cls(
            players=tuple(enough),
            n_shots=tuple(len(own) for own in enough.values()),
            shares={
                aspect: np.array([of[aspect] for of in counted]).reshape(len(counted), len(kinds))
                for aspect, kinds in _KINDS.items()
            },
            average=_shares(open_play(shots)),
        )

    def most_like(self, player: PlayerKey, n: int = 5) -> tuple[AlikePlayer, ...]:
        """Those whose shots are most like this player's, the likest first; nobody where there is no profile."""
        if player not in self.players:
            return ()
        own = self.players.index(player)
        by_aspect = {
            aspect: np.minimum(shares, shares[own]).sum(axis=1) for aspect, shares in self.shares.items()
        }
        overlap = np.mean(list(by_aspect.values()), axis=0)
        order = [int(row) for row in np.argsort(-overlap, kind="stable") if row != own][:n]
        return tuple(
            AlikePlayer(
                player=self.players[row],
                n_shots=self.n_shots[row],
                overlap=float(overlap[row]),
                by_aspect={aspect: float(of[row]) for aspect, of in by_aspect.items()},
                traits=self._traits(own, row),
            )
            for row in order
        )

    def _traits(self, own: int, other: int, n: int = 2) -> tuple[Trait, ...]:
        """What two do clearly more than all players, the strongest first; how good the chances are is no trait."""
        found = [
            Trait(
                kind, float(shares[own, code]), float(shares[other, code]), float(self.average[aspect][code])
            )
            for aspect, shares in self.shares.items()
            if aspect is not Aspect.QUALITY
            for code, kind in enumerate(_KINDS[aspect])
        ]
        found.sort(key=lambda trait: trait.average - min(trait.own, trait.other))
        return tuple(trait for trait in found[:n] if min(trait.own, trait.other) > MORE * trait.average)


def own_overlap(shots: Shots, n_halvings: int = N_HALVINGS) -> float:
    """How alike chance halves of one player's shots are, at least two: who comes near that can hardly be told apart."""
    codes = {aspect: np.array(of, dtype=np.intp) for aspect, of in _codes(open_play(shots)).items()}
    n = len(codes[Aspect.PLACE])
    rng = np.random.default_rng(_SEED)
    return float(np.mean([_overlap_of_halves(codes, rng.permutation(n)) for _ in range(n_halvings)]))


def _overlap_of_halves(codes: Mapping[Aspect, CodeArray], order: CodeArray) -> float:
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    shared = [
        np.minimum(*(_share(of[half], len(_KINDS[aspect])) for half in halves)).sum()
        for aspect, of in codes.items()
    ]
    return float(np.mean(shared))


@dataclass(frozen=True, slots=True)
class KindShare:
    """How many of a player's shots are of a kind.

    Attributes
    ----------
    kind
        Which.
    n_shots, goals, xg
        The player's shots of this kind, the goals and the xG of them.
    share, low, high
        Of the player's shots without penalties, with Wilson's 95 % interval.
    average
        Of all players' shots.
    """

    kind: Kind
    n_shots: int
    goals: int
    xg: float
    share: float
    low: float
    high: float
    average: float


KindsOfShots = Mapping[Aspect, Sequence[KindShare]]
"""A player's shots by kind, sorted four times."""


def kinds_of_shots(shots: Shots, average: Mapping[Aspect, FloatArray]) -> KindsOfShots:
    """One player's shots without penalties by kind; kinds that nobody has are left out.

    Parameters
    ----------
    shots
        Of one player.
    average
        :attr:`Profiles.average`.
    """
    cut = open_play(shots)
    found: dict[Aspect, list[KindShare]] = {}
    for aspect, codes in _codes(cut).items():
        for code, (kind, usual) in enumerate(zip(_KINDS[aspect], average[aspect].tolist(), strict=True)):
            own = [shot for shot, of in zip(cut, codes, strict=True) if of == code]
            if own or usual:
                found.setdefault(aspect, []).append(_kind_share(kind, own, len(cut), usual))
    return found


def _kind_share(kind: Kind, own: Shots, n: int, average: float) -> KindShare:
    low, high = wilson_interval(len(own), n)
    goals, xg = sum(shot.is_goal for shot in own), sum(shot.xg for shot in own)
    return KindShare(kind, len(own), goals, xg, len(own) / max(1, n), low, high, average)


def _codes(shots: Shots) -> dict[Aspect, list[int]]:
    """The number of each shot's kind, in the order of its enumeration."""
    kinds = [shot.kinds for shot in shots]
    return {
        Aspect.PLACE: [_KINDS[Aspect.PLACE].index(of.zone) for of in kinds],
        Aspect.STRIKE: [_KINDS[Aspect.STRIKE].index(of.strike) for of in kinds],
        Aspect.SITUATION: [_KINDS[Aspect.SITUATION].index(of.situation) for of in kinds],
        Aspect.QUALITY: [_KINDS[Aspect.QUALITY].index(of.band) for of in kinds],
    }


def _shares(shots: Shots) -> dict[Aspect, FloatArray]:
    return {
        aspect: _share(np.array(codes, dtype=np.intp), len(_KINDS[aspect]))
        for aspect, codes in _codes(shots).items()
    }


def _share(codes: CodeArray, n_kinds: int) -> FloatArray:
    return np.bincount(codes, minlength=n_kinds) / max(1, len(codes))
