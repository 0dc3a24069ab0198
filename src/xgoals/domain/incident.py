"""What changes who is on the pitch, or may stay there: cards and substitutions."""

from dataclasses import dataclass
from enum import StrEnum


class IncidentKind(StrEnum):
    """What happened."""

    YELLOW_CARD = "yellow_card"
    SECOND_YELLOW_CARD = "second_yellow_card"
    RED_CARD = "red_card"
    SUBSTITUTION = "substitution"

    @property
    def sends_off(self) -> bool:
        """Whether the player's team goes on with one less."""
        return self in (IncidentKind.SECOND_YELLOW_CARD, IncidentKind.RED_CARD)


@dataclass(frozen=True, slots=True)
class Incident:
    """A card or a substitution.

    Attributes
    ----------
    kind, team_id
        What, and whose.
    player_id
        Who is shown the card, or leaves the pitch.
    replacement_id
        Who comes on; None for cards.
    period, minute, second
        When, by the event feed's clock.
    """

    kind: IncidentKind
    team_id: str
    player_id: str | None
    period: int
    minute: int
    second: int
    replacement_id: str | None = None
