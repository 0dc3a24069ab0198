"""Frames of a tracking file as flat columns -> the tracks of each span."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.feeds.synchronise.tracking import BALL, Span, Track

Floats = npt.NDArray[np.float64]
Ints = npt.ArrayLike


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of everybody in the frames that were read, one a row.

    ``frame`` (rows,) is an index into the frames, ``who`` (rows,) one into ``keys``, ``xyz_m`` (rows, 3).
    """

    keys: Sequence[str]
    frame: npt.NDArray[np.int32]
    who: npt.NDArray[np.int16]
    xyz_m: Floats


def columns_of(keys: Sequence[str], frame: Ints, who: Ints, xyz_m: Floats) -> Columns:
    """Columns of small integers, of which a match has millions."""
    return Columns(keys, np.asarray(frame, dtype=np.int32), np.asarray(who, dtype=np.int16), xyz_m)


def joined(keys: Sequence[str], parts: Sequence[Columns]) -> Columns:
    """Columns one below the other."""
    if not parts:
        return columns_of(keys, [], [], np.empty((0, 3)))
    frame, who = (np.concatenate([getattr(part, name) for part in parts]) for name in ("frame", "who"))
    return Columns(keys, frame, who, np.concatenate([part.xyz_m for part in parts]))


def tracks_of(
    columns: Columns, period: npt.NDArray[np.int64], time_s: Floats, spans: Iterable[Span]
) -> list[list[Track]]:
    """For each span the tracks of everybody who has places in it.

    Parameters
    ----------
    columns
        The places.
    period, time_s
        Of each frame, shape (frames,).
    spans
        What is wanted.
    """
    whole = {key: _path(columns, who, period, time_s) for who, key in enumerate(columns.keys)}
    return [[track for key, path in whole.items() if (track := _cut(key, path, span))] for span in spans]


Path = Mapping[int, tuple[Floats, Floats]]
"""Times and places by period."""


def _path(columns: Columns, who: int, period: npt.NDArray[np.int64], time_s: Floats) -> Path:
    """All places of one object; of two at the same time the first."""
    rows = np.flatnonzero(columns.who == who)
    frames = columns.frame[rows]
    parts = {}
    for number in np.unique(period[frames]).tolist():
        of_period = period[frames] == number
        times, first = np.unique(time_s[frames[of_period]], return_index=True)
        parts[number] = times, columns.xyz_m[rows[of_period]][first]
    return parts


def _cut(key: str, path: Path, span: Span) -> Track | None:
    if span.period not in path:
        return None
    time_s, xyz_m = path[span.period]
    first, last = np.searchsorted(time_s, [span.first_s, span.last_s + 1e-6])
    return Track(key, time_s[first:last], xyz_m[first:last]) if last > first else None


def has_ball(tracks: Iterable[Iterable[Track]]) -> bool:
    """Whether the ball is seen in any window."""
    return any(
        track.key == BALL and np.isfinite(track.xyz_m[:, :2]).any() for of_span in tracks for track in of_span
    )
