"""What lies in an inbox that a run should be started for: each state of a matchday once.

A matchday is reported when it is complete or has been corrected, and has brought something that is not stored;
and when it still lacks something a good while after its newest file. Feeds without kinds of files have no
matchdays to wait for: what has come is reported as it is.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from xgoals.feeds import Announcement, Delivery
from xgoals.feeds.matchday import QUIET, Arrival, Matchday, State, Verdict, judge
from xgoals.steps.arrivals import Arrivals, announcements
from xgoals.steps.matchdays import (
    arrived_at,
    clubs_of,
    find_schedule,
    lacking,
    schedule_problems,
    stored_arrival,
)
from xgoals.store.arrivals.deliveries import Key, StoredMatch, read_matches_with_matchday
from xgoals.store.arrivals.inbox_events import ReportedEvent

ENDS = (b"</PutDataRequest>", b"Games>", b"SoccerFeed>", b"matchEvents>", b"match>")
"""Without one of them at the end, an XML file of the DFL, Opta or Stats Perform is not all there yet."""


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """Something to start a run for.

    Attributes
    ----------
    state
        Of a matchday; ``"arrived"`` for feeds that have no matchdays to wait for.
    content
        The fingerprints of the files: another content is another event.
    verdict
        On the matchday, where there is one.
    known_as
        The id of an event that was reported before, in place of the content.
    """

    state: State | Literal["arrived"]
    content: str
    sentence: str
    verdict: Verdict | None = None
    known_as: str | None = None

    @classmethod
    def reported_before(cls, event: ReportedEvent) -> "InboxEvent":
        """An event whose run has failed, to be reported again."""
        verdict = Verdict.from_dict(event.verdict) if event.state != "arrived" else None
        state: State | Literal["arrived"] = verdict.state if verdict else "arrived"
        sentence = f"{event.verdict['sentence']}; the run over it has failed"
        return cls(state, "", sentence, verdict, event.event_id)

    def event_id(self, feed: str) -> str:
        """The same for the same state of the same matchday with the same files."""
        told = f"{feed}\0{self.state}\0{self.content}"
        return self.known_as or hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The verdict, or the sentence alone, as the results database keeps it."""
        return self.verdict.as_dict() if self.verdict else {"sentence": self.sentence}


@dataclass
class InboxCheck:
    """What checking an inbox has shown.

    ``events``: what to start a run for. ``remarks``: sentences on what is waited for. ``check_again_at``: when time
    alone may change the answer.
    """

    events: list[InboxEvent] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    check_again_at: datetime | None = None

    def wait_until(self, moment: datetime) -> None:
        """Check again at this moment at the latest."""
        self.check_again_at = min(self.check_again_at or moment, moment)

    def wait_for(self, verdict: Verdict, due: datetime, deadline: timedelta) -> None:
        """Say what a partial matchday lacks, and check again when it is due or, without a schedule, quiet."""
        self.remarks.append(f"{verdict.sentence()}; waiting until {due:%Y-%m-%d %H:%M} UTC at most")
        self.wait_until(due)
        if verdict.expected is None:
            self.wait_until(due - deadline + QUIET)


def judge_arrivals(connection: Connection, found: Arrivals, now: datetime, deadline: timedelta) -> InboxCheck:
    """What is to be reported of the deliveries in an inbox, whether or not it has been."""
    problems = [*found.problems, *schedule_problems(found.source.path)]
    result = InboxCheck(remarks=[f"{problem.path}: {problem.reason}" for problem in problems])
    if not any(delivery.messages for delivery in found.deliveries):
        if found.to_read:
            result.events.append(_arrived({delivery.key: delivery for delivery in found.to_read}.values()))
        return result
    stored = read_matches_with_matchday(connection, {d.provider for d in found.deliveries})
    days = _matchdays_in_inbox(found, stored)
    placed = {arrival.match_id for arrivals in days.values() for arrival in arrivals}
    for match_id in sorted({delivery.match_id for delivery in found.to_read} - placed):
        result.remarks.append(f"match {match_id}: which matchday it belongs to is not known yet")
    verdicts = judge(
        [arrival for arrivals in days.values() for arrival in arrivals],
        now,
        schedule=find_schedule(found.source.path),
        clubs=clubs_of(match for match in stored if match.matchday not in days),
    )
    for verdict in verdicts:
        of_day = {arrival.match_id for arrival in days[verdict.matchday]}
        here = [delivery for delivery in found.deliveries if delivery.match_id in of_day]
        to_read = [delivery for delivery in found.to_read if delivery.match_id in of_day]
        due = max(arrived_at(delivery) for delivery in here) + deadline
        if verdict.state is State.PARTIAL and now < due:
            result.wait_for(verdict, due, deadline)
        elif verdict.state is State.PARTIAL:
            result.events.append(_event(verdict, here))
        elif to_read:
            result.events.append(_event(verdict, to_read))
    return result


def _matchdays_in_inbox(found: Arrivals, stored: Collection[StoredMatch]) -> dict[Matchday, list[Arrival]]:
    """The matchdays of which a match lies in the inbox, with all that is known of their matches."""
    in_inbox = {_key(delivery): delivery for delivery in found.deliveries}
    to_read = {_key(delivery) for delivery in found.to_read}
    announced = announcements(found.source.feed, found.to_read)
    days: defaultdict[Matchday, list[Arrival]] = defaultdict(list)
    here: set[Matchday] = set()
    for key, match in announced.items():
        if match.matchday is not None:
            arrival = _announced_arrival(match, match.matchday, in_inbox[key], found)
            days[arrival.matchday].append(arrival)
            here.add(arrival.matchday)
    for row in stored:
        if (row.provider, row.match_id) in in_inbox.keys() - to_read:
            here.add(row.matchday)
    for row in stored:
        key = (row.provider, row.match_id)
        if key not in announced and row.matchday in here:
            days[row.matchday].append(stored_arrival(row, in_inbox.get(key)))
    return {day: days[day] for day in here}


def _key(delivery: Delivery) -> Key:
    return delivery.provider, delivery.match_id


def _announced_arrival(match: Announcement, number: int, delivery: Delivery, found: Arrivals) -> Arrival:
    """What is known of the files of a match that is new or has changed."""
    stored = found.stored_of(delivery)
    return Arrival(
        match_id=match.match_id,
        matchday=Matchday(match.competition_id, match.season_id, number),
        team_ids=match.team_ids,
        arrived_at=arrived_at(delivery),
        missing=_missing(delivery),
        message_time=delivery.message_time,
        processed_message_time=stored.message_time if stored else None,
    )


def _missing(delivery: Delivery) -> tuple[str, ...]:
    """Kinds of files that have not come, or not to their end."""
    whole = {message.kind for message in delivery.messages if _is_whole(message.path)}
    return lacking({message.kind for message in delivery.messages}, whole)


def _is_whole(path: Path) -> bool:
    """Whether a file ends as it should; of a compressed one only reading can tell."""
    if path.suffix == ".gz":
        return True
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 256, 0))
        tail = file.read().rstrip()
    return tail.endswith(b"}") if path.suffix == ".json" else any(end in tail for end in ENDS)


def _event(verdict: Verdict, deliveries: Collection[Delivery]) -> InboxEvent:
    return InboxEvent(verdict.state, _content(deliveries), verdict.sentence(), verdict)


def _arrived(deliveries: Collection[Delivery]) -> InboxEvent:
    n = len(deliveries)
    sentence = "1 match is new or changed" if n == 1 else f"{n} matches are new or changed"
    return InboxEvent("arrived", _content(deliveries), sentence)


def _content(deliveries: Collection[Delivery]) -> str:
    return " ".join(sorted(delivery.fingerprint for delivery in deliveries))
