"""What is a provider's own: which files are its, what they say of the match, and the words of its shots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from xgoals.domain.errors import Problem
from xgoals.domain.match import OwnGoal, Player
from xgoals.domain.pitch import Pitch
from xgoals.domain.shot import Shot
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.synchronise.identities import Member
from xgoals.feeds.synchronise.tracking import ReadWindows


@dataclass(frozen=True, slots=True)
class Piece:
    """What a file says about itself.

    ``match_id`` is None where it does not name its match; ``reason`` says why it cannot be read, where that shows
    already. ``hint`` may be the match: an id of somebody who numbers matches in his own way. ``others`` is what it
    says of further matches, where it tells of several.
    """

    kind: str
    match_id: str | None
    message_time: datetime | None = None
    reason: str | None = None
    advice: str = ""
    hint: str | None = None
    others: tuple["Piece", ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """All that a match's files tell, in the domain's words and in metres.

    Shots are in the order in which they were taken, shoot-outs left out. ``tracking`` reads the tracking that lies
    beside the events, in which ``members`` are looked for.
    """

    header: Header
    shots: tuple[Shot, ...]
    own_goals: tuple[OwnGoal, ...] = ()
    players: tuple[Player, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    members: tuple[Member, ...] = ()
    tracking: ReadWindows | None = None


class Adapter(Protocol):
    """A provider's files."""

    @property
    def provider(self) -> str:
        """Its name, which is the feed's."""

    @property
    def version(self) -> int:
        """Goes up when the same files are read differently: matches are then read again."""

    @property
    def endings(self) -> tuple[str, ...]:
        """Of the names of its files, in lower case; ``.gz`` may follow."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """Kind of file -> what it is called; the first one has the shots, the others add to it."""

    @property
    def has_messages(self) -> bool:
        """Whether files bear times, so that a newer one replaces an older one."""

    @property
    def files_in_words(self) -> str:
        """What its files are, for who looks for them."""

    def sniff(self, path: Path) -> Piece | None:
        """What a file says about itself; None if it is none of the provider's."""

    def header(self, files: Mapping[str, Path]) -> Header:
        """What the files say of the match, by kind.

        Raises
        ------
        FeedError
            If they cannot be read.
        """

    def read(self, files: Mapping[str, Path], pitch: Pitch) -> Told:
        """All that the files tell.

        Raises
        ------
        FeedError
            If they cannot be read, or are not of one match.
        """
