"""Matches into the points of a series: a matchday each, or so many small ones that there is something to say."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

MIN_SHOTS = 150
"""A point has at least so many shots, without penalties: some six matches."""


@dataclass(frozen=True, slots=True)
class SeenMatch:
    """A match with shots that the champion has explained.

    Attributes
    ----------
    is_learned
        Whether it is of the champion's window.
    state
        Changes with whatever enters the sums of its shots.
    """

    provider: str
    match_id: str
    competition: str
    season: str
    matchday: int | None
    match_date: date
    is_learned: bool
    n_shots: int
    state: str


@dataclass(frozen=True, slots=True)
class Point:
    """A matchday of a competition, or several in a row; those of the window and later ones are counted apart.

    Attributes
    ----------
    n
        Its place, from 0, among those of the window or among the later ones.
    is_whole
        Whether it has as many shots as it takes to say something; the last one may still wait for more.
    state_key
        Changes with whatever enters its sums.
    """

    competition: str
    is_learned: bool
    n: int
    matches: tuple[SeenMatch, ...]
    is_whole: bool

    @property
    def n_shots(self) -> int:
        """Shots of all its matches."""
        return sum(match.n_shots for match in self.matches)

    @property
    def first(self) -> SeenMatch:
        """A match of the matchday that it begins with."""
        return self.matches[0]

    @property
    def last(self) -> SeenMatch:
        """A match of the matchday that it ends with: it is called by that."""
        return self.matches[-1]

    @property
    def state_key(self) -> str:
        """The same for the same matches in the same states."""
        told = "\n".join(
            f"{m.provider}|{m.match_id}|{m.season}|{m.matchday}|{m.match_date}|{m.state}"
            for m in self.matches
        )
        return hashlib.sha256(f"{self.is_whole}\n{told}".encode()).hexdigest()[:16]


def points_of(matches: Iterable[SeenMatch]) -> list[Point]:
    """The points of all competitions, each competition's in the order of time, the window before what came later.

    Matchdays follow each other by the day of their first match; a match that was put off still belongs to its own. A
    matchday with fewer than `MIN_SHOTS` shots is joined with those after it, over the end of a season, too, until there
    are so many. What is left over at the end waits for more (``is_whole`` is False).
    """
    found = []
    ordered = sorted(matches, key=lambda match: (match.competition, not match.is_learned))
    for (competition, is_learned), part in groupby(ordered, key=lambda m: (m.competition, m.is_learned)):
        for n, (pooled, is_whole) in enumerate(_pooled(_matchdays(list(part)))):
            found.append(Point(competition, is_learned, n, tuple(pooled), is_whole))
    return found


def _matchdays(matches: Sequence[SeenMatch]) -> list[list[SeenMatch]]:
    """The matchdays of a competition in the order of time; without a number every day is one."""
    days: dict[tuple[str, object], list[SeenMatch]] = {}
    for match in sorted(matches, key=lambda m: (m.match_date, m.provider, m.match_id)):
        name: object = match.match_date if match.matchday is None else match.matchday
        days.setdefault((match.season, name), []).append(match)
    return list(days.values())


def _pooled(matchdays: Iterable[list[SeenMatch]]) -> Iterator[tuple[list[SeenMatch], bool]]:
    waiting: list[SeenMatch] = []
    for matchday in matchdays:
        waiting = waiting + matchday
        if sum(match.n_shots for match in waiting) >= MIN_SHOTS:
            yield waiting, True
            waiting = []
    if waiting:
        yield waiting, False
