"""Cards and substitutions, from the events of a whole match."""

from collections.abc import Iterable, Iterator

from xgoals.domain.incident import Incident, IncidentKind
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, obj, whole

CARDS = {
    "Yellow Card": IncidentKind.YELLOW_CARD,
    "Second Yellow": IncidentKind.SECOND_YELLOW_CARD,
    "Red Card": IncidentKind.RED_CARD,
}
SHOOT_OUT_PERIOD = 5


def read_incidents(events: Iterable[Json]) -> Iterator[Incident]:
    """The cards and substitutions of a match, in the order of its events; a shoot-out is no longer the match."""
    for event in events:
        kind = _kind(event)
        period = whole(event.get("period"))
        if kind is None or period == SHOOT_OUT_PERIOD:
            continue
        yield Incident(
            kind=kind,
            team_id=id_of(obj(event.get("team")).get("id")) or "",
            player_id=id_of(obj(event.get("player")).get("id")),
            period=period or 0,
            minute=_or(whole(event.get("minute")), -1),
            second=_or(whole(event.get("second", 0)), -1),
            replacement_id=id_of(replacement_of(event).get("id")),
        )


def is_incident(event: Json) -> bool:
    """Whether the event is a card or a substitution."""
    return _kind(event) is not None


def replacement_of(event: Json) -> Json:
    """Who comes on with a substitution; nothing for other events."""
    return obj(obj(event.get("substitution")).get("replacement"))


def _kind(event: Json) -> IncidentKind | None:
    if obj(event.get("type")).get("name") == "Substitution":
        return IncidentKind.SUBSTITUTION
    card = obj(obj(event.get("foul_committed")).get("card") or obj(event.get("bad_behaviour")).get("card"))
    return CARDS.get(str(card.get("name")))


def _or(value: int | None, other: int) -> int:
    return other if value is None else value
