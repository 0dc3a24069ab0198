"""Stats Perform's tracking (MA25): lines ``epoch ms;ms of the period,period,status:people:ball;:``.

People are ``type,id,shirt,x,y`` with types 0 and 1 for home and away, 3 and 4 for their keepers, 2 for referees; the
ball is ``x,y,z``. Metres from the upper left corner, y downwards. No metadata of its own: ids are those of MA1 and MA3.
"""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from xgoals.domain.pitch import DFL_EVENT_PITCH, Pitch
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
from xgoals.feeds.tracking.frames import Columns, has_ball, tracks_of
from xgoals.feeds.tracking.lines import Ranges, Selected, Stamp, select_lines
from xgoals.feeds.tracking.remarks import cut_off, unreadable

FIRST_FRAME = {1: 10_000, 2: 100_000, 3: 200_000, 4: 250_000}
"""What the first frame of each period on the grid is called."""
SIDES: dict[bytes, Side] = {b"0": "home", b"1": "away", b"3": "home", b"4": "away"}
KEEPERS = (b"3", b"4")
FIELDS = 5
SAMPLE = 400
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
    selected = select_lines(path, _stamp, wanted, ENDING)
    frames = _Frames(pitch or DFL_EVENT_PITCH)
    for index, line in enumerate(selected.lines):
        frames.read(index, line)
    period = np.array([stamp[0] for stamp in selected.stamps], dtype=np.int64)
    time_s = np.array([stamp[1] / 1000 for stamp in selected.stamps])
    tracks = tracks_of(frames.columns(), period, time_s, spans)
    if frames.people and not has_ball(tracks):
        raise unusable("positions without the ball around the shots", str(path))
    if selected.lines and not frames.people:
        raise unusable("nobody of the two teams is in the positions", str(path), "Check which file this is")
    return TrackingWindows(
        where=str(path),
        rate_hz=_rate_hz(selected),
        pitch=None,
        match_id=None,
        match_date=_date(selected),
        people=frames.people,
        tracks=tracks,
        periods={
            number: PeriodFrames(FIRST_FRAME[number], last / 1000)
            for number, last in selected.last.items()
            if number in FIRST_FRAME
        },
        notes=[*unreadable([*selected.broken, *frames.broken]), *cut_off(selected)],
        sha256={path: selected.sha256},
    )


def _stamp(line: bytes) -> Stamp:
    head = line[: line.index(b":")]
    ms, period, _ = head[head.index(b";") + 1 :].split(b",", 2)
    return int(period), int(ms)


class _Frames:
    """Collects the places of frames."""

    def __init__(self, pitch: Pitch) -> None:
        self._centre = (pitch.length_m / 2, pitch.width_m / 2)
        self._who = {BALL: 0}
        self._rows: list[tuple[list[int], list[int], list[float], list[float], list[float]]] = []
        self.people: dict[str, TrackedPerson] = {}
        self.broken: list[int] = []
        self._keys: dict[tuple[bytes, bytes], int] = {}

    def read(self, index: int, line: bytes) -> None:
        """Take in one frame; one that is broken counts as not seen."""
        try:
            _, people, ball, *_ = (*line.split(b":", 3), b"")
            parts = people.replace(b";", b",").split(b",")[:-1] if people.strip(b";\r ") else []
            who = [
                self._key(*key)
                for key in zip(parts[0::FIELDS], parts[1::FIELDS], parts[2::FIELDS], strict=True)
            ]
            x_m, y_m = list(map(float, parts[3::FIELDS])), list(map(float, parts[4::FIELDS]))
            z_m = [np.nan] * len(who)
            if ball.strip(b";\r "):
                place = tuple(map(float, ball.split(b";")[0].split(b",")))
                who, x_m, y_m, z_m = [*who, 0], [*x_m, place[0]], [*y_m, place[1]], [*z_m, place[2]]
            if len(y_m) != len(who):
                raise ValueError
        except (ValueError, IndexError):
            self.broken.append(index + 1)
            return
        self._rows.append(([index] * len(who), who, x_m, y_m, z_m))

    def _key(self, kind: bytes, player: bytes, shirt: bytes) -> int:
        """Index of somebody; -1 for a referee."""
        known = self._keys.get((kind, player))
        if known is not None:
            return known
        side = SIDES.get(kind)
        index = -1
        if side is not None:
            key = f"{side} {player.decode('ascii', 'replace')}"
            index = self._who.setdefault(key, len(self._who))
            self.people[key] = TrackedPerson(
                key,
                side,
                int(shirt) if shirt.isdigit() else None,
                key.split(" ", 1)[1],
                None,
                kind in KEEPERS,
            )
        self._keys[kind, player] = index
        return index

    def columns(self) -> Columns:
        """All that was taken in, in metres from the centre, y upwards."""
        frame, who = (np.array([v for row in self._rows for v in row[i]], dtype=np.int64) for i in (0, 1))
        x_m, y_m, z_m = (np.array([v for row in self._rows for v in row[i]], dtype=float) for i in (2, 3, 4))
        is_player = who >= 0
        xyz_m = np.column_stack([x_m - self._centre[0], self._centre[1] - y_m, z_m])[is_player]
        return Columns(list(self._who), frame[is_player], who[is_player], xyz_m)


def _rate_hz(selected: Selected) -> float:
    """Frames a second, from the usual step between frames."""
    times = selected.stamps[:SAMPLE]
    steps = [b[1] - a[1] for a, b in itertools.pairwise(times) if a[0] == b[0] and b[1] > a[1]]
    return 1000 / float(np.median(steps)) if steps else float(FRAME_RATE_HZ)


def _date(selected: Selected) -> date | None:
    if not selected.lines:
        return None
    try:
        return datetime.fromtimestamp(int(selected.lines[0].split(b";", 1)[0]) / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
