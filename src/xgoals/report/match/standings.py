"""xG while level, ahead and behind: the chances of either side by the score at which they came."""

from collections.abc import Iterator
from dataclasses import dataclass

from xgoals.analysis.results import Side
from xgoals.analysis.within_match.race import STANDINGS, Standing, minutes_by_standing, xg_by_standing
from xgoals.report.match.facts import MatchFacts

_SEEN_FROM_AWAY: dict[Standing, Standing] = {"level": "level", "ahead": "behind", "behind": "ahead"}


@dataclass(frozen=True, slots=True)
class StandingRow:
    """xG of both sides at one standing; None for a side that never stood so."""

    standing: Standing
    home: float | None
    away: float | None


def standing_rows(facts: MatchFacts) -> list[StandingRow]:
    """A row a standing that either side had; none where nobody knows who led when, and of a match that stayed level."""
    sums = xg_by_standing(facts.numbers, facts.race)
    return [] if sums is None or len(facts.race.states) < 2 else list(_rows(facts, sums))


def _rows(facts: MatchFacts, sums: dict[Side, dict[Standing, float]]) -> Iterator[StandingRow]:
    minutes = minutes_by_standing(facts.race.states)
    for standing in STANDINGS:
        home = sums["home"][standing] if minutes[standing] else None
        away = sums["away"][standing] if minutes[_SEEN_FROM_AWAY[standing]] else None
        if home is not None or away is not None:
            yield StandingRow(standing, home, away)
