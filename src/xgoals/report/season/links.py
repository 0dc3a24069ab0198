"""Where the pages lie that a season's page leads to, relative to it; what is missing has no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, RoundKey


@dataclass(frozen=True, slots=True)
class SeasonLinks:
    """Addresses by key; of cards by ``shot_key``.

    Attributes
    ----------
    missing
        Of matches: where the page will lie that is not written yet.
    """

    clubs: Mapping[ClubKey, str] = field(default_factory=dict)
    players: Mapping[PlayerKey, str] = field(default_factory=dict)
    matches: Mapping[MatchKey, str] = field(default_factory=dict)
    missing: Mapping[MatchKey, str] = field(default_factory=dict)
    rounds: Mapping[RoundKey, str] = field(default_factory=dict)
    cards: Mapping[int, str] = field(default_factory=dict)
    model: str | None = None
