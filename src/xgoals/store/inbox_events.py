"""What the watcher of the inbox has reported: each state of a matchday once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from xgoals.store.database import as_json


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """A state that was reported; ``verdict`` as `claim` was given it."""

    state: str
    verdict: Mapping[str, Any]


def claim(
    connection: Connection,
    event_id: str,
    *,
    feed: str,
    state: str,
    verdict: Mapping[str, Any],
    now: datetime,
    lost_before: datetime,
) -> bool:
    """Note that a state is being reported; False if it was before.

    Parameters
    ----------
    event_id
        The same for the same state of the same matchday with the same files.
    lost_before
        What was reported before this moment and has been taken up by no run is reported again.
    """
    row = connection.execute(
        text(
            """insert into inbox_event (event_id, feed, state, verdict, fired_at)
               values (:event_id, :feed, :state, cast(:verdict as jsonb), :now)
               on conflict (event_id) do update set fired_at = excluded.fired_at
                   where inbox_event.taken_by_run is null and inbox_event.fired_at < :lost_before
               returning event_id"""
        ),
        {
            "event_id": event_id,
            "feed": feed,
            "state": state,
            "verdict": as_json(dict(verdict)),
            "now": now,
            "lost_before": lost_before,
        },
    ).one_or_none()
    return row is not None


def pending_feeds(connection: Connection) -> set[str]:
    """Feeds of which something was reported that no run has taken up yet."""
    return set(connection.scalars(text("select distinct feed from inbox_event where taken_by_run is null")))


def take_up(connection: Connection, feed: str, run_id: str) -> list[ReportedEvent]:
    """Let a run answer for everything reported of a feed; the same again when it is tried again."""
    connection.execute(
        text("update inbox_event set taken_by_run = :run_id where taken_by_run is null and feed = :feed"),
        {"run_id": run_id, "feed": feed},
    )
    rows = connection.execute(
        text(
            """select state, verdict from inbox_event
               where taken_by_run = :run_id and feed = :feed order by fired_at, event_id"""
        ),
        {"run_id": run_id, "feed": feed},
    )
    return [ReportedEvent(row.state, row.verdict) for row in rows]
