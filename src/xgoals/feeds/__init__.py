"""A feed turns a provider's files into domain objects.

Every feed is a module with three functions::

    discover(source, *, stored_sha256=(), match_ids=None, seen=None) -> tuple[list[Delivery], list[Problem]]
    announce(delivery: Delivery) -> Announcement
    read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]

The first two are cheap: ``discover`` says which matches lie there, ``announce`` who plays when.
``read_match`` raises :class:`~xgoals.domain.errors.FeedError` where the match as a whole cannot be used;
what can be left missing is returned as a :class:`~xgoals.domain.errors.Problem` of severity ``"value"``. A reader
translates, and hands what it has to :func:`xgoals.domain.plausible.plausible`, which decides what can be.
What a feed is and whose its data are, :class:`~xgoals.feeds.registry.About` says, as ``about``. A feed can live in
another package, which names it as an entry point of the group ``xgoals.feeds``: docs/write-a-feed.md.
A feed that hashes its files while it reads them has ``read_delivery(delivery) -> MatchReading`` beside it.
Feeds know neither each other nor the database.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from xgoals.domain.errors import Problem, SettingsError
from xgoals.domain.match import Match
from xgoals.domain.page_keys import MatchKey
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.registry import Feeds, KnownFeed, registered

if TYPE_CHECKING:
    from xgoals.feeds.seen import SeenFiles


__all__ = [
    "FEEDS",
    "Announcement",
    "Delivery",
    "Feed",
    "KnownFeed",
    "MatchReading",
    "Message",
    "discover_to_score",
    "known_feeds_in_words",
    "load_feed",
    "registered",
]

FEEDS: Mapping[str, KnownFeed] = Feeds()
"""Every feed by its name: what users type, what its inbox is called, and what the column ``provider`` says of its
matches. Its order is that of lists that people see; those of other packages come last."""


@dataclass(frozen=True, slots=True)
class Message:
    """One file of a match in a feed that sends each match as several messages, each with a time of its own."""

    kind: str
    path: Path
    message_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The files of one match.

    ``fingerprint`` changes when anything does that ``read_match`` would read; a match whose fingerprint is
    known already is not read again. ``messages`` are the files by kind where the feed has such kinds, and
    ``extra`` is the feed's own.
    """

    provider: str
    match_id: str
    files: tuple[Path, ...]
    fingerprint: str
    message_time: datetime | None = None
    messages: tuple[Message, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> MatchKey:
        """Which match it is of."""
        return MatchKey(self.provider, self.match_id)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a delivery says of its match before it is read as a whole."""

    match_id: str
    competition_id: str
    competition: str
    season_id: str
    season: str
    matchday: int | None
    team_ids: tuple[str, str]

    @classmethod
    def of(cls, match: Match) -> "Announcement":
        """What is known of a match, as far as it is announced."""
        return cls(
            match.match_id,
            match.competition_id,
            match.competition,
            match.season_id,
            match.season,
            match.matchday,
            (match.home.team_id, match.away.team_id),
        )


@dataclass(frozen=True, slots=True)
class MatchReading:
    """A match as read.

    ``sha256`` by file and ``read_path`` (how the positions were read, such as ``"seek"`` or ``"parser"``) are
    known where the feed has a ``read_delivery``.
    """

    record: MatchRecord
    problems: list[Problem]
    sha256: Mapping[Path, str] = field(default_factory=dict)
    read_path: str | None = None


class Feed(Protocol):
    """What a feed module offers."""

    def discover(
        self,
        source: Path,
        *,
        stored_sha256: Container[str] = (),
        match_ids: Collection[str] | None = None,
        seen: "SeenFiles | None" = None,
    ) -> tuple[list[Delivery], list[Problem]]:
        """List the matches of a source, cheaply, and what cannot be attributed to a match.

        Of messages that contradict each other those stand whose SHA-256 is in ``stored_sha256``.
        ``match_ids`` are those of the matches to list, where not all are wanted. ``seen`` knows what unchanged
        files said before, and learns what has to be found out.
        """

    def announce(self, delivery: Delivery) -> Announcement:
        """Which match this is.

        Raises
        ------
        FeedError
            If the delivery does not say so, or not yet.
        """

    def read_match(self, delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
        """Read one match."""


def load_feed(name: str) -> Feed:
    """The feed of that name.

    Raises
    ------
    SettingsError
        If there is no such feed.
    SourceError
        If the package that brings it is broken.
    """
    known = FEEDS.get(name)
    if known is None:
        raise SettingsError(f"unknown feed '{name}'", advice=known_feeds_in_words())
    return cast(Feed, known.load())


def known_feeds_in_words() -> str:
    """Every feed, and what stands in the way of others, for who has asked for one that there is not."""
    left_out = "".join(f". Left out: {problem}" for problem in registered().problems)
    return f"Known feeds: {', '.join(sorted(FEEDS))}{left_out}"


def discover_to_score(name: str, source: Path) -> tuple[list[Delivery], list[Problem]]:
    """The matches of a source that can be scored: in some feeds more than could be stored."""
    feed = load_feed(name)
    discover = getattr(feed, "discover_to_score", feed.discover)
    return cast(tuple[list[Delivery], list[Problem]], discover(source))
