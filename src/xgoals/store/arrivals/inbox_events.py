"""What the watcher of the inbox has reported: each state of a matchday once, until a run over it has ended well.

An event is reported, taken up by a run, and done when that run has ended well. What a run had taken up that failed, or
that has been under way for longer than any run is, waits again: the next run on this inbox takes it up, and the watcher
reports it once more, ever more rarely.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from xgoals.store.database import as_json

DEAD_AFTER = timedelta(days=1)
"""A run that has not ended by then was killed."""
MAX_DOUBLINGS = 6
"""The time to the next report doubles with each failed run, from a quarter of an hour to most of a day."""

_IS_WAITING = """(e.taken_by_run is null or not exists (
    select from run r where r.run_id = e.taken_by_run and r.state <> 'failed'
      and r.started_at between :now - cast(:dead_after as interval) and :now + cast(:dead_after as interval)))"""
"""Of an event that is not done: whether no living run answers for it. One of a day to come is of a wrong clock."""
_FIRED_AT = """case when e.fired_at > :now + cast(:dead_after as interval) then :now - interval '30 days'
    else e.fired_at end"""
"""When it was reported; long ago, if the clock was ahead by more than a day."""
# Whoever writes several locks them in one order: watchers of several machines and runs do so at the same time.
_LOCKED, _IN_ORDER = "select e.event_id from inbox_event e", "order by e.event_id for update"


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """A state that was reported; ``verdict`` as `claim` was given it.

    ``again_at``: when it is to be reported again, of one that waits again; None while a run answers for it.
    """

    event_id: str
    state: str
    verdict: Mapping[str, Any]
    again_at: datetime | None = None


def claim(
    connection: Connection,
    event_id: str,
    *,
    feed: str,
    state: str,
    verdict: Mapping[str, Any],
    now: datetime,
    lost_after: timedelta,
) -> bool:
    """Note that a state is being reported; False if it was before.

    Parameters
    ----------
    event_id
        The same for the same state of the same matchday with the same files.
    lost_after
        What was reported so long ago and has been taken up by no run is reported again; so is what a failed run had
        taken up, after twice as long with each.
    """
    row = connection.execute(
        text(
            f"""insert into inbox_event as e (event_id, feed, state, verdict, fired_at)
               values (:event_id, :feed, :state, cast(:verdict as jsonb), :now)
               on conflict (event_id) do update set fired_at = excluded.fired_at, taken_by_run = null,
                   failed_runs = e.failed_runs + (e.taken_by_run is not null)::int
                   where e.done_at is null and {_IS_WAITING} and {_FIRED_AT} < :now - cast(:lost_after as interval)
                       * case when e.taken_by_run is null then 1 else power(2, least(e.failed_runs, :doublings)) end
               returning event_id"""  # noqa: S608
        ),
        {
            "event_id": event_id,
            "feed": feed,
            "state": state,
            "verdict": as_json(dict(verdict)),
            "now": now,
            "lost_after": lost_after,
            "dead_after": DEAD_AFTER,
            "doublings": MAX_DOUBLINGS,
        },
    ).one_or_none()
    return row is not None


def pending_feeds(connection: Connection) -> set[str]:
    """Feeds of which something was reported that no run has taken up yet."""
    query = "select distinct feed from inbox_event where taken_by_run is null and done_at is null"
    return set(connection.scalars(text(query)))


def taken_events(
    connection: Connection, feed: str, now: datetime, lost_after: timedelta
) -> list[ReportedEvent]:
    """What runs have taken up of a feed and is not done."""
    rows = connection.execute(
        text(
            f"""select event_id, state, verdict, {_IS_WAITING} as is_waiting,
                      {_FIRED_AT} + cast(:lost_after as interval) * power(2, least(failed_runs, :doublings)) as again_at
               from inbox_event e
               where feed = :feed and taken_by_run is not null and done_at is null order by fired_at, event_id"""  # noqa: S608
        ),
        {
            "feed": feed,
            "now": now,
            "lost_after": lost_after,
            "dead_after": DEAD_AFTER,
            "doublings": MAX_DOUBLINGS,
        },
    )
    return [
        ReportedEvent(row.event_id, row.state, row.verdict, row.again_at if row.is_waiting else None)
        for row in rows
    ]


def take_up(connection: Connection, feed: str, run_id: str, now: datetime) -> list[ReportedEvent]:
    """Let a run answer for everything reported of a feed that waits; the same again when it is tried again."""
    connection.execute(
        text(
            f"""with waiting as ({_LOCKED} where feed = :feed and done_at is null and {_IS_WAITING} {_IN_ORDER})
                update inbox_event e set taken_by_run = :run_id from waiting w where e.event_id = w.event_id"""  # noqa: S608
        ),
        {"run_id": run_id, "feed": feed, "now": now, "dead_after": DEAD_AFTER},
    )
    rows = connection.execute(
        text(
            """select event_id, state, verdict from inbox_event
               where taken_by_run = :run_id and feed = :feed order by fired_at, event_id"""
        ),
        {"run_id": run_id, "feed": feed},
    )
    return [ReportedEvent(row.event_id, row.state, row.verdict) for row in rows]


def finish(connection: Connection, run_id: str, now: datetime) -> None:
    """The run has ended well: what it has taken up is done."""
    connection.execute(
        text(
            f"""with taken as ({_LOCKED} where taken_by_run = :run_id and done_at is null {_IN_ORDER})
                update inbox_event e set done_at = :now from taken t where e.event_id = t.event_id"""  # noqa: S608
        ),
        {"run_id": run_id, "now": now},
    )
