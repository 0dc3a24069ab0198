"""A feed turns a provider's files into domain objects.

Every feed is a module with three functions::

    discover(source, *, stored_sha256=(), match_ids=None, seen=None) -> tuple[list[Delivery], list[Problem]]
    announce(delivery: Delivery) -> Announcement
    read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]

The first two are cheap: ``discover`` says which matches lie there, ``announce`` who plays when.
``read_match`` raises :class:`~xgoals.domain.errors.FeedError` where the match as a whole cannot be used;
what can be left missing is returned as a :class:`~xgoals.domain.errors.Problem` of severity ``"value"``. A reader
translates, and hands what it has to :func:`xgoals.domain.plausible.plausible`, which decides what can be.
A feed that hashes its files while it reads them has ``read_delivery(delivery) -> MatchReading`` beside it.
Feeds know neither each other nor the database.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from xgoals.domain.errors import Problem, SettingsError
from xgoals.domain.match import Match
from xgoals.domain.page_keys import MatchKey
from xgoals.domain.scene import MatchRecord

if TYPE_CHECKING:
    from xgoals.feeds.seen import SeenFiles


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed that there is.

    Attributes
    ----------
    module
        Its code, imported only when used, for the readers' libraries are heavy.
    files
        What its files are, in words.
    owner
        Who is to be named as the source of its data; None where the files hold anybody's.
    """

    module: str
    files: str
    owner: str | None = None


FEEDS: Mapping[str, KnownFeed] = {
    "statsbomb": KnownFeed("xgoals.feeds.statsbomb", "StatsBomb open data", "StatsBomb"),
    "dfl": KnownFeed("xgoals.feeds.dfl", "DFL / Sportec XML with tracking", "Deutsche Fußball Liga (DFL)"),
    "archive": KnownFeed("xgoals.feeds.archive", "Parquet archives that xgoals has written"),
    "wyscout": KnownFeed("xgoals.feeds.wyscout", "Wyscout events, version 2 or 3 (JSON)", "Wyscout"),
    "opta": KnownFeed("xgoals.feeds.opta", "Opta F24 with F7 (XML)", "Opta / Stats Perform"),
    "statsperform": KnownFeed(
        "xgoals.feeds.statsperform", "Stats Perform MA3 with MA1 (XML or JSON)", "Stats Perform"
    ),
}
"""Every feed by its name: what users type, what its inbox is called, and what the column ``provider`` says of its
matches. Its order is that of lists that people see."""


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
    """
    if name not in FEEDS:
        raise SettingsError(f"unknown feed '{name}'", advice=f"Known feeds: {', '.join(sorted(FEEDS))}")
    return cast(Feed, import_module(FEEDS[name].module))


def discover_to_score(name: str, source: Path) -> tuple[list[Delivery], list[Problem]]:
    """The matches of a source that can be scored: in some feeds more than could be stored."""
    feed = load_feed(name)
    discover = getattr(feed, "discover_to_score", feed.discover)
    return cast(tuple[list[Delivery], list[Problem]], discover(source))
