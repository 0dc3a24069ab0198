"""How a club's chances go up and down over a season."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xgoals.analysis.season.chances import MatchChances
from xgoals.domain.page_keys import ClubKey

WINDOW = 5
"""A trend is the mean over so many matches: the match and those before it."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A match of a club: its own numbers, and the means over the last matches."""

    match_date: date
    xg_for: float
    xg_against: float
    mean_for: float
    mean_against: float


@dataclass(frozen=True, slots=True)
class ClubTrend:
    """A club's matches of which shots are known, by date."""

    club: ClubKey
    points: tuple[TrendPoint, ...]

    @property
    def blocks(self) -> tuple[tuple[float, float], ...]:
        """Mean xG for and against of every :data:`WINDOW` matches one after the other; the last may have fewer."""
        parts = [self.points[start : start + WINDOW] for start in range(0, len(self.points), WINDOW)]
        return tuple(
            (sum(p.xg_for for p in part) / len(part), sum(p.xg_against for p in part) / len(part))
            for part in parts
        )


def trends(matches: Sequence[MatchChances]) -> dict[ClubKey, ClubTrend]:
    """The trend of every club that has a match of which shots are known."""
    seen: dict[ClubKey, list[tuple[date, float, float]]] = {}
    for match in matches:
        if match.shares is None:
            continue
        day, home, away = match.match.match_date, match.home.xg, match.away.xg
        seen.setdefault(match.match.home, []).append((day, home, away))
        seen.setdefault(match.match.away, []).append((day, away, home))
    return {club: ClubTrend(club, _points(sorted(own))) for club, own in seen.items()}


def _points(own: Sequence[tuple[date, float, float]]) -> tuple[TrendPoint, ...]:
    points = []
    for n, (day, xg_for, xg_against) in enumerate(own, start=1):
        last = own[max(0, n - WINDOW) : n]
        points.append(
            TrendPoint(
                *(day, xg_for, xg_against),
                mean_for=sum(match[1] for match in last) / len(last),
                mean_against=sum(match[2] for match in last) / len(last),
            )
        )
    return tuple(points)
