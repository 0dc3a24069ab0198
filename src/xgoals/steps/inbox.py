"""What an inbox holds that a run should be started for: each state of a matchday once.

A matchday is reported when it is complete or has been corrected, and has brought something that is not stored;
and when it still lacks something a good while after its newest file. Feeds without kinds of files have no
matchdays to wait for: what has come is reported as it is.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from xgoals.domain.errors import SourceError
from xgoals.feeds import FEEDS, Delivery
from xgoals.feeds.matchday import QUIET, Arrival, Matchday, State, Verdict, judge
from xgoals.settings import Database, Settings
from xgoals.steps.arrivals import SCHEDULE_FILE, Arrivals, announcements, is_empty, look_into
from xgoals.steps.matchdays import KINDS, LONG_AGO, arrived_at, clubs_of, day_of, find_schedule
from xgoals.store import deliveries as delivery_store
from xgoals.store import inbox_events
from xgoals.store.database import connect

LOST_AFTER = timedelta(minutes=15)
"""A report that no run has taken up by then is made again; if its run was only waiting, the two are one."""
END = b"</PutDataRequest>"
"""Without it at the end, an XML file of the DFL is not all there yet."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to start a run for; ``verdict`` is a `Verdict` as a dictionary, or a sentence alone."""

    state: str
    content: str
    verdict: Mapping[str, Any]


@dataclass
class Look:
    """What looking at an inbox has shown.

    ``news``: what to start a run for. ``remarks``: sentences on what is waited for. ``again_at``: when time alone
    may change the answer.
    """

    news: list[News] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    again_at: datetime | None = None

    def wait_until(self, moment: datetime) -> None:
        """Look again at this moment at the latest."""
        self.again_at = min(self.again_at or moment, moment)


def inboxes(settings: Settings) -> dict[tuple[Database, str], Path]:
    """Every inbox there may be, by database and feed."""
    databases: tuple[Database, ...] = ("main", "demo")
    return {(database, feed): settings.inbox(feed, database) for database in databases for feed in FEEDS}


def snapshot(folder: Path) -> str:
    """A fingerprint of names, sizes and times of change; empty where there is nothing.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    digest, n = hashlib.sha256(), 0
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders.sort()
        for name in sorted(files):
            path = f"{parent}/{name}"
            try:
                stat = os.stat(path)  # noqa: PTH116  (thousands of files every few seconds)
            except FileNotFoundError:  # gone in between, as a temporary file is
                continue
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
            n += name != SCHEDULE_FILE
    return digest.hexdigest() if n else ""


def _raise(error: OSError) -> None:
    raise error


def look(settings: Settings, database: Database, feed: str, now: datetime) -> Look:
    """What is to be reported of an inbox, whether or not it has been.

    Raises
    ------
    XgoalsError
        If the inbox or the database cannot be read.
    """
    inbox = settings.inbox(feed, database)
    if not inbox.is_dir() or is_empty(inbox):
        return Look()
    engine = connect(settings, database, application="xgoals watcher")
    try:
        with engine.connect() as connection:
            try:
                found = look_into(connection, feed, inbox)
            except SourceError as error:
                return Look(remarks=[str(error)])
            return _judge(connection, found, now, timedelta(hours=settings.schedule.deadline_hours))
    finally:
        engine.dispose()


def claim(
    settings: Settings, database: Database, feed: str, news: Sequence[News], now: datetime
) -> list[News]:
    """Those of the news that have not been reported before; they count as reported from now on."""
    engine = connect(settings, database, application="xgoals watcher")
    try:
        with engine.begin() as connection:
            return [
                item
                for item in news
                if inbox_events.claim(
                    connection,
                    hashlib.sha256(f"{feed}\0{item.state}\0{item.content}".encode()).hexdigest(),
                    feed=feed,
                    state=item.state,
                    verdict=item.verdict,
                    now=now,
                    lost_before=now - LOST_AFTER,
                )
            ]
    finally:
        engine.dispose()


def is_waited_for(settings: Settings, database: Database, feed: str) -> bool:
    """Whether something reported of this inbox has been taken up by no run yet."""
    engine = connect(settings, database, application="xgoals watcher")
    try:
        with engine.connect() as connection:
            return feed in inbox_events.waiting_feeds(connection)
    finally:
        engine.dispose()


def _judge(connection: Connection, found: Arrivals, now: datetime, deadline: timedelta) -> Look:
    result = Look(remarks=[f"{problem.path}: {problem.reason}" for problem in found.problems])
    fresh = {delivery.match_id: delivery for delivery in found.fresh}
    if not any(w.delivery.messages for w in found.weighed):
        if fresh:
            result.news.append(_arrived(fresh.values()))
        return result
    days = _days(connection, found)
    for match_id in sorted(fresh.keys() - {a.match_id for arrivals in days.values() for a in arrivals}):
        result.remarks.append(f"match {match_id}: which matchday it belongs to is not known yet")
    in_inbox = {w.delivery.match_id: w.delivery for w in found.weighed}
    for verdict in _verdicts(connection, found, days, now):
        of_day = {arrival.match_id for arrival in days[verdict.matchday]}
        here = [delivery for match_id, delivery in in_inbox.items() if match_id in of_day]
        is_fresh = any(match_id in fresh for match_id in of_day)
        due = max(arrived_at(delivery) for delivery in here) + deadline
        if verdict.state is not State.PARTIAL:
            if is_fresh:
                result.news.append(_news(verdict, [d for d in here if d.match_id in fresh]))
        elif now >= due:
            result.news.append(_news(verdict, here))
        else:
            result.remarks.append(f"{verdict.sentence()}; waiting until {due:%Y-%m-%d %H:%M} UTC at most")
            result.wait_until(due)
            if verdict.expected is None:
                result.wait_until(due - deadline + QUIET)
    return result


def _verdicts(
    connection: Connection, found: Arrivals, days: Mapping[Matchday, list[Arrival]], now: datetime
) -> list[Verdict]:
    clubs = clubs_of(
        match for match in delivery_store.read_matchdays(connection) if day_of(match) not in days
    )
    arrivals = [arrival for of_day in days.values() for arrival in of_day]
    return judge(arrivals, now, schedule=find_schedule(found.source), clubs=clubs)


def _days(connection: Connection, found: Arrivals) -> dict[Matchday, list[Arrival]]:
    """The matchdays of which a match lies in the inbox, with all that is known of their matches."""
    in_inbox = {w.delivery.match_id: w.delivery for w in found.weighed}
    fresh = {delivery.match_id for delivery in found.fresh}
    announced = {match_id: match for (_, match_id), match in announcements(found.feed, found.fresh).items()}
    days: defaultdict[Matchday, list[Arrival]] = defaultdict(list)
    for match_id, match in announced.items():
        if match.matchday is None:
            continue
        delivery, before = in_inbox[match_id], found.before(in_inbox[match_id])
        days[Matchday(match.competition_id, match.season_id, match.matchday)].append(
            Arrival(
                match_id=match_id,
                matchday=Matchday(match.competition_id, match.season_id, match.matchday),
                team_ids=match.team_ids,
                arrived_at=arrived_at(delivery),
                missing=_missing(delivery),
                message_time=delivery.message_time,
                processed_message_time=before.message_time if before else None,
            )
        )
    stored = delivery_store.read_matchdays(connection)
    known = {day_of(match) for match in stored if match["match_id"] in in_inbox.keys() - fresh}
    for row in stored:
        day = day_of(row)
        if row["match_id"] not in announced and (day in days or day in known):
            days[day].append(_stored_arrival(row, in_inbox.get(row["match_id"])))
    return {day: arrivals for day, arrivals in days.items() if any(a.match_id in in_inbox for a in arrivals)}


def _stored_arrival(match: Mapping[str, Any], delivery: Delivery | None) -> Arrival:
    return Arrival(
        match_id=match["match_id"],
        matchday=day_of(match),
        team_ids=(match["home_team_id"], match["away_team_id"]),
        arrived_at=arrived_at(delivery) if delivery else match["message_time"] or LONG_AGO,
        missing=tuple(sorted(KINDS.difference(match["kinds"]))) if match["kinds"] else (),
        message_time=match["message_time"],
        processed_message_time=match["message_time"],
    )


def _missing(delivery: Delivery) -> tuple[str, ...]:
    """Kinds of files that have not come, or not to their end."""
    whole = {message.kind for message in delivery.messages if _is_whole(message.path)}
    return tuple(sorted(KINDS - whole))


def _is_whole(path: Path) -> bool:
    """Whether an XML file ends as it should; of a compressed one only reading can tell."""
    if path.suffix == ".gz":
        return True
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 256, 0))
        return END in file.read()


def _news(verdict: Verdict, deliveries: Collection[Delivery]) -> News:
    return News(verdict.state.value, _content(deliveries), verdict.as_dict())


def _arrived(deliveries: Collection[Delivery]) -> News:
    n = len(deliveries)
    sentence = "1 match is new or changed" if n == 1 else f"{n} matches are new or changed"
    return News("arrived", _content(deliveries), {"sentence": sentence})


def _content(deliveries: Collection[Delivery]) -> str:
    return " ".join(sorted(delivery.fingerprint for delivery in deliveries))
