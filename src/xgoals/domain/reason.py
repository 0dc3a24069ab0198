"""Why a shot has its xG, in football's order, as it is stored and told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

HOLDS_IN = 16
"""Of twenty refits: a sign, or a first reason, that fewer agree on does not hold."""
TOLD_FROM = 0.01
"""A value below this much xG is not told."""
TOLD_SD = 2.0
"""Nor is one smaller than so many of its standard deviations."""
N_REFERENCES = 24
"""Reference shots that a shot is compared with, where its kind is not too rare."""
NEAR_M = 3.0
"""A reference further away than this was not taken from the same spot."""


class Part(StrEnum):
    """What an xG is made of beside the average, in the order in which it is told."""

    PLACE = "place"
    KEEPER = "keeper"
    OPPONENTS = "opponents"
    STRIKE = "strike"


@dataclass(frozen=True, slots=True)
class PartValue:
    """What one part changes in xG, and how sure that is.

    Attributes
    ----------
    value
        In xG; None where the shot lacks what the part is made of (no frame, no keeper).
    sd
        Standard deviation over the refits; None without refits.
    same_sign
        In how many of the refits it has this sign.
    is_told
        Large enough, beyond its uncertainty, of the same sign: it may be told as a reason.
    """

    value: float | None
    sd: float | None = None
    same_sign: int = 0
    is_told: bool = False


def is_told(value: float, sd: float, same_sign: int) -> bool:
    """Whether a part's value is large enough, beyond its uncertainty, and of the same sign in enough refits."""
    return abs(value) > TOLD_FROM and abs(value) > TOLD_SD * sd and same_sign >= HOLDS_IN


@dataclass(frozen=True, slots=True)
class Actor:
    """What one person took or gave.

    Attributes
    ----------
    person_n
        His number in the shot's frame (``shot_position.person_n``).
    is_keeper
        The opponents' keeper; everybody else is an outfield opponent.
    player_n
        His number in the game; those who play as one share a number, and its value.
    value
        What he changed in xG, below 0 where he took it away.
    removed_xg
        How much more the xG would be if he alone were not there (for the keeper: if an ordinary one were).
    is_ordinary
        Whether the scene without him is one of which the model has seen some; else his values lean on a guess.
    """

    person_n: int
    is_keeper: bool
    player_n: int
    value: float
    removed_xg: float
    is_ordinary: bool = True


@dataclass(frozen=True, slots=True)
class ShotReasons:
    """Why one shot has its xG.

    Attributes
    ----------
    average_xg
        The mean over all shots without penalties: where every shot begins.
    xg
        What all values add up to with it.
    parts
        The four parts; empty for a penalty.
    first, held_in, n_refits
        The part that matters most; in how many of the refits it does. None where nothing is known.
    references
        Real shots from the same spot that it was compared with (``shot_key``), the nearest first.
    farthest_m
        How far away the farthest of them was taken.
    empty_xg
        The xG with an ordinary keeper and nobody else; None where the people are not known.
    actors
        Keeper and opponents who change anything, those who took most first.
    """

    average_xg: float
    xg: float
    parts: Mapping[Part, PartValue]
    first: Part | None = None
    held_in: int = 0
    n_refits: int = 0
    references: tuple[int, ...] = ()
    farthest_m: float | None = None
    empty_xg: float | None = None
    actors: tuple[Actor, ...] = ()

    @property
    def from_there_xg(self) -> float | None:
        """What shots from there, of this kind, are worth."""
        place = self.parts.get(Part.PLACE)
        return None if place is None or place.value is None else self.average_xg + place.value

    @property
    def n_references(self) -> int:
        """How many shots it was compared with."""
        return len(self.references)

    @property
    def is_far(self) -> bool:
        """Whether few shots of its kind were taken from there: what *from there* says is less sure then."""
        return self.n_references < N_REFERENCES or self.farthest_m is None or self.farthest_m > NEAR_M

    @property
    def holds(self) -> bool:
        """Whether the first reason is the first one in enough refits."""
        return self.held_in >= HOLDS_IN

    @property
    def told(self) -> tuple[Part, ...]:
        """The parts beside the place that hold, the largest first."""
        holding = [part for part, of in self.parts.items() if of.is_told and part is not Part.PLACE]
        return tuple(sorted(holding, key=lambda part: -abs(self.parts[part].value or 0.0)))
