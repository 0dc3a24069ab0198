"""Pieces of DFL XML, and what the three files of a simulated match share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import quoteattr

from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator.dfl_frames import TimedShot

SECTIONS = {1: "firstHalf", 2: "secondHalf", 3: "firstHalfExtra", 4: "secondHalfExtra"}
FIRST_FRAME = {1: 10_000, 2: 100_000, 3: 200_000, 4: 250_000}
REQUEST_ID = "xgoals-simulator"
"""By it the reader knows that a file is simulated."""
LOCAL = timezone(timedelta(hours=2))
"""Events have local time with an offset, positions UTC."""


@dataclass(frozen=True, slots=True)
class Game:
    """A record with everything that the files need and the record does not say in so many words."""

    match: Match
    record: MatchRecord
    team_of: Mapping[str, str]
    keepers: frozenset[str]
    starts: Mapping[int, datetime]
    shots: tuple[TimedShot, ...]


def signs_of(match: Match, period: int) -> dict[str, int]:
    """For each team +1 where it attacks towards +x, else -1: the home team does in odd periods."""
    home = 1 if period % 2 else -1
    return {match.home.team_id: home, match.away.team_id: -home}


def tag(name: str, attributes: Mapping[str, object], *, close: bool = True) -> str:
    """An XML tag, empty or opening."""
    text = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{text}{'/' if close else ''}>"


def open_message(time: datetime, **more: str) -> str:
    """The start of a file."""
    attributes = {
        "RequestId": REQUEST_ID,
        "MessageTime": iso(time),
        "TransmissionComplete": "true",
        "TransmissionSuspended": "false",
        **more,
    }
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tag("PutDataRequest", attributes, close=False)


def iso(time: datetime) -> str:
    """A time as the feed writes it."""
    return time.isoformat(timespec="milliseconds")
