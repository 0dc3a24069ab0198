"""What a positions file holds, whichever way it was read: frame sets, tracks, windows.

A ``FrameSet`` has the frames of one object (a person, the ball, a referee) in one half. ``N`` numbers the
frames (10000 upwards in the first half, 100000 in the second, 200000 and 250000 in extra time), ``T`` is
UTC, 25 frames a second; metres from the pitch centre, in the stadium's fixed directions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import FeedError
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ

BALL = "BALL"
REFEREE = "referee"
CLOCK_TOLERANCE_S = 1.0
"""How far ``T`` may stray from ``N`` / 25 before the clock counts as jumped."""

PitchSize = tuple[str, str]
"""Length and width as text, for whoever judges whether such a pitch can be."""
ReadPath = Literal["seek", "parser"]
"""How the windows were read: the fast path, or the XML parser over the whole file."""


@dataclass(frozen=True, slots=True)
class FrameSetHead:
    """Whose frames, and from where to where. Times are seconds since 1970, UTC."""

    section: str
    match_id: str
    team_id: str
    person_id: str
    n_first: int
    n_last: int
    t_first_s: float
    t_last_s: float

    @property
    def is_ball(self) -> bool:
        """Whether these are the ball's frames."""
        return self.team_id == BALL


@dataclass(frozen=True, slots=True)
class Track:
    """One object's frames within one window: ``n`` (frames,), ``t_s`` (frames,), ``xyz_m`` (frames, 3).

    NaN where the feed has no coordinate: z of a person, x and y of somebody who is not seen.
    """

    team_id: str
    person_id: str
    n: npt.NDArray[np.int64]
    t_s: npt.NDArray[np.float64]
    xyz_m: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """Frames ``n_first`` to ``n_last`` (both included) of one half."""

    section: str
    n_first: int
    n_last: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one half: ``N`` <-> UTC."""

    n_origin: int
    t_origin_s: float
    n_last: int

    def time_s(self, n: int) -> float:
        """Seconds since 1970 at a frame."""
        return self.t_origin_s + (n - self.n_origin) / FRAME_RATE_HZ

    def frame(self, time: datetime) -> int:
        """The frame closest to a moment, also before the first and after the last one."""
        return self.n_origin + round((time.timestamp() - self.t_origin_s) * FRAME_RATE_HZ)


class Positions(Protocol):
    """An opened positions file.

    ``sha256`` is of the file as delivered; ``read_path`` says which reader serves the windows; ``pitch_size`` is as the
    file writes it.
    """

    sha256: str
    read_path: ReadPath
    heads: Sequence[FrameSetHead]
    pitch_size: PitchSize | None

    def windows(self, wanted: Sequence[Window]) -> list[list[Track]]:
        """For each window the tracks of everything that has frames in it, in the file's order."""

    def ball_frames(self) -> int:
        """About how many frames of the ball the file holds (tells an excerpt from a whole match)."""


def check_heads(heads: Sequence[FrameSetHead], match_id: str, where: str) -> Mapping[str, Clock]:
    """The clock of each half, after checking that the file is one match's and time runs as it should.

    Raises
    ------
    FeedError
        If a frame set belongs to another match, there is no ball, or frame numbers and times disagree.
    """
    for head in heads:
        if head.match_id not in ("", match_id):
            raise FeedError(
                f"positions of match {head.match_id} in the file of {match_id}",
                where=f"{where}, {head.section}, {head.person_id}",
                advice="Deliver each match's own file",
            )
    if not any(head.is_ball for head in heads):
        raise FeedError(
            "positions without the ball",
            where=where,
            advice="Ask for a complete positions file, or leave it out to take the match without tracking",
        )
    clocks: dict[str, Clock] = {}
    for head in heads:
        known = clocks.get(head.section)
        first = Clock(head.n_first, head.t_first_s, head.n_last)
        clock = known or first
        for n, t_s in ((head.n_first, head.t_first_s), (head.n_last, head.t_last_s)):
            check_time(clock, head.section, n, t_s, where)
        clocks[head.section] = Clock(
            *min((clock.n_origin, clock.t_origin_s), (first.n_origin, first.t_origin_s)),
            max(clock.n_last, head.n_last),
        )
    return clocks


def check_time(clock: Clock, section: str, n: int, t_s: float, where: str) -> None:
    """Raise FeedError if the time of a frame does not fit its number."""
    stray_s = t_s - clock.time_s(n)
    if abs(stray_s) > CLOCK_TOLERANCE_S:
        raise FeedError(
            f"the clock jumps: frame {n} is {stray_s:+.2f} s away from what its number says",
            where=f"{where}, {section}, N={n}",
            advice="Ask for a mended positions file, or leave it out to take the match without tracking",
        )


def utc_seconds(text: str) -> float:
    """Seconds since 1970 of a feed time; NaN for what is no time with an offset."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return float("nan")
    return float("nan") if time.tzinfo is None else time.timestamp()
