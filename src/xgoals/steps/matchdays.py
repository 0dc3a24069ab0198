"""How far the matchdays are that a run has brought something of: complete, partial, or being corrected."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from xgoals.feeds import Delivery
from xgoals.feeds.matchday import Arrival, Matchday, Schedule, Verdict, judge, read_schedule
from xgoals.steps.arrivals import SCHEDULE_FILE
from xgoals.store import deliveries as store

LONG_AGO = datetime.fromtimestamp(0, UTC)
KINDS = frozenset({"matchinfo", "events", "positions"})
"""What a match should have in a feed that sends kinds of files."""


def find_schedule(source: Path) -> Schedule:
    """The schedule that lies in a source; empty if there is none.

    Raises
    ------
    SettingsError
        If it cannot be used.
    """
    path = source / SCHEDULE_FILE
    return read_schedule(path) if path.is_file() else {}


def matchday_verdicts(
    connection: Connection, fresh: Sequence[Delivery], corrected: Collection[str], schedule: Schedule
) -> list[Verdict]:
    """The state of each matchday of which this run has read something.

    Parameters
    ----------
    connection
        Where the matches are stored by now.
    fresh
        The deliveries that were read; feeds without kinds of files have no matchdays to wait for.
    corrected
        Ids of those that had a newer message than what was stored when the run began.
    schedule
        Match ids by matchday, as far as known.
    """
    arrived = {(d.provider, d.match_id): d for d in fresh if d.messages}
    matches = store.read_matchdays(connection) if arrived else []
    days = {day_of(match) for match in matches if (match["provider"], match["match_id"]) in arrived}
    arrivals = [_arrival(match, arrived, corrected) for match in matches if day_of(match) in days]
    if not arrivals:
        return []
    clubs = clubs_of(match for match in matches if day_of(match) not in days)
    return judge(arrivals, datetime.now(UTC), schedule=schedule, clubs=clubs)


def day_of(match: Mapping[str, Any]) -> Matchday:
    """The matchday of a stored match."""
    return Matchday(match["competition_id"], match["season_id"], match["matchday"])


def _arrival(
    match: Mapping[str, Any],
    arrived: Mapping[tuple[str, str], Delivery],
    corrected: Collection[str],
) -> Arrival:
    delivery = arrived.get((match["provider"], match["match_id"]))
    is_corrected = delivery is not None and match["match_id"] in corrected
    message_time = match["message_time"]
    return Arrival(
        match_id=match["match_id"],
        matchday=day_of(match),
        team_ids=(match["home_team_id"], match["away_team_id"]),
        arrived_at=arrived_at(delivery) if delivery else message_time or LONG_AGO,
        missing=tuple(sorted(KINDS.difference(match["kinds"]))) if match["kinds"] else (),
        message_time=message_time,
        processed_message_time=LONG_AGO if is_corrected else message_time,
    )


def arrived_at(delivery: Delivery) -> datetime:
    """When its newest file came."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in delivery.files), UTC)


def clubs_of(matches: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], frozenset[str]]:
    """Team ids by (competition, season) of stored matches."""
    clubs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for match in matches:
        season = (match["competition_id"], match["season_id"])
        clubs[season] |= {match["home_team_id"], match["away_team_id"]}
    return {season: frozenset(teams) for season, teams in clubs.items()}
