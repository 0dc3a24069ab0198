"""The inboxes as their watcher sees them: what lies there, what is to be reported, and what has been.

What makes a report stands in `xgoals.steps.inbox_matchdays`; when the watcher checks, in
`xgoals.orchestration.inbox_states`.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from xgoals.domain.errors import SourceError
from xgoals.feeds import FEEDS
from xgoals.feeds.schedule import SCHEDULE_FILE
from xgoals.settings import Database, Settings
from xgoals.steps.arrivals import is_empty, list_arrivals
from xgoals.steps.inbox_matchdays import InboxCheck, InboxEvent, judge_arrivals
from xgoals.steps.run_context import FeedSource
from xgoals.store import inbox_events
from xgoals.store.database import connect

LOST_AFTER = timedelta(minutes=15)
"""A report that no run has taken up by then is made again; if its run was only waiting, the two are one."""


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


def check_inbox(settings: Settings, database: Database, feed: str, now: datetime) -> InboxCheck:
    """What is to be reported of an inbox, whether or not it has been.

    Raises
    ------
    XgoalsError
        If the inbox or the database cannot be read.
    """
    inbox = settings.inbox(feed, database)
    if not inbox.is_dir() or is_empty(inbox):
        return InboxCheck()
    with _watchers_engine(settings, database) as engine, engine.connect() as connection:
        try:
            found = list_arrivals(connection, FeedSource(feed, inbox))
        except SourceError as error:
            return InboxCheck(remarks=[str(error)])
        return judge_arrivals(connection, found, now, timedelta(hours=settings.schedule.deadline_hours))


def claim_events(
    settings: Settings, database: Database, feed: str, events: Sequence[InboxEvent], now: datetime
) -> list[InboxEvent]:
    """Those of the events that have not been reported before; they count as reported from now on."""
    with _watchers_engine(settings, database) as engine, engine.begin() as connection:
        return [
            event
            for event in events
            if inbox_events.claim(
                connection,
                hashlib.sha256(f"{feed}\0{event.state}\0{event.content}".encode()).hexdigest(),
                feed=feed,
                state=str(event.state),
                verdict=event.as_dict(),
                now=now,
                lost_before=now - LOST_AFTER,
            )
        ]


def has_pending_events(settings: Settings, database: Database, feed: str) -> bool:
    """Whether something reported of this inbox has been taken up by no run yet."""
    with _watchers_engine(settings, database) as engine, engine.connect() as connection:
        return feed in inbox_events.pending_feeds(connection)


@contextmanager
def _watchers_engine(settings: Settings, database: Database) -> Iterator[Engine]:
    engine = connect(settings, database, application="xgoals watcher")
    try:
        yield engine
    finally:
        engine.dispose()
