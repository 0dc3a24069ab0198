"""How far the matchdays are that a run has brought something of: complete, partial, or being corrected."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from xgoals.domain.errors import Problem, SettingsError
from xgoals.domain.page_keys import MatchKey, is_one_of
from xgoals.feeds import Delivery
from xgoals.feeds.matchday import Arrival, Schedule, State, Verdict, judge
from xgoals.feeds.schedule import SCHEDULE_FILE, read_schedule
from xgoals.steps.run_context import log
from xgoals.store.arrivals.deliveries import StoredMatch, read_matches_with_matchday

LONG_AGO = datetime.fromtimestamp(0, UTC)
NEEDED = (frozenset({"f24"}), frozenset({"ma3"}), frozenset({"matchinfo", "events", "positions"}))
"""What a match should have in a feed that sends kinds of files: Opta, Stats Perform, DFL. The first that fits counts:
positions may lie beside anybody's events, and only the DFL's matches are waited for until they have come."""


@dataclass(frozen=True, slots=True)
class MatchdayState:
    """What a run says of a provider's matchday: the verdict, and whether something lacks past its deadline."""

    verdict: Verdict
    is_overdue: bool
    provider: str = ""

    def as_dict(self, names: Mapping[str, str]) -> dict[str, Any]:
        """As the run's figures hold it; its sentence names who is known by name."""
        day = self.verdict.matchday
        return self.verdict.as_dict() | {
            "provider": self.provider,
            "competition": names.get(day.competition_id, day.competition_id),
            "season": names.get(day.season_id, day.season_id),
            "missing_by_name": self.verdict.missing_by_name(names),
            "sentence": self.verdict.sentence(names),
            "is_overdue": self.is_overdue,
        }


def find_schedule(source: Path) -> Schedule:
    """The schedule that lies in a source; empty if there is none, or none that can be used."""
    return _read_schedule(source)[0]


def schedule_problems(source: Path) -> list[Problem]:
    """Why the schedule in a source cannot be used, if it cannot: matchdays then go by their clubs."""
    return _read_schedule(source)[1]


def _read_schedule(source: Path) -> tuple[Schedule, list[Problem]]:
    path = source / SCHEDULE_FILE
    if not path.is_file():
        return {}, []
    try:
        return read_schedule(path), []
    except SettingsError as error:
        log.warning("%s. Until then the clubs of other matchdays say how many matches are expected", error)
        where = error.where or str(path)
        advice = (
            f"{error.advice or 'Correct it'}. Until then the clubs of other matchdays say what is expected"
        )
        place = where.removeprefix(str(path)).removeprefix(", ") or None
        return {}, [Problem(str(path), error.what, advice, place=place)]


def matchday_verdicts(
    connection: Connection, deliveries: Sequence[Delivery], corrected: Collection[str], schedule: Schedule
) -> list[Verdict]:
    """The state of each matchday of which this run has read something.

    Parameters
    ----------
    connection
        Where the matches are stored by now.
    deliveries
        Those that were read; feeds without kinds of files have no matchdays to wait for.
    corrected
        Ids (or ``provider:id``) of those that had a newer message than what was stored when the run began.
    schedule
        Match ids by matchday, as far as known.
    """
    delivered = {(d.provider, d.match_id): d for d in deliveries if d.messages}
    if not delivered:
        return []
    matches = read_matches_with_matchday(connection, {d.provider for d in deliveries})
    days = {match.matchday for match in matches if (match.provider, match.match_id) in delivered}
    if not days:
        return []
    arrivals = [
        stored_arrival(
            match,
            delivered.get((match.provider, match.match_id)),
            is_corrected=is_one_of(MatchKey(match.provider, match.match_id), corrected),
        )
        for match in matches
        if match.matchday in days
    ]
    clubs = clubs_of(match for match in matches if match.matchday not in days)
    return judge(arrivals, datetime.now(UTC), schedule=schedule, clubs=clubs)


def with_overdue(
    verdicts: Sequence[Verdict], overdue: Iterable[Verdict], provider: str
) -> list[MatchdayState]:
    """The states of a provider's matchdays, and of those past their deadline of which the run has read nothing."""
    late = {verdict.matchday: verdict for verdict in overdue}
    read = {verdict.matchday for verdict in verdicts}
    return [
        MatchdayState(verdict, verdict.state is State.PARTIAL and verdict.matchday in late, provider)
        for verdict in verdicts
    ] + [MatchdayState(verdict, True, provider) for matchday, verdict in late.items() if matchday not in read]


def stored_arrival(match: StoredMatch, delivery: Delivery | None, *, is_corrected: bool = False) -> Arrival:
    """What is known of the files of a stored match.

    Parameters
    ----------
    delivery
        Where the match lies in the source, too.
    is_corrected
        Whether that brought a newer message than what was stored before.
    """
    return Arrival(
        match_id=match.match_id,
        matchday=match.matchday,
        team_ids=match.team_ids,
        arrived_at=arrived_at(delivery) if delivery else match.message_time or LONG_AGO,
        missing=lacking(match.kinds),
        message_time=match.message_time,
        processed_message_time=LONG_AGO if delivery and is_corrected else match.message_time,
    )


def lacking(kinds: Collection[str], whole: Collection[str] | None = None) -> tuple[str, ...]:
    """The kinds of files that a match with these should have as well, in alphabetical order.

    ``whole`` are those that have come to their end, where that is known.
    """
    needed = next((every for every in NEEDED if every & set(kinds)), frozenset[str]())
    return tuple(sorted(needed - set(kinds if whole is None else whole)))


def arrived_at(delivery: Delivery) -> datetime:
    """When its newest file came; long ago where all have gone since they were listed.

    A file that claims to be of the future came when it was laid there; one that did so by a clock that was ahead has
    come before now.
    """
    now_s = datetime.now(UTC).timestamp()
    found = [path.stat() for path in delivery.files if path.exists()]
    times = [min(of_file.st_mtime, of_file.st_ctime) for of_file in found]
    came = [time for time in times if time <= now_s]
    return datetime.fromtimestamp(max(came), UTC) if came else LONG_AGO


def clubs_of(matches: Iterable[StoredMatch]) -> dict[tuple[str, str], frozenset[str]]:
    """Team ids by (competition, season) of stored matches."""
    clubs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for match in matches:
        clubs[match.matchday.competition_id, match.matchday.season_id] |= set(match.team_ids)
    return {season: frozenset(teams) for season, teams in clubs.items()}
