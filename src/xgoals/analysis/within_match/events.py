"""Cards and substitutions of a match, in the order of play."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xgoals.analysis.results import Side
from xgoals.analysis.shots import text_or_empty
from xgoals.analysis.sides import side_of
from xgoals.domain.incident import IncidentKind


@dataclass(frozen=True, slots=True)
class MatchEvent:
    """A card or a substitution.

    Attributes
    ----------
    side, kind
        Whose, and what.
    player
        Who is shown the card, or leaves the pitch; empty where not known.
    replacement
        Who comes on; empty for cards.
    period, minute, second
        When, by the feed's clock.
    """

    side: Side
    kind: IncidentKind
    player: str
    replacement: str
    period: int
    minute: int
    second: int


def match_events(match: Mapping[str, Any]) -> tuple[MatchEvent, ...]:
    """What a feed tells of cards and substitutions.

    Parameters
    ----------
    match
        ``home_team`` and, where known, ``incidents``: rows of ``kind`` (:class:`~xgoals.domain.incident.IncidentKind`),
        ``team, player, replacement, period, minute, second``.
    """
    found = [_event(row, match) for row in match.get("incidents") or ()]
    return tuple(sorted(found, key=lambda event: (event.period, event.minute, event.second)))


def _event(row: Mapping[str, Any], match: Mapping[str, Any]) -> MatchEvent:
    return MatchEvent(
        side=side_of(row["team"], match),
        kind=IncidentKind(row["kind"]),
        player=text_or_empty(row.get("player")),
        replacement=text_or_empty(row.get("replacement")),
        period=int(row["period"]),
        minute=int(row["minute"]),
        second=int(row.get("second") or 0),
    )
