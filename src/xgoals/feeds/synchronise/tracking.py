"""What a reader of tracking files hands over: who is where in the seconds that were asked for.

Readers know their format and nothing of the events; they read only the windows around the shots, for a match has
140,000 frames of which a fifth matter. Places are metres from the pitch centre in the stadium's fixed directions,
times seconds since the period's first frame.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import FeedError
from xgoals.domain.pitch import Pitch

Side = Literal["home", "away"]
BALL = "ball"


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds of a period, both ends included; ``first_s`` can lie before its first frame."""

    period: int
    first_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class TrackedPerson:
    """Somebody of a tracking file, as far as it says who he is; ``key`` is his name within the file."""

    key: str
    side: Side
    shirt: int | None = None
    player_id: str | None = None
    name: str | None = None
    is_keeper: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """Where somebody, or the ball, was seen within a span: ``time_s`` (n,), growing, ``xyz_m`` (n, 3).

    ``key`` is that of a `TrackedPerson`, or ``BALL``; z of people is NaN.
    """

    key: str
    time_s: npt.NDArray[np.float64]
    xyz_m: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PeriodFrames:
    """A period in a tracking file: the number of its first frame on the grid and, if the file says it, its length.

    Files of 25 Hz keep their own numbers; those of other rates are counted anew.
    """

    n_first: int
    length_s: float | None = None


@dataclass(frozen=True, slots=True)
class TrackingWindows:
    """The windows of one tracking file.

    Attributes
    ----------
    where
        The positions file.
    rate_hz
        Frames a second, by the file.
    pitch, match_id, match_date
        As far as the file says them; ids are the tracking provider's.
    people
        Everybody who was seen, by key.
    tracks
        For every span asked for those who have places in it.
    periods
        Those that the file holds.
    notes
        What is wrong with it and leaves the rest of use, in sentences.
    sha256
        By file, as they lie there.
    is_simulated
        Whether the file says that nobody has filmed it.
    """

    where: str
    rate_hz: float
    pitch: Pitch | None
    match_id: str | None
    match_date: date | None
    people: Mapping[str, TrackedPerson]
    tracks: Sequence[Sequence[Track]]
    periods: Mapping[int, PeriodFrames]
    notes: Sequence[str] = ()
    sha256: Mapping[Path, str] = field(default_factory=dict)
    is_simulated: bool = False


ReadWindows = Callable[[Sequence[Span]], TrackingWindows]
"""Reads the spans of one tracking file; raises FeedError where it cannot be used."""


def unusable(what: str, where: str, advice: str = "Ask for the whole file, or leave it out") -> FeedError:
    """What to raise of a tracking file that cannot be used."""
    return FeedError(what, where=where, advice=f"{advice}; until then the shots go without tracking")
