"""Who meets whom, and when: a double round robin on the weekends of a European season."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

FIRST_YEAR = 2023
"""The first season starts in August of this year."""

# Weekends after the first one; the gaps are international breaks and the turn of the year.
_BREAKS = frozenset({3, 8, 13, 18, 19, 20, 31})
WEEKENDS = tuple(week for week in range(41) if week not in _BREAKS)
"""34 weekends from mid-August to the end of May."""

_FRIDAY, _SATURDAY, _SUNDAY = 0, 1, 2
_SLOTS = (
    (_FRIDAY, time(20, 30)),
    *((_SATURDAY, time(15, 30)),) * 5,
    (_SATURDAY, time(18, 30)),
    (_SUNDAY, time(15, 30)),
    (_SUNDAY, time(17, 30)),
)
_LAST_MATCHDAYS = 2
"""The last matchdays are played at one time, so that nobody knows the others' results."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """One pairing of a matchday: indexes of the clubs, and the kick-off (UTC)."""

    number: int
    home: int
    away: int
    kick_off: datetime


def matchdays(clubs: int) -> int:
    """Matchdays of a season."""
    return 2 * (clubs - 1)


def season_name(season: int) -> str:
    """Season 1 is "2023/24"."""
    year = FIRST_YEAR + season - 1
    return f"{year}/{(year + 1) % 100:02d}"


def season_id(season: int) -> str:
    """Season 1 is "SIM-2023"."""
    return f"SIM-{FIRST_YEAR + season - 1}"


def fixtures(order: list[int], season: int, matchday: int) -> list[Fixture]:
    """The pairings of one matchday.

    Parameters
    ----------
    order
        The clubs in the season's drawn order.
    season, matchday
        Both from 1.

    Returns
    -------
    list of Fixture
        By kick-off. Every club plays every other once at home and once away over the season.
    """
    half = len(order) - 1
    pairs = _round(order, (matchday - 1) % half)
    if matchday > half:
        pairs = [(away, home) for home, away in pairs]
    # Who plays on Friday changes from matchday to matchday.
    shift = matchday % len(pairs)
    pairs = pairs[shift:] + pairs[:shift]
    friday = _first_friday(season) + timedelta(weeks=WEEKENDS[matchday - 1])
    at_once = matchday > matchdays(len(order)) - _LAST_MATCHDAYS
    return [
        Fixture(number, home, away, _kick_off(friday, number, at_once))
        for number, (home, away) in enumerate(pairs, start=1)
    ]


def draw_order(rng: np.random.Generator, clubs: int) -> list[int]:
    """The order of the clubs from which a season's pairings follow."""
    return [int(i) for i in rng.permutation(clubs)]


def _round(order: list[int], number: int) -> list[tuple[int, int]]:
    """The circle method: the first club stays, the others turn; home and away alternate."""
    fixed, others = order[0], order[1:]
    turned = others[number:] + others[:number]
    circle = [fixed, *turned]
    pairs = [(circle[i], circle[-1 - i]) for i in range(len(circle) // 2)]
    if number % 2:
        pairs[0] = pairs[0][::-1]
    return [pair if i == 0 or i % 2 == 0 else pair[::-1] for i, pair in enumerate(pairs)]


def _first_friday(season: int) -> date:
    """The first Friday from the 12th of August on."""
    start = date(FIRST_YEAR + season - 1, 8, 12)
    return start + timedelta(days=(4 - start.weekday()) % 7)


def _kick_off(friday: date, number: int, at_once: bool) -> datetime:
    day, hour = _SLOTS[1] if at_once else _SLOTS[(number - 1) % len(_SLOTS)]
    return datetime.combine(friday + timedelta(days=day), hour, UTC)
