"""The inboxes as their watcher sees them: what lies there, what is to be reported, and what has been.

What makes a report stands in `xgoals.steps.inbox_matchdays`; when the watcher checks, in
`xgoals.orchestration.inbox_states`.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from xgoals.domain.errors import SourceError
from xgoals.feeds import FEEDS
from xgoals.feeds.schedule import SCHEDULE_FILE
from xgoals.settings import Database, Settings
from xgoals.steps.arrivals import is_empty, keep_seen, list_arrivals
from xgoals.steps.inbox_matchdays import InboxCheck, InboxEvent, judge_arrivals
from xgoals.steps.run_context import FeedSource
from xgoals.store.arrivals import inbox_events
from xgoals.store.database import connect

LOST_AFTER = timedelta(minutes=15)
"""A report that no run has taken up by then is made again; if its run was only waiting, the two are one."""
SHARE_OF_TIME = 0.02
"""Of a core, for looking at the files of an inbox."""
MAX_PAUSE_S = 10.0


def inboxes(settings: Settings) -> dict[tuple[Database, str], Path]:
    """Every inbox there may be, by database and feed."""
    databases: tuple[Database, ...] = ("main", "demo")
    return {(database, feed): settings.inbox(feed, database) for database in databases for feed in FEEDS}


def feeds_with_files(settings: Settings, database: Database) -> list[str]:
    """The feeds that something has come of."""
    return [feed for feed in FEEDS if not is_empty(settings.inbox(feed, database))]


def snapshot(folder: Path) -> str:
    """A fingerprint of names, sizes and times of change (of contents and inodes); empty where there is nothing.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    return _look_at_all(folder)[0]


@dataclass
class InboxScanner:
    """Looks at a folder again and again, without looking at each of a hundred thousand files every few seconds.

    A new, renamed or removed file changes its folder's time; a file that is written over does not. So the folders are
    looked at each time, and the files as often as costs `SHARE_OF_TIME`, but at least every `MAX_PAUSE_S`.

    Attributes
    ----------
    settle_s
        Files that have not changed for so long count as arrived: they are looked at more often than that.
    """

    folder: Path
    settle_s: float
    _seen: str = ""
    _folders: dict[str, int] = field(default_factory=dict)
    _all_at_s: float | None = None
    _all_took_s: float = 0.0

    def snapshot(self, now_s: float) -> str:
        """As the function of that name.

        Raises
        ------
        OSError
            If the folder cannot be listed.
        """
        pause_s = min(self._all_took_s / SHARE_OF_TIME, MAX_PAUSE_S, self.settle_s / 2)
        is_due = self._all_at_s is None or now_s - self._all_at_s >= pause_s
        if is_due or any(_changed_ns(path) != at for path, at in self._folders.items()):
            began = time.perf_counter()
            self._seen, self._folders = _look_at_all(self.folder)
            self._all_at_s, self._all_took_s = now_s, time.perf_counter() - began
        return self._seen


def _changed_ns(folder: str) -> int | None:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116
    except FileNotFoundError:
        return None


def _look_at_all(root: Path) -> tuple[str, dict[str, int]]:
    """The fingerprint, and the time of change of each folder, taken before its files were listed."""
    digest, n, folders = hashlib.sha256(), 0, dict[str, int]()
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        try:
            folders[folder] = os.stat(folder).st_mtime_ns  # noqa: PTH116
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except FileNotFoundError:
            if folder == str(root):
                raise
            continue  # a folder in it has gone meanwhile
        for entry in entries:
            if entry.is_dir():
                waiting += [] if entry.is_symlink() else [entry.path]
                continue
            try:
                stat = entry.stat()
            except FileNotFoundError:  # gone in between, as a temporary file is
                continue
            line = f"{entry.path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\n"
            digest.update(line.encode(errors="surrogateescape"))
            n += entry.name != SCHEDULE_FILE
    return (digest.hexdigest() if n else ""), folders


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
        check = judge_arrivals(connection, found, now, timedelta(hours=settings.schedule.deadline_hours))
        keep_seen(connection, found, is_whole=True)
        _add_unfinished(check, inbox_events.taken_events(connection, feed, now, LOST_AFTER), feed, now)
        connection.commit()
    return check


def _add_unfinished(
    check: InboxCheck, taken: Sequence[inbox_events.ReportedEvent], feed: str, now: datetime
) -> None:
    """What failed runs had taken up is reported again, when it is time; runs under way are looked after."""
    known = {event.event_id(feed) for event in check.events}
    for event in taken:
        if event.again_at is None or event.again_at > now:
            check.wait_until(event.again_at or now + LOST_AFTER)
        elif event.event_id not in known:
            check.events.append(InboxEvent.reported_before(event))


def claim_events(
    settings: Settings, database: Database, feed: str, events: Sequence[InboxEvent], now: datetime
) -> list[InboxEvent]:
    """Those of the events that have not been reported before; they count as reported from now on.

    They are claimed in one order for all: another machine's watcher may claim the same in this moment.
    """
    in_order = sorted(events, key=lambda event: event.event_id(feed))
    with _watchers_engine(settings, database) as engine, engine.begin() as connection:
        return [
            event
            for event in in_order
            if inbox_events.claim(
                connection,
                event.event_id(feed),
                feed=feed,
                state=str(event.state),
                verdict=event.as_dict(),
                now=now,
                lost_after=LOST_AFTER,
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
