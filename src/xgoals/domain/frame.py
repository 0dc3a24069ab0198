"""Who can be in the frame of a shot: at most eleven a side, nobody twice, and nobody who is not on the pitch."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xgoals.domain.bounds import MAX_A_SIDE
from xgoals.domain.scene import Person

SAME_PLACE_M = 0.05
"""Two people are never this close; a person who is tracked under two ids is."""

People = tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class OnPitch:
    """Ids of those who are on the pitch by line-up, substitutions and red cards; an empty side is unknown."""

    teammates: frozenset[str] = frozenset()
    opponents: frozenset[str] = frozenset()


def without_doubles(people: Iterable[Person], shooter_id: str | None) -> tuple[People, list[str]]:
    """The people of a frame once each and without the shooter, and the ids of those who were in it again."""
    seen: set[str] = set() if shooter_id is None else {shooter_id}
    once, again = [], []
    for person in people:
        if person.player_id is not None and person.player_id in seen:
            again.append(person.player_id)
            continue
        if person.player_id is not None:
            seen.add(person.player_id)
        once.append(person)
    return tuple(once), again


def without_outsiders(
    people: Sequence[Person], on_pitch: OnPitch, shooter_id: str | None
) -> tuple[People, list[Person]]:
    """Who of a frame is on the pitch, and who is left out.

    A line-up can lag behind, so that somebody who is not in it stays while his side has a place for him: while fewer
    of those are seen who should be. He goes where his side is complete without him, or where he stands in the very
    place of a team-mate.

    Parameters
    ----------
    people
        Nobody twice, the shooter not among them.
    on_pitch
        Who should be there.
    shooter_id
        He takes one of his side's places.
    """
    out: set[int] = set()
    for is_teammate, ids in ((True, on_pitch.teammates), (False, on_pitch.opponents)):
        if ids:
            side = [(i, person) for i, person in enumerate(people) if person.is_teammate == is_teammate]
            out |= _outsiders(side, ids, len(ids - {shooter_id}))
    kept = tuple(person for i, person in enumerate(people) if i not in out)
    return kept, [people[i] for i in sorted(out)]


def _outsiders(side: Sequence[tuple[int, Person]], ids: frozenset[str], places: int) -> set[int]:
    known = [person for _, person in side if person.player_id in ids]
    strangers = [(i, person) for i, person in side if person.player_id not in ids]
    doubles = {i for i, person in strangers if any(_is_same_place(person, other) for other in known)}
    left = [i for i, _ in strangers if i not in doubles]
    return doubles | set(left[max(places - len(known), 0) :])


def _is_same_place(one: Person, other: Person) -> bool:
    return math.hypot(one.x_m - other.x_m, one.y_m - other.y_m) <= SAME_PLACE_M


def crowd(people: Iterable[Person], *, is_shooter_apart: bool) -> str | None:
    """What to say of a frame with more people of a side than a side has; None of any other.

    ``is_shooter_apart``: whether the shooter is known and none of ``people``.
    """
    sides = [person.is_teammate for person in people]
    mates, opponents = sides.count(True), sides.count(False)
    if opponents > MAX_A_SIDE:
        return f"{opponents} opponents"
    if mates > MAX_A_SIDE - is_shooter_apart:
        return f"{mates} team-mates beside the shooter" if is_shooter_apart else f"{mates} team-mates"
    return None
