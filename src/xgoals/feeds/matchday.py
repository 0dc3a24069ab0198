"""Which matchday is complete, partial, or being corrected: pure functions over what has arrived.

How many matches to expect comes from a schedule where there is one; else from the clubs of that competition
and season (half of them play at a time); else, on a first matchday, from nobody: then it counts as complete
once nothing new has come for a quiet time. The verdict says which it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

_A_MATCH_OF = "a match of "

QUIET = timedelta(hours=3)
"""Without a schedule or clubs: this long after the last file's arrival a matchday counts as complete."""


class State(StrEnum):
    """Of a matchday."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    CORRECTED = "corrected"


class Expectation(StrEnum):
    """Where the number of matches to expect comes from."""

    SCHEDULE = "schedule"
    CLUBS = "clubs"
    QUIET_TIME = "quiet time"


@dataclass(frozen=True, slots=True, order=True)
class Matchday:
    """One matchday of a competition's season."""

    competition_id: str
    season_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of one match's files.

    Attributes
    ----------
    missing
        Kinds of files that a match of this feed should have and that have not come ("positions").
    message_time
        Of the newest message.
    processed_message_time
        Of the message that was ingested last, None before the first time.
    arrived_at
        When the newest file came.
    """

    match_id: str
    matchday: Matchday
    team_ids: tuple[str, str]
    arrived_at: datetime
    missing: tuple[str, ...] = ()
    message_time: datetime | None = None
    processed_message_time: datetime | None = None

    @property
    def is_correction(self) -> bool:
        """Whether a newer message than the one processed has come; an older one never counts."""
        return (
            self.message_time is not None
            and self.processed_message_time is not None
            and self.message_time > self.processed_message_time
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a matchday and why.

    ``expected`` matches by ``expectation`` (None: nobody knows yet), ``present`` of them with all files.
    ``missing_matches`` are named where the schedule or the clubs can name them.
    """

    matchday: Matchday
    state: State
    expectation: Expectation
    expected: int | None
    present: int
    missing_matches: tuple[str, ...] = ()
    missing_files: Mapping[str, tuple[str, ...]] | None = None
    corrected_matches: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As a run's figures and the watcher's messages hold it; all of it is JSON."""
        day = self.matchday
        return {
            "competition_id": day.competition_id,
            "season_id": day.season_id,
            "matchday": day.number,
            "state": self.state.value,
            "expectation": self.expectation.value,
            "expected": self.expected,
            "present": self.present,
            "missing_matches": list(self.missing_matches),
            "missing_files": {
                match_id: list(kinds) for match_id, kinds in (self.missing_files or {}).items()
            },
            "corrected_matches": list(self.corrected_matches),
            "sentence": self.sentence(),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Verdict":
        """What `as_dict` was made of."""
        return cls(
            matchday=Matchday(stored["competition_id"], stored["season_id"], stored["matchday"]),
            state=State(stored["state"]),
            expectation=Expectation(stored["expectation"]),
            expected=stored["expected"],
            present=stored["present"],
            missing_matches=tuple(stored["missing_matches"]),
            missing_files={match_id: tuple(kinds) for match_id, kinds in stored["missing_files"].items()}
            or None,
            corrected_matches=tuple(stored["corrected_matches"]),
        )

    @property
    def match_ids(self) -> tuple[str, ...]:
        """The matches that it speaks of by their ids."""
        return (*self.missing_matches, *(self.missing_files or {}), *self.corrected_matches)

    def missing_by_name(self, names: Mapping[str, str]) -> list[str]:
        """The clubs whose match is missing or, where a schedule says so, the matches; by name as far as known."""
        named = _Names(names)
        return [named[missing.removeprefix(_A_MATCH_OF)] for missing in self.missing_matches]

    def sentence(self, names: Mapping[str, str] | None = None) -> str:
        """One sentence for logs and messages.

        Parameters
        ----------
        names
            Of competitions, seasons, clubs and matches, by their ids; who is not in it is called by the id.
        """
        day, named = self.matchday, _Names(names or {})
        season = f"{named[day.competition_id]}, {named[day.season_id]}"
        parts = [f"Matchday {day.number} ({season}) is {self.state.value}"]
        if self.expected is None:
            parts.append(f"{self.present} matches so far; nothing says yet how many to expect")
        else:
            parts.append(f"{self.present} of {self.expected} matches (expected by {self.expectation.value})")
        if self.missing_matches:
            parts.append("missing: " + ", ".join(named.in_words(match) for match in self.missing_matches))
        for match_id, kinds in (self.missing_files or {}).items():
            parts.append(f"{named[match_id]} lacks {', '.join(kinds)}")
        if self.corrected_matches:
            parts.append("corrected: " + ", ".join(named[match_id] for match_id in self.corrected_matches))
        return "; ".join(parts)


class _Names(dict[str, str]):
    """Names by id; what has none is called by its id."""

    def __missing__(self, key: str) -> str:
        return key

    def in_words(self, missing: str) -> str:
        """A missing match, by its id or by one of its clubs."""
        club = missing.removeprefix(_A_MATCH_OF)
        return f"{_A_MATCH_OF}{self[club]}" if club != missing else self[missing]


Schedule = Mapping[Matchday, Sequence[str]]
"""Match ids by matchday."""


def judge(
    arrivals: Iterable[Arrival],
    now: datetime,
    *,
    schedule: Schedule | None = None,
    clubs: Mapping[tuple[str, str], frozenset[str]] | None = None,
    quiet: timedelta = QUIET,
) -> list[Verdict]:
    """The state of every matchday that something has arrived of.

    Parameters
    ----------
    arrivals
        One entry a match.
    now
        The present moment, with a time zone.
    schedule
        Match ids by matchday, if a schedule file is there.
    clubs
        Team ids by (competition_id, season_id) as known from earlier matchdays. Those of the arrivals of
        other matchdays are added.
    quiet
        The quiet time for when nothing else is known.

    Returns
    -------
    list
        Sorted by competition, season, number. COMPLETE: all expected matches have all their files.
        CORRECTED: complete, and newer messages than the processed ones have come. PARTIAL: anything else.
    """
    by_day: dict[Matchday, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_day[arrival.matchday].append(arrival)
    verdicts = []
    for day in sorted(by_day):
        elsewhere = _clubs_elsewhere(day, by_day, clubs or {})
        expected = _expected(day, by_day[day], elsewhere, now, schedule or {}, quiet)
        verdicts.append(_judge_day(day, by_day[day], expected))
    return verdicts


def _clubs_elsewhere(
    day: Matchday,
    by_day: Mapping[Matchday, Sequence[Arrival]],
    known: Mapping[tuple[str, str], frozenset[str]],
) -> frozenset[str]:
    """The clubs of a competition's season as other matchdays show them; empty on a first matchday."""
    season = (day.competition_id, day.season_id)
    seen = {
        team
        for other, arrivals in by_day.items()
        if other != day and (other.competition_id, other.season_id) == season
        for arrival in arrivals
        for team in arrival.team_ids
    }
    return known.get(season, frozenset()) | seen


class _Expected(NamedTuple):
    """How many matches a matchday should have (None: nobody knows yet), who says so, and who is missing by name."""

    by: Expectation
    n: int | None
    absent: tuple[str, ...] = ()


def _expected(
    day: Matchday,
    arrivals: Sequence[Arrival],
    clubs: frozenset[str],
    now: datetime,
    schedule: Schedule,
    quiet: timedelta,
) -> _Expected:
    here = {arrival.match_id for arrival in arrivals}
    if day in schedule:
        absent = tuple(sorted(set(schedule[day]) - here))
        return _Expected(Expectation.SCHEDULE, len(schedule[day]), absent)
    if clubs:
        playing = {team for arrival in arrivals for team in arrival.team_ids}
        absent = tuple(sorted(f"{_A_MATCH_OF}{club}" for club in clubs - playing))
        return _Expected(Expectation.CLUBS, max(len(clubs | playing) // 2, len(here)), absent)
    is_quiet = now - max(arrival.arrived_at for arrival in arrivals) >= quiet
    return _Expected(Expectation.QUIET_TIME, len(here) if is_quiet else None)


def _judge_day(day: Matchday, arrivals: Sequence[Arrival], expected: _Expected) -> Verdict:
    whole = [arrival for arrival in arrivals if not arrival.missing]
    lacking = {arrival.match_id: arrival.missing for arrival in arrivals if arrival.missing}
    if expected.by is Expectation.CLUBS:
        is_whole = expected.n is not None and len(whole) >= expected.n
    else:
        is_whole = expected.n is not None and not expected.absent and not lacking
    corrected = tuple(sorted(arrival.match_id for arrival in whole if arrival.is_correction))
    state = State.PARTIAL if not is_whole else State.CORRECTED if corrected else State.COMPLETE
    return Verdict(
        matchday=day,
        state=state,
        expectation=expected.by,
        expected=expected.n,
        present=len(whole),
        missing_matches=expected.absent,
        missing_files=lacking or None,
        corrected_matches=corrected,
    )
