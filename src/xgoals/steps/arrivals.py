"""What lies in a source, compared with what is stored: nothing is read yet but the heads of the files.

Three tasks list a source, each when its time has come (docs/scheduling.md, *Who lists a source, and when*): the files
may have been replaced since the task before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, Problem
from xgoals.feeds import Announcement, Delivery, load_feed
from xgoals.feeds.resends import Classified, Resend, Stored, classify
from xgoals.feeds.schedule import SCHEDULE_FILE
from xgoals.steps.run_context import FeedSource
from xgoals.store.deliveries import Key, stored_deliveries


@dataclass(frozen=True)
class Arrivals:
    """The deliveries of a source and what each is to what is stored.

    ``problems`` are what cannot be attributed to a match, and what contradicts what is stored.
    """

    source: FeedSource
    stored: Mapping[Key, Stored]
    classified: Sequence[Classified]
    problems: Sequence[Problem]

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
        Those of the matches to list; None lists all.
    reread
        Let what is unchanged count as newer, so that it is read once more.

    Raises
    ------
    SourceError
        If the source cannot be listed.
    """
    stored = stored_deliveries(connection)
    sha256 = {message.sha256 for match in stored.values() for message in (match.messages or {}).values()}
    feed = load_feed(source.feed)
    deliveries, problems = feed.discover(source.path, stored_sha256=sha256, match_ids=match_ids)
    classified = [classify(source.feed, d, stored.get((d.provider, d.match_id))) for d in deliveries]
    if reread:
        classified = [
            Classified(Resend.NEWER, found.delivery) if found.resend is Resend.UNCHANGED else found
            for found in classified
        ]
    problems = [*problems, *(problem for found in classified for problem in found.problems)]
    return Arrivals(source, stored, classified, problems)


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
