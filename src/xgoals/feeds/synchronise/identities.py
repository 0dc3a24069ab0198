"""Who in the tracking is whom in the events: by the same id, else by shirt, else by name."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xgoals.domain.match import Match
from xgoals.feeds.synchronise.tracking import Side, TrackedPerson

MIN_NAMED_SHARE = 0.5
"""With fewer of the tracked people in the line-ups it is another match."""
_OTHER: dict[Side, Side] = {"home": "away", "away": "home"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a line-up, as the events name him; his shirt and his name help to find him in the tracking."""

    player_id: str
    team_id: str
    shirt: int | None = None
    name: str | None = None
    is_keeper: bool = False


@dataclass(frozen=True, slots=True)
class Identities:
    """For every key of the tracking who he is.

    ``player_ids`` and ``team_ids`` have every key: who is in no line-up has an id made of team and shirt.
    ``by_id_or_name`` and ``named`` count those who were found, ``strangers`` are the keys of the others.
    """

    player_ids: Mapping[str, str]
    team_ids: Mapping[str, str]
    by_id_or_name: int
    named: int
    strangers: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of the tracked people who are in the line-ups."""
        return self.named / max(len(self.player_ids), 1)


def identify(
    people: Iterable[TrackedPerson], members: Sequence[Member], match: Match, *, swapped: bool = False
) -> Identities:
    """Find the people of a tracking file in the line-ups.

    Parameters
    ----------
    people
        Of the tracking.
    members
        Of the line-ups of both teams.
    match
        Says which team is at home.
    swapped
        Whether the tracking's home team is the events' away team.
    """
    people = list(people)
    by_id = {member.player_id: member for member in members}
    by_shirt = _unique({(m.team_id, m.shirt): m for m in members if m.shirt is not None}, members)
    by_name = _by_name(members)
    tracked_names = Counter((p.side, last_name(p.name)) for p in people)
    player_ids, team_ids, strangers = {}, {}, []
    sure = 0
    for person in people:
        side = _OTHER[person.side] if swapped else person.side
        team_id = match.home.team_id if side == "home" else match.away.team_id
        same_id = by_id.get(person.player_id or "")
        name = last_name(person.name)
        same_name = by_name.get((team_id, name)) if tracked_names[person.side, name] == 1 else None
        found = same_id or by_shirt.get((team_id, person.shirt)) or same_name
        sure += same_id is not None or (same_name is not None and same_name is found)
        if found is None:
            strangers.append(person.key)
        player_ids[person.key] = found.player_id if found else f"{team_id} {person.key}"
        team_ids[person.key] = found.team_id if found else team_id
    return Identities(player_ids, team_ids, sure, len(people) - len(strangers), tuple(strangers))


def last_name(name: str | None) -> str:
    """The last word of a name without accents and case; empty where there is none.

    >>> last_name("Íñigo Martínez"), last_name("J. van den Berg"), last_name(None)
    ('martinez', 'berg', '')
    """
    words = "".join(
        c for c in unicodedata.normalize("NFKD", name or "") if not unicodedata.combining(c)
    ).split()
    return words[-1].casefold() if words else ""


def _unique(
    by_shirt: dict[tuple[str, int | None], Member], members: Sequence[Member]
) -> dict[tuple[str, int | None], Member]:
    count = Counter((m.team_id, m.shirt) for m in members)
    return {key: member for key, member in by_shirt.items() if count[key] == 1}


def _by_name(members: Sequence[Member]) -> dict[tuple[str, str], Member]:
    count = Counter((m.team_id, last_name(m.name)) for m in members)
    names = {(m.team_id, last_name(m.name)): m for m in members}
    return {key: member for key, member in names.items() if key[1] and count[key] == 1}
