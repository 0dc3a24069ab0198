"""TRACAB tracking: a ``.dat`` of lines ``frame:people:ball:`` and its metadata.

People are ``team,target,shirt,x,y,speed`` with team 1 for home, 0 for away and other numbers for referees and what is
not known; the ball is ``x,y,z,speed,owner,state``. Centimetres from the pitch centre. The frame's number is a time
of day; the metadata say which belong to which period.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xgoals.feeds.simulated import bears_mark
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ
from xgoals.feeds.synchronise.tracking import (
    BALL,
    PeriodFrames,
    Side,
    Span,
    TrackedPerson,
    TrackingWindows,
    unusable,
)
from xgoals.feeds.tracking.frames import Columns, columns_of, has_ball, joined, tracks_of
from xgoals.feeds.tracking.lines import Ranges, Selected, Stamp, select_lines
from xgoals.feeds.tracking.ma25 import FIRST_FRAME
from xgoals.feeds.tracking.remarks import cut_off, missing_parts, unreadable
from xgoals.feeds.tracking.tracab_metadata import TracabMetadata, read_tracab_metadata

SIDES: dict[int, Side] = {1: "home", 0: "away"}
FIELDS = 6
MAX_SHIRT = 1000
ENDING = (b":",)
METRES = 0.01
UNSEEN = (np.nan, np.nan, np.nan)
Ints = npt.NDArray[np.int64]


def read_tracab(positions: Path, metadata: Path | None, spans: Sequence[Span]) -> TrackingWindows:
    """Read the windows of a TRACAB file.

    Parameters
    ----------
    positions
        The ``.dat``, plain or gzipped.
    metadata
        The XML file that belongs to it; without one nobody knows when its frames are.
    spans
        What is wanted.

    Raises
    ------
    FeedError
        If the files cannot be used: broken metadata, a file without frames of its periods, nobody or no ball in it.
    """
    if metadata is None:
        raise unusable("there is no metadata file beside it", str(positions), "Add it")
    about = read_tracab_metadata(metadata)
    ranges = [
        (0, start + round(s.first_s * about.rate_hz), start + round(s.last_s * about.rate_hz))
        for s in spans
        if s.period in about.frames
        for start in about.frames[s.period][:1]
    ]
    frames = _Frames()
    selected = select_lines(positions, _stamp, Ranges(ranges), ENDING, frames.take)
    first, last = selected.first[0], selected.last[0]
    if not any(start <= last and first <= end for start, end in about.frames.values()):
        told = f"it holds frames {first} to {last}, and the periods are {_listed(about)} by {metadata.name}"
        raise unusable(told, str(positions), "Deliver the two files of one match")
    period, time_s = _times(np.array([n for _, n in selected.stamps], dtype=np.int64), about)
    columns = frames.columns()
    tracks = tracks_of(columns, period, time_s, spans)
    if selected.stamps and not len(columns.keys) > 1:
        raise unusable(
            "nobody of the two teams is in the positions", str(positions), "Check which file this is"
        )
    if selected.stamps and not has_ball(tracks):
        raise unusable("positions without the ball around the shots", str(positions))
    if selected.stamps and frames.is_simulated != about.is_simulated:
        simulated, real = (positions, metadata) if frames.is_simulated else (metadata, positions)
        told = f"{simulated.name} is simulated, and {real.name} is not"
        raise unusable(told, str(positions), "Deliver the two files of one match")
    return TrackingWindows(
        where=str(positions),
        rate_hz=about.rate_hz,
        pitch=about.pitch,
        match_id=about.match_id,
        match_date=about.match_date,
        people={key: about.people.get(key, _nameless(key)) for key in columns.keys if key != BALL},
        tracks=tracks,
        periods=_periods(about),
        is_simulated=about.is_simulated,
        notes=[
            *unreadable([*selected.broken, *frames.broken]),
            *cut_off(selected),
            *_missing(about, selected),
        ],
        sha256={positions: selected.sha256, metadata: about.sha256},
    )


def _stamp(line: bytes) -> Stamp:
    return 0, int(line[: line.index(b":")])


def _listed(about: TracabMetadata) -> str:
    return ", ".join(f"{first} to {last}" for first, last in about.frames.values())


def _periods(about: TracabMetadata) -> dict[int, PeriodFrames]:
    return {
        number: PeriodFrames(
            first if about.rate_hz == FRAME_RATE_HZ else FIRST_FRAME[number], (last - first) / about.rate_hz
        )
        for number, (first, last) in about.frames.items()
    }


def _missing(about: TracabMetadata, selected: Selected) -> list[str]:
    last = selected.last[0]
    return [
        *missing_parts(
            (number, (end - start) / about.rate_hz, (min(max(last, start), end) - start) / about.rate_hz)
            for number, (start, end) in about.frames.items()
        )
    ]


def _times(n: Ints, about: TracabMetadata) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Period of each frame and seconds since that one's start; before a start and after an end the nearest one's.

    Frames are counted from midnight: a half after it can have lower ones than the half before.
    """
    numbers = sorted(about.frames, key=lambda number: about.frames[number])
    middles = [(about.frames[a][1] + about.frames[b][0]) / 2 for a, b in itertools.pairwise(numbers)]
    which = np.searchsorted(middles, n)
    starts = np.array([about.frames[number][0] for number in numbers])
    return np.array(numbers, dtype=np.int64)[which], (n - starts[which]) / about.rate_hz


class _Frames:
    """Collects the places of frames, and the numbers of those that cannot be read."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, Ints, npt.NDArray[np.float64]]] = []
        self.broken: list[int] = []
        self.is_simulated = False

    def take(self, lines: Sequence[bytes], start: int) -> None:
        """Take in some frames; one that is broken counts as not seen."""
        frame, code, xyz_m, broken = _batch(lines, start)
        self._parts.append((frame.astype(np.int32), code.astype(np.int32), xyz_m))
        self.broken += broken
        self.is_simulated = self.is_simulated or bears_mark(lines)

    def columns(self) -> Columns:
        """All that was taken in."""
        codes = sorted({int(code) for _, of_part, _ in self._parts for code in np.unique(of_part)})
        keys = [_key(code) for code in codes]
        parts = [
            columns_of(keys, frame, np.searchsorted(codes, code), xyz_m) for frame, code, xyz_m in self._parts
        ]
        return joined(keys, parts)


def _key(code: int) -> str:
    return BALL if code < 0 else f"{SIDES[code // MAX_SHIRT]} {code % MAX_SHIRT}"


def _nameless(key: str) -> TrackedPerson:
    side, shirt = key.split(" ")
    return TrackedPerson(key, "home" if side == "home" else "away", int(shirt))


Batch = tuple[Ints, Ints, npt.NDArray[np.float64], list[int]]


def _batch(lines: Sequence[bytes], start: int) -> Batch:
    """Frame, person and place of every row of some lines; a batch that is not all numbers goes line by line."""
    kept, broken = [], []
    for index, line in enumerate(lines, start):
        _, _, rest = line.partition(b":")
        people, _, ball = rest.partition(b":")
        n_people = people.count(b";")
        if people.count(b",") == (FIELDS - 1) * n_people and (n_people == 0 or people.endswith(b";")):
            kept.append((index, n_people, people.replace(b";", b","), _ball(ball)))
        else:
            broken.append(index + 1)
    counts = [n_people for _, n_people, _, _ in kept]
    numbers = _numbers(b"".join(people for _, _, people, _ in kept))
    if len(numbers) != FIELDS * sum(counts):
        if len(lines) == 1:
            return (*_nothing(), [start + 1])
        singles = [_batch([line], start + i) for i, line in enumerate(lines)]
        frame, shirt, xyz_m = (np.concatenate([single[i] for single in singles]) for i in range(3))
        return frame, shirt, xyz_m, [number for single in singles for number in single[3]]
    rows = numbers.reshape(-1, FIELDS)
    places = np.array([i for i, _, _, _ in kept], dtype=np.int64)
    frame, balls = np.repeat(places, counts), np.array([ball for *_, ball in kept]).reshape(-1, 3)
    is_player = np.isin(rows[:, 0], list(SIDES)) & (rows[:, 2] >= 0) & (rows[:, 2] < MAX_SHIRT)
    players = rows[is_player]
    code = (players[:, 0] * MAX_SHIRT + players[:, 2]).astype(np.int64)
    flat = np.column_stack([players[:, 3:5], np.full(len(players), np.nan)])
    return (
        np.concatenate([frame[is_player], places]),
        np.concatenate([code, np.full(len(places), -1)]),
        METRES * np.concatenate([flat, balls]),
        broken,
    )


def _nothing() -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty((0, 3))


def _numbers(text: bytes) -> npt.NDArray[np.float64]:
    """Numbers that end with a comma each; none where one of them is no number."""
    try:
        return np.array(text[:-1].split(b","), dtype=np.float64) if text else np.empty(0)
    except ValueError:
        return np.empty(0)


def _ball(text: bytes) -> tuple[float, float, float]:
    """The ball's place in centimetres; NaN where it is not seen, for which some write zeros."""
    try:
        x, y, z = map(float, text.split(b",", 3)[:3])
    except ValueError:
        return UNSEEN
    return UNSEEN if x == y == z == 0 else (x, y, z)
