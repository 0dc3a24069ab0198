"""A feed turns a provider's files into domain objects.

Every feed is a module with two functions::

    discover(source: Path) -> tuple[list[Delivery], list[Problem]]    # cheap: which matches lie there
    read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]

``read_match`` raises :class:`~xgoals.domain.errors.FeedError` where the match as a whole cannot be used;
what can be left missing is returned as a :class:`~xgoals.domain.errors.Problem` of severity ``"value"``.
Feeds know neither each other nor the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from xgoals.domain.errors import Problem, SettingsError
from xgoals.domain.scene import MatchRecord

FEEDS = {"statsbomb": "xgoals.feeds.statsbomb", "dfl": "xgoals.feeds.dfl", "archive": "xgoals.feeds.archive"}
"""Feed name -> module; imported only when used, for the readers' libraries are heavy."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The files of one match.

    ``fingerprint`` changes when anything does that ``read_match`` would read; a match whose fingerprint is
    known already is not read again. ``extra`` is the feed's own.
    """

    provider: str
    match_id: str
    files: tuple[Path, ...]
    fingerprint: str
    message_time: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


class Feed(Protocol):
    """What a feed module offers."""

    def discover(self, source: Path) -> tuple[list[Delivery], list[Problem]]:
        """List the matches of a source, cheaply, and what cannot be attributed to a match."""

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
    return cast(Feed, import_module(FEEDS[name]))
