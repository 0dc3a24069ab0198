"""Teams, players and matches, with the provider's own ids as text."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from xgoals.domain.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Team:
    """A team, by the provider's id and name."""

    team_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Player:
    """A player; ``name`` is None where the feed knows only the id."""

    player_id: str
    name: str | None = None
    short_name: str | None = None


class MatchStatus(StrEnum):
    """What a match's result is worth: only that of a match which was played to its end was won on the pitch."""

    PLAYED = "played"
    UNFINISHED = "unfinished"
    """Not begun, or not over yet, by the provider's own word."""
    ABANDONED = "abandoned"
    AWARDED = "awarded"
    """The result was decided off the pitch."""
    CANCELLED = "cancelled"

    @property
    def counts(self) -> bool:
        """Whether the result has a place among results and finishing."""
        return self is MatchStatus.PLAYED


@dataclass(frozen=True, slots=True)
class Match:
    """One match as the provider names it.

    ``matchday`` is None where the competition has none. ``kick_off`` is None where the feed gives only
    a date. ``message_time`` orders deliveries of the same match (DFL), None where the feed has no such time.
    Its shots are shots whatever the ``status``; its result counts only where the match was played to its end.
    """

    provider: str
    match_id: str
    competition_id: str
    competition: str
    season_id: str
    season: str
    match_date: date
    home: Team
    away: Team
    pitch: Pitch
    matchday: int | None = None
    stage: str | None = None
    kick_off: datetime | None = None
    home_score: int | None = None
    away_score: int | None = None
    message_time: datetime | None = None
    is_simulated: bool = False
    status: MatchStatus = MatchStatus.PLAYED


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A goal that is nobody's shot: without it the scoreline does not add up.

    ``team_id`` is the team that it counts for, ``player_id`` the one who put it into his own goal; ``period`` and
    ``second`` are None where the feed gives the minute alone.
    """

    team_id: str
    player_id: str | None
    minute: int
    period: int | None = None
    second: int | None = None
