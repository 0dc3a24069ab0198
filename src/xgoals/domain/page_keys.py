"""By what name a page is known: seasons, clubs of a season, players, each by the ids that stay when names change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class MatchKey:
    """A match, by the provider's own id."""

    provider: str
    match_id: str

    @property
    def scope_id(self) -> str:
        """As its page is registered."""
        return f"{self.provider}-{self.match_id}"

    @property
    def name(self) -> str:
        """As people name it where its id alone may be another provider's match."""
        return f"{self.provider}:{self.match_id}"

    def is_named(self, text: str) -> bool:
        """Whether a text names this match: its id, or ``provider:id``."""
        return text in (self.match_id, self.name)


@dataclass(frozen=True, slots=True, order=True)
class SeasonKey:
    """A season of a competition; where two providers have one of this name, the competition's names them, too."""

    competition: str
    season: str

    @property
    def scope_id(self) -> str:
        """As its page is registered."""
        return f"{self.competition} {self.season}"


@dataclass(frozen=True, slots=True, order=True)
class RoundKey:
    """A round of a season: the matchday's number, a cup's stage, or a date."""

    season: SeasonKey
    round: str

    @property
    def scope_id(self) -> str:
        """As the page of the matchday is registered."""
        name = f"matchday {self.round}" if self.round.isdigit() else self.round
        return f"{self.season.scope_id}, {name}"


@dataclass(frozen=True, slots=True, order=True)
class ClubKey:
    """A club in a season; two clubs of one name are told apart by the provider's id."""

    season: SeasonKey
    provider: str
    team_id: str
    name: str

    @property
    def scope_id(self) -> str:
        """As its page is registered: without the name, which may change."""
        return f"{self.season.scope_id}, {self.provider}-{self.team_id}"


@dataclass(frozen=True, slots=True, order=True)
class PlayerKey:
    """A player, whatever he is called and wherever he plays."""

    provider: str
    player_id: str

    @property
    def scope_id(self) -> str:
        """As his page is registered."""
        return f"{self.provider}-{self.player_id}"
