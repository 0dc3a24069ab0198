"""What lies in a source, compared with what is stored: nothing is read yet but the heads of the files.

The watcher and `find_matches` list a source; the tasks that read get what that has found, and list again only where
files have changed since (docs/scheduling.md, *Who lists a source, and when*).
"""

import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.page_keys import ids_in, is_one_of
from xgoals.domain.text import printable
from xgoals.feeds import Announcement, Delivery, load_feed
from xgoals.feeds.event_files.matches_csv import MATCHES_CSV
from xgoals.feeds.resends import Classified, Resend, Stored, classify
from xgoals.feeds.schedule import SCHEDULE_FILE
from xgoals.feeds.seen import SeenFiles, state_of
from xgoals.steps.run_context import FeedSource, log
from xgoals.store.arrivals.deliveries import Key, are_stored, stored_deliveries, with_messages
from xgoals.store.arrivals.seen_files import forget, lock_seen, questions_elsewhere, read_seen, save_seen


@dataclass(frozen=True)
class Arrivals:
    """The deliveries of a source and what each is to what is stored.

    ``problems`` are what cannot be attributed to a match, and what contradicts what is stored. ``states`` are those of
    the files to be read, where somebody has noted them.
    """

    source: FeedSource
    stored: Mapping[Key, Stored]
    classified: Sequence[Classified]
    problems: Sequence[Problem]
    seen: SeenFiles = field(default_factory=SeenFiles)
    states: Mapping[Key, str] = field(default_factory=dict)

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """All of them."""
        return [found.delivery for found in self.classified]

    @cached_property
    def to_read(self) -> list[Delivery]:
        """Those that change what is stored."""
        return [found.delivery for found in self.classified if found.resend.is_to_be_read]

    def stored_of(self, delivery: Delivery) -> Stored | None:
        """What is stored of the same match."""
        return self.stored.get((delivery.provider, delivery.match_id))

    def with_states(self) -> "Arrivals":
        """The same, with the states in which the files to be read are now."""
        states = {(d.provider, d.match_id): state_of(d.files) for d in self.to_read}
        return replace(self, states=states)

    def has_changed(self, delivery: Delivery) -> bool:
        """Whether a delivery's files are no longer as they were noted."""
        noted = self.states.get((delivery.provider, delivery.match_id))
        return noted is not None and noted != state_of(delivery.files)

    def is_correction(self, delivery: Delivery) -> bool:
        """Whether it has a newer message than what is stored of the match."""
        stored = self.stored_of(delivery)
        times = (delivery.message_time, stored.message_time if stored else None)
        return times[0] is not None and times[1] is not None and times[0] > times[1]


def list_arrivals(
    connection: Connection,
    source: FeedSource,
    *,
    match_ids: Collection[str] | None = None,
    reread: bool = False,
) -> Arrivals:
    """List a source and say of each delivery what it is to what is stored.

    Parameters
    ----------
    connection
        Where the matches are stored.
    source
        An inbox with nothing in it holds no matches; any other source with nothing in it is an error.
    match_ids
        Ids of the matches to list, or ``provider:id``; None lists all.
    reread
        Let what is unchanged count as newer, so that it is read once more.

    Raises
    ------
    SourceError
        If the source cannot be listed.
    """
    with _without_collector():
        seen = read_seen(connection, source.feed, str(source.path))
        deliveries, problems = load_feed(source.feed).discover(
            source.path,
            stored_sha256=_StoredHashes(connection),
            match_ids=None if match_ids is None else ids_in(match_ids),
            seen=seen,
        )
        if match_ids is not None:
            deliveries = [delivery for delivery in deliveries if is_one_of(delivery.key, match_ids)]
        return compare(
            connection, source, deliveries, problems, match_ids=match_ids, reread=reread, seen=seen
        )


@contextmanager
def _without_collector() -> Iterator[None]:
    """A listing of 40,000 matches makes a million objects that all live on: looking for cycles among them again and
    again would take a third of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def compare(
    connection: Connection,
    source: FeedSource,
    deliveries: Sequence[Delivery],
    problems: Sequence[Problem],
    *,
    match_ids: Collection[str] | None = None,
    reread: bool = False,
    seen: SeenFiles | None = None,
) -> Arrivals:
    """Say of each delivery what it is to what is stored; the parameters as in `list_arrivals`."""
    seen = seen or SeenFiles()
    stored = stored_deliveries(connection, None if match_ids is None else ids_in(match_ids))
    stored |= with_messages(connection, _changed(source.feed, deliveries, stored))
    classified = [
        classify(source.feed, d, stored.get((d.provider, d.match_id)), sha256=seen.sha256) for d in deliveries
    ]
    if reread:
        classified = [
            Classified(Resend.NEWER, found.delivery) if found.resend is Resend.UNCHANGED else found
            for found in classified
        ]
    problems = [*problems, *(problem for found in classified for problem in found.problems)]
    return Arrivals(source, stored, classified, problems, seen)


def _changed(feed: str, deliveries: Iterable[Delivery], stored: Mapping[Key, Stored]) -> dict[Key, Stored]:
    """What is stored of those that are not as they were, where files are compared one by one."""
    found = {}
    for delivery in deliveries:
        known = stored.get((delivery.provider, delivery.match_id))
        if known and delivery.messages and (feed, delivery.fingerprint) != (known.feed, known.fingerprint):
            found[delivery.provider, delivery.match_id] = known
    return found


class _StoredHashes:
    """The hashes of all files that matches were read from; the database is asked only where messages contradict."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __contains__(self, sha256: object) -> bool:
        return bool(are_stored(self._connection, [str(sha256)]))


def keep_seen(connection: Connection, found: Arrivals, *, is_whole: bool) -> None:
    """Keep what the listing has found out about files; of files that are gone, here or elsewhere, nothing is kept.

    Parameters
    ----------
    is_whole
        Whether all of the source was listed.
    """
    feed, source = found.source.feed, str(found.source.path)
    lock_seen(connection, feed, log.info)
    save_seen(connection, feed, found.seen, is_whole=is_whole)
    if is_whole:
        elsewhere = questions_elsewhere(connection, feed, source)
        forget(connection, feed, [q for q in elsewhere if not os.path.exists(q[0])])  # noqa: PTH110


def is_empty(folder: Path) -> bool:
    """Whether a folder holds no file of a feed; one that cannot be looked into is not empty: listing it will say so."""
    hidden: list[OSError] = []
    for _, _, names in os.walk(folder, onerror=hidden.append):
        if any(name not in (SCHEDULE_FILE, MATCHES_CSV) for name in names):
            return False
    return all(isinstance(error, FileNotFoundError | NotADirectoryError) for error in hidden)


def announcements(feed: str, deliveries: Sequence[Delivery]) -> dict[Key, Announcement]:
    """What the deliveries say of their matches, as far as they say it."""
    found = {}
    for delivery in deliveries:
        try:
            found[delivery.provider, delivery.match_id] = load_feed(feed).announce(delivery)
        except FeedError:  # reading the match will say it, with its reason
            continue
        except Exception:  # whatever it is, it is this match's: reading it will put it into quarantine
            log.warning("match %s does not say who plays", printable(delivery.match_id), exc_info=True)
    return found
