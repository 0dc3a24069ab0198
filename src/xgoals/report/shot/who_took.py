"""Who took what away: from an ordinary keeper and nobody else to the shot's xG, person by person.

The values of the people's game add up (:mod:`xgoals.reasons.actors`); what somebody takes *alone*, the number
beside his ring, does not, since two who stand in each other's way take the same thing.
"""

from dataclasses import dataclass
from itertools import groupby

from xgoals.domain.reason import Actor, ShotReasons
from xgoals.language import Language
from xgoals.report.shot.positions import Person, Positions
from xgoals.report.shot.positions_in_words import name_of
from xgoals.report.shot.takers import TAKES_XG, takes

_ZERO = 0.005
"""Less than this is 0.00, and not told of all others together."""


@dataclass(frozen=True, slots=True)
class TakenRow:
    """Somebody's part.

    Attributes
    ----------
    who
        By the surname; a nameless one by what he is, several who cannot be told apart together.
    is_keeper
        The keeper is measured against an ordinary one.
    value
        What he changed, below 0 where he took away.
    without_xg
        What it would be without him alone (with an ordinary keeper), of those who bear a ring; None for all others, for
        several, and where the model has seen nothing like it.
    """

    who: str
    is_keeper: bool
    value: float
    without_xg: float | None


@dataclass(frozen=True, slots=True)
class WhoTook:
    """The way from nobody to the shot; ``rest`` is what all the others changed, 0 where nothing."""

    empty_xg: float
    rows: tuple[TakenRow, ...]
    rest: float
    xg: float


def who_took(reasons: ShotReasons | None, around: Positions | None, words: Language) -> WhoTook | None:
    """Name who took what; None where the people's game is not known."""
    if reasons is None or around is None or reasons.empty_xg is None or not reasons.actors:
        return None
    people = {person.person_n: person for person in around.people}
    actors = sorted(reasons.actors, key=lambda actor: actor.player_n)
    rows = []
    for _, playing in groupby(actors, key=lambda actor: actor.player_n):
        row = _row(list(playing), people, reasons.xg, words)
        if abs(row.value) >= TAKES_XG:
            rows.append(row)
    rows.sort(key=lambda row: row.value)
    rest = reasons.xg - reasons.empty_xg - sum(row.value for row in rows)
    return WhoTook(reasons.empty_xg, tuple(rows), rest if abs(rest) >= _ZERO else 0.0, reasons.xg)


def _row(playing: list[Actor], people: dict[int, Person], xg: float, words: Language) -> TakenRow:
    """One who plays, or several who play as one and share a value."""
    first = playing[0]
    if len(playing) > 1:
        who = words.text("%(n)s others together", n=words.count(len(playing)))
        return TakenRow(who, is_keeper=False, value=first.value, without_xg=None)
    known = people.get(first.person_n)
    who = name_of(known, words) if known else words.text("the keeper" if first.is_keeper else "an opponent")
    is_told = first.is_ordinary and takes(first)
    return TakenRow(who, first.is_keeper, first.value, xg + first.removed_xg if is_told else None)
