"""Where the page of a match leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MatchLinks:
    """Addresses relative to the page of a match, each None where there is no such page.

    Attributes
    ----------
    players
        Of the shooters, by shot id.
    """

    season: str | None = None
    matchday: str | None = None
    home: str | None = None
    away: str | None = None
    players: Mapping[str, str] = field(default_factory=dict)
