"""Who really takes something: keeper and opponents without whom the xG would be more."""

from dataclasses import dataclass

from xgoals.domain.reason import Actor, ShotReasons
from xgoals.report.shot.positions import Person, Positions

TAKES_XG = 0.01
"""Whoever takes less than this takes nothing that is worth a ring."""


@dataclass(frozen=True, slots=True)
class Taker:
    """One of those on the picture who take something.

    Attributes
    ----------
    takes_xg
        How much more the xG would be without him (the keeper: with an ordinary one).
    is_ordinary
        Whether scenes without him are of a kind that the model has seen.
    """

    person: Person
    takes_xg: float
    is_ordinary: bool


def takers(reasons: ShotReasons | None, around: Positions | None) -> list[Taker]:
    """Those who take something, the most first.

    The farthest of very many opponents play as one; what they take together is nobody's alone, and is not told.
    """
    if reasons is None or around is None:
        return []
    people = {person.person_n: person for person in around.people}
    shared = [actor.player_n for actor in reasons.actors]
    found = [
        Taker(people[actor.person_n], actor.removed_xg, actor.is_ordinary)
        for actor in reasons.actors
        if actor.person_n in people and takes(actor) and shared.count(actor.player_n) == 1
    ]
    return sorted(found, key=lambda taker: (-taker.takes_xg, taker.person.person_n))


def takes(actor: Actor) -> bool:
    """Whether somebody bears a ring: he took, and without him alone the xG would be more."""
    return actor.removed_xg >= TAKES_XG and actor.value < 0
