"""Stats Perform's tracking (MA25): lines ``epoch ms;ms of the period,period,status:people:ball;:``.

People are ``type,id,shirt,x,y`` with types 0 and 1 for home and away, 3 and 4 for their keepers, 2 for referees; the
ball is ``x,y,z``. Metres from the upper left corner, y downwards. No metadata of its own: ids are those of MA1 and MA3.
"""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from xgoals.domain.bounds import FIRST_MINUTE
from xgoals.domain.pitch import DFL_EVENT_PITCH, Pitch
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
from xgoals.feeds.tracking.remarks import cut_off, unreadable

FIRST_FRAME = {1: 10_000, 2: 100_000, 3: 200_000, 4: 250_000}
"""What the first frame of each period on the grid is called."""
SIDES: dict[bytes, Side] = {b"0": "home", b"1": "away", b"3": "home", b"4": "away"}
KEEPERS = (b"3", b"4")
FIELDS = 5
SAMPLE = 400
MAX_PEOPLE = 200
"""Two squads have 50: with more, somebody's id is another one in every frame."""
ENDING = (b":", b";")


def read_ma25(path: Path, spans: Sequence[Span], pitch: Pitch | None = None) -> TrackingWindows:
    """Read the windows of an MA25 file.

    Parameters
    ----------
    path
        The file, plain or gzipped.
    spans
        What is wanted.
    pitch
        The real pitch, which the file does not say; 105 x 68 m where nobody does.

    Raises
    ------
    FeedError
        If the file cannot be used: it is empty, no MA25, has nobody or no ball in the windows.
    """
    wanted = Ranges([(s.period, int(1000 * s.first_s), int(1000 * s.last_s)) for s in spans])
    frames = _Frames(pitch or DFL_EVENT_PITCH, str(path))
    selected = select_lines(path, _Stamps(), wanted, ENDING, frames.take)
    period = np.array([stamp[0] for stamp in selected.stamps], dtype=np.int64)
    time_s = np.array([stamp[1] / 1000 for stamp in selected.stamps])
    tracks = tracks_of(frames.columns(), period, time_s, spans)
    if frames.people and not has_ball(tracks):
        raise unusable("positions without the ball around the shots", str(path))
    if selected.stamps and not frames.people:
        raise unusable("nobody of the two teams is in the positions", str(path), "Check which file this is")
    return TrackingWindows(
        where=str(path),
        rate_hz=_rate_hz(selected),
        pitch=None,
        match_id=None,
        match_date=_date(frames.first_line),
        people=frames.people,
        tracks=tracks,
        periods={
            number: PeriodFrames(FIRST_FRAME[number]) for number in selected.last if number in FIRST_FRAME
        },
        notes=[*unreadable([*selected.broken, *frames.broken]), *cut_off(selected)],
        sha256={path: selected.sha256},
        is_simulated=frames.is_simulated,
    )


class _Stamps:
    """The stamp of a line, from the start of its half, also where halves count on from 45:00."""

    def __init__(self) -> None:
        self._start_ms: dict[int, int] = {}

    def __call__(self, line: bytes) -> Stamp:
        head = line[: line.index(b":")]
        said, number, _ = head[head.index(b";") + 1 :].split(b",", 2)
        ms, period = int(said), int(number)
        start_ms = self._start_ms.get(period)
        if start_ms is None:
            before_ms = 60_000 * FIRST_MINUTE.get(period, 0)
            start_ms = self._start_ms[period] = before_ms if ms >= before_ms else 0
        return period, ms - start_ms


class _Frames:
    """Collects the places of frames."""

    def __init__(self, pitch: Pitch, where: str) -> None:
        self._where = where
        self._centre = (pitch.length_m / 2, pitch.width_m / 2)
        self._who = {BALL: 0}
        self._parts: list[Columns] = []
        self._keys: dict[tuple[bytes, bytes], int] = {}
        self.people: dict[str, TrackedPerson] = {}
        self.broken: list[int] = []
        self.first_line = b""
        self.is_simulated = False

    def take(self, lines: Sequence[bytes], start: int) -> None:
        """Take in some frames; one that is broken counts as not seen."""
        self.first_line = self.first_line or (lines[0] if lines else b"")
        self.is_simulated = self.is_simulated or bears_mark(lines)
        frame, who, places = list[int](), list[int](), list[tuple[float, float, float]]()
        for index, line in enumerate(lines, start):
            try:
                seen = list(self._places(line))
            except (ValueError, IndexError):
                self.broken.append(index + 1)
                continue
            frame += [index] * len(seen)
            who += [player for player, _ in seen]
            places += [place for _, place in seen]
        xyz_m = np.array(places, dtype=np.float64).reshape(-1, 3)
        xyz_m[:, 0] -= self._centre[0]
        xyz_m[:, 1] = self._centre[1] - xyz_m[:, 1]
        self._parts.append(columns_of(list(self._who), frame, who, xyz_m))

    def columns(self) -> Columns:
        """All that was taken in, in metres from the centre, y upwards."""
        return joined(list(self._who), self._parts)

    def _places(self, line: bytes) -> Iterator[tuple[int, tuple[float, float, float]]]:
        """Who is seen in a frame, and where."""
        _, people, ball, *_ = (*line.split(b":", 3), b"")
        parts = people.replace(b";", b",").split(b",")[:-1] if people.strip(b";\r ") else []
        columns = (parts[i::FIELDS] for i in range(FIELDS))
        for kind, player, shirt, x_m, y_m in zip(*columns, strict=True):
            who = self._key(kind, player, shirt)
            if who >= 0:
                yield who, (float(x_m), float(y_m), np.nan)
        place = _ball(ball.split(b";")[0])
        if place is not None:
            yield 0, place

    def _key(self, kind: bytes, player: bytes, shirt: bytes) -> int:
        """Index of somebody; -1 for a referee."""
        who = (kind, player or shirt)
        known = self._keys.get(who)
        if known is not None:
            return known
        side = SIDES.get(kind)
        index = -1
        if side is not None:
            player_id = player.decode("ascii", "replace").strip() or None
            key = f"{side} {player_id or shirt.decode('ascii', 'replace')}"
            index = self._who.setdefault(key, len(self._who))
            if index > MAX_PEOPLE:
                raise unusable(f"more than {MAX_PEOPLE} people: ids change from frame to frame", self._where)
            self.people[key] = TrackedPerson(
                key,
                side,
                int(shirt) if shirt.isdigit() else None,
                player_id,
                None,
                kind in KEEPERS,
            )
        self._keys[who] = index
        return index


def _ball(text: bytes) -> tuple[float, float, float] | None:
    """The ball's place as it stands there, without a height where none is said; None where it is not seen, for which
    some write zeros.
    """
    try:
        x, y, *more = map(float, filter(None, text.split(b",")))
    except ValueError:
        return None
    z = more[0] if more else np.nan
    return None if x == y == 0 else (x, y, z)


def _rate_hz(selected: Selected) -> float:
    """Frames a second, from the usual step between frames."""
    times = selected.stamps[:SAMPLE]
    steps = [b[1] - a[1] for a, b in itertools.pairwise(times) if a[0] == b[0] and b[1] > a[1]]
    return 1000 / float(np.median(steps)) if steps else float(FRAME_RATE_HZ)


def _date(line: bytes) -> date | None:
    try:
        return datetime.fromtimestamp(int(line.split(b";", 1)[0]) / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
