"""A match as the pages of its season tell it."""

from dataclasses import dataclass
from datetime import date

from xgoals.domain.match import MatchStatus
from xgoals.domain.page_keys import ClubKey, MatchKey, RoundKey


@dataclass(frozen=True, slots=True)
class SeasonMatch:
    """A match of a season; the result is None where none is known.

    Attributes
    ----------
    n_shots
        Of both sides, with a published number.
    """

    key: MatchKey
    round: RoundKey
    matchday: int | None
    match_date: date
    home: ClubKey
    away: ClubKey
    home_score: int | None
    away_score: int | None
    status: MatchStatus
    n_shots: int
    is_simulated: bool

    @property
    def counts(self) -> bool:
        """Whether it was played to its end, with a result."""
        return self.status.counts and self.home_score is not None and self.away_score is not None
