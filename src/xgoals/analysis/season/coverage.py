"""What of a season is known: all of it, a part, or the matches of one club."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xgoals.analysis.season.chances import MatchChances
from xgoals.domain.page_keys import ClubKey
from xgoals.domain.text import is_number

FEWEST_MATCHES = 3
"""With fewer nothing is said of whose matches they are."""
WHOLE_ENOUGH = 0.9
"""From this share of the matches that should be there a table is a table."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a season is known.

    Attributes
    ----------
    n_matches, n_counted, n_covered
        Matches that are stored; those played to their end; those of them of which shots are known.
    n_clubs
        Who plays in them.
    is_league
        Every match belongs to a numbered matchday: there is a table.
    only_club
        The club whose matches these are, where all of them are.
    last_matchday
        The highest number of a matchday with a result; None without.
    n_by_now, n_in_all
        How many matches a league of so many clubs has up to that matchday, and in a season of two matches of each pair;
        None where it is no league of that kind, or not known.
    """

    n_matches: int
    n_counted: int
    n_covered: int
    n_clubs: int
    is_league: bool
    only_club: ClubKey | None
    last_matchday: int | None
    n_by_now: int | None
    n_in_all: int | None

    @property
    def has_table(self) -> bool:
        """Whether a table of points says something: a league, as good as whole up to its newest matchday."""
        return (
            self.is_league
            and self.only_club is None
            and self.n_by_now is not None
            and self.n_counted >= WHOLE_ENOUGH * self.n_by_now
        )

    @property
    def is_under_way(self) -> bool:
        """Whether matchdays are to come."""
        return self.n_by_now is not None and self.n_in_all is not None and self.n_by_now < self.n_in_all

    @property
    def n_missing(self) -> int:
        """Matches up to the newest matchday that are not there, or not played to their end."""
        return 0 if self.n_by_now is None else max(0, self.n_by_now - self.n_counted)


def coverage(matches: Sequence[MatchChances]) -> Coverage:
    """What is known of these matches of one season."""
    counted = [match.match for match in matches if match.match.counts]
    clubs = Counter(club for match in matches for club in (match.match.home, match.match.away))
    is_league = bool(matches) and all(
        is_number(match.match.round.round) and match.match.matchday is not None for match in matches
    )
    last = max((match.matchday for match in counted if match.matchday is not None), default=None)
    only = next((club for club, n in clubs.most_common(1) if n == len(matches)), None)
    n_clubs = len(clubs)
    n_in_all = n_clubs * (n_clubs - 1) if is_league and n_clubs > 2 else None
    by_now = None if last is None or not is_league else last * (n_clubs // 2)
    return Coverage(
        n_matches=len(matches),
        n_counted=len(counted),
        n_covered=sum(match.match.counts and match.shares is not None for match in matches),
        n_clubs=n_clubs,
        is_league=is_league,
        only_club=only if n_clubs > 2 and len(matches) >= FEWEST_MATCHES else None,
        last_matchday=last,
        n_by_now=by_now,
        n_in_all=n_in_all if n_in_all is not None and (by_now is None or by_now <= n_in_all) else None,
    )
