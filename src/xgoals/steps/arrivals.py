"""What lies in a source, weighed against what is stored: nothing is read yet but the heads of the files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, Problem
from xgoals.feeds import Announcement, Delivery, load_feed
from xgoals.feeds.resends import Resend, Stored, StoredMessage, Weighed, weigh
from xgoals.store import deliveries as store

Key = tuple[str, str]
SCHEDULE_FILE = "schedule.csv"
"""In the source folder: which matches belong to which matchday, where somebody knows."""


@dataclass(frozen=True)
class Arrivals:
    """The deliveries of a source and what each is to what is stored.

    ``problems`` are what cannot be attributed to a match, and what contradicts what is stored.
    """

    feed: str
    source: Path
    stored: Mapping[Key, Stored]
    weighed: Sequence[Weighed]
    problems: Sequence[Problem]

    @cached_property
    def fresh(self) -> list[Delivery]:
        """What changes what is stored."""
        return [w.delivery for w in self.weighed if w.resend.is_to_be_read]

    def before(self, delivery: Delivery) -> Stored | None:
        """What is stored of the same match."""
        return self.stored.get((delivery.provider, delivery.match_id))

    def is_correction(self, delivery: Delivery) -> bool:
        """Whether it has a newer message than what is stored of the match."""
        before = self.before(delivery)
        times = (delivery.message_time, before.message_time if before else None)
        return times[0] is not None and times[1] is not None and times[0] > times[1]


def look_into(
    connection: Connection,
    feed: str,
    source: Path,
    *,
    only: Collection[str] | None = None,
    again: bool = False,
) -> Arrivals:
    """List a source and weigh each delivery.

    Parameters
    ----------
    connection
        Where the matches are stored.
    feed, source
        Kind of the files, and their folder. An inbox with nothing in it holds no matches; any other source
        with nothing in it is an error.
    only
        Ids of the matches to list; None lists all.
    again
        Let what is unchanged count as newer, so that it is read once more.

    Raises
    ------
    SourceError
        If the source cannot be listed.
    """
    stored = what_is_stored(connection)
    taken = {message.sha256 for match in stored.values() for message in (match.messages or {}).values()}
    deliveries, problems = load_feed(feed).discover(source, taken=taken, only=only)
    weighed = [weigh(feed, d, stored.get((d.provider, d.match_id))) for d in deliveries]
    if again:
        weighed = [Weighed(Resend.NEWER, w.delivery) if w.resend is Resend.UNCHANGED else w for w in weighed]
    problems = [*problems, *(problem for w in weighed for problem in w.problems)]
    return Arrivals(feed, source, stored, weighed, problems)


def is_empty(folder: Path) -> bool:
    """Whether a folder holds no file of a feed."""
    return not any(path.name != SCHEDULE_FILE for path in folder.rglob("*") if path.is_file())


def announcements(feed: str, deliveries: Sequence[Delivery]) -> dict[Key, Announcement]:
    """What the deliveries say of their matches, as far as they say it."""
    found = {}
    for delivery in deliveries:
        try:
            found[delivery.provider, delivery.match_id] = load_feed(feed).announce(delivery)
        except FeedError:  # reading the match will say it, with its reason
            continue
    return found


def what_is_stored(connection: Connection) -> dict[Key, Stored]:
    """By (provider, match id)."""
    return {
        key: Stored(
            row["feed"],
            row["fingerprint"],
            row["message_time"],
            {f.kind: StoredMessage(f.kind, Path(f.path), f.sha256, f.message_time) for f in row["files"]},
        )
        for key, row in store.stored_deliveries(connection).items()
    }
