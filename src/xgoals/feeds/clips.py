"""Clips as compact Parquet: one file a match, one row a person (or ball) and shot.

Positions are kept in whole centimetres (the feed has no more), as lists of 16-bit integers, one value a frame,
compressed: the 26 clips of a match take about half a megabyte instead of eight in the feed.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.errors import FeedError
from xgoals.domain.scene import Clip
from xgoals.feeds.parquet_size import openable, why_too_large
from xgoals.whole_files import whole_file

MISSING = -32768
"""Stands for a position that is not there; the largest real one is a few thousand centimetres."""
LIMIT_M = 327.0
"""What 16 bits hold; nothing that far away is a position."""
LONGEST_FRAMES = 3000
"""A frame further from the shot belongs to something else: a clip has 126 frames."""
USUAL_RATE_HZ = 25.0
NO_TIME_S = 1e-6
MIN_STEP_S = 1e-3
"""No camera takes more than a thousand frames a second."""
BALL = "ball"
FORMAT = b"xgoals-clips-1"
MAX_NAME = 100

_SCHEMA = pa.schema(
    [
        ("shot_id", pa.string()),
        ("who", pa.string()),
        ("is_teammate", pa.bool_()),
        ("is_keeper", pa.bool_()),
        ("first_frame", pa.int64()),
        ("shot_frame", pa.int32()),
        ("rate_hz", pa.float32()),
        ("x_cm", pa.list_(pa.int16())),
        ("y_cm", pa.list_(pa.int16())),
        ("z_cm", pa.list_(pa.int16())),
    ],
    metadata={b"format": FORMAT},
)


def write_clips(clips: Iterable[Clip], path: Path) -> int:
    """Write the clips of a match to a file, whole or not at all; its size in bytes."""
    content = clips_as_bytes(clips)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)
    return len(content)


def clips_as_bytes(clips: Iterable[Clip]) -> bytes:
    """The clips of a match as a Parquet file.

    What is no position (NaN, infinite, beyond 327 m) is missing in the file; so is everybody in a frame that is missing
    in a clip. A clip that does not say which of its frames is the shot's is left out.

    Parameters
    ----------
    clips
        In any order.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _SCHEMA.names}
    for clip in filter(None, map(without_holes, clips)):
        for row in _rows(clip):
            for name, value in row.items():
                columns[name].append(value)
    file = BytesIO()
    pq.write_table(pa.table(columns, schema=_SCHEMA), file, compression="zstd", use_dictionary=["shot_id"])
    return file.getvalue()


def read_clips(path: Path, shot_ids: Sequence[str] | None = None) -> list[Clip]:
    """Read the clips of a match, or those of some shots, in the order in which they were written.

    Raises
    ------
    FeedError
        If the file is not one of ours.
    """
    try:
        metadata = pq.read_metadata(openable(path))
        schema = metadata.schema.to_arrow_schema()
        if (schema.metadata or {}).get(b"format") != FORMAT or not schema.equals(_SCHEMA):
            raise _unreadable("no file of clips", path)
        if too_large := why_too_large(path):
            raise _unreadable(too_large, path)
        filters = None if shot_ids is None else [("shot_id", "in", list(shot_ids))]
        rows = (
            pq.read_table(openable(path), filters=filters).to_pylist() if shot_ids is None or shot_ids else []
        )
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise _unreadable(f"the clips cannot be read ({error})", path) from error
    by_shot: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_shot.setdefault(row["shot_id"], []).append(row)
    return [_whole_clip(shot_id, of_shot, path) for shot_id, of_shot in by_shot.items()]


def _unreadable(why: str, path: Path) -> FeedError:
    return FeedError(why, where=str(path), advice="Ingest the match again")


def _whole_clip(shot_id: str, rows: Sequence[dict[str, Any]], path: Path) -> Clip:
    """The clip of a shot; FeedError where its rows do not fit each other, or lack something."""
    try:
        return _clip(shot_id, rows)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise _unreadable(f"the clip of shot {shot_id} is damaged ({error})", path) from error


def file_name(provider_id: str) -> str:
    """A provider's id as a name that any file system takes, and that is not hidden."""
    name = quote(provider_id, safe="")
    name = f"%2E{name[1:]}" if name.startswith(".") else name
    return name if len(name) <= MAX_NAME else hashlib.sha256(name.encode()).hexdigest()


def without_holes(clip: Clip) -> Clip | None:
    """The clip with every frame from its first to its last one, the shot's among them, once and in order.

    Frames that are missing are frames in which nobody is seen. None where no frame can be the shot's.
    """
    n, step_s = clip.frame_n, _seconds_a_frame(clip)
    if step_s is None:
        return None
    shot_n = int(n[0]) - round(float(clip.time_s[0]) / step_s)
    kept, first_at = np.unique(n, return_index=True)
    near = np.abs(kept - shot_n) <= LONGEST_FRAMES
    kept, first_at = kept[near], first_at[near]
    if not len(kept):
        return None
    frames = np.arange(min(int(kept[0]), shot_n), max(int(kept[-1]), shot_n) + 1)
    xy_m = np.full((len(frames), *clip.xy_m.shape[1:]), np.nan, dtype=np.float32)
    ball_xyz_m = np.full((len(frames), 3), np.nan, dtype=np.float32)
    rows = kept - frames[0]
    xy_m[rows], ball_xyz_m[rows] = clip.xy_m[first_at], clip.ball_xyz_m[first_at]
    time_s = np.asarray((frames - shot_n) * step_s, dtype=np.float64)
    return replace(clip, frame_n=frames, time_s=time_s, xy_m=xy_m, ball_xyz_m=ball_xyz_m)


def _seconds_a_frame(clip: Clip) -> float | None:
    """From the first and the last frame; a single one is the shot's or of no use."""
    n, time_s = clip.frame_n, clip.time_s
    if not len(n) or not np.isfinite(time_s).all():
        return None
    span_n, span_s = int(n[-1]) - int(n[0]), float(time_s[-1] - time_s[0])
    if span_n == 0:
        return 1 / USUAL_RATE_HZ if abs(float(time_s[0])) < NO_TIME_S else None
    return span_s / span_n if MIN_STEP_S <= span_s / span_n <= 1 else None


def _rows(clip: Clip) -> Iterable[dict[str, Any]]:
    n = clip.frame_n
    at_shot = np.flatnonzero(np.abs(clip.time_s) < NO_TIME_S)
    step_s = np.diff(clip.time_s)
    common = {
        "shot_id": clip.shot_id,
        "first_frame": int(n[0]),
        "shot_frame": int(at_shot[0]),
        "rate_hz": 1 / float(step_s.mean()) if len(step_s) else USUAL_RATE_HZ,
    }
    ball = _centimetres(clip.ball_xyz_m)
    yield common | {"who": BALL, "is_teammate": None, "is_keeper": None} | _axes(ball)
    people = zip(clip.player_ids, clip.is_teammate, clip.is_keeper, strict=True)
    for i, (player_id, is_teammate, is_keeper) in enumerate(people):
        places = _centimetres(clip.xy_m[:, i])
        who = {"who": player_id, "is_teammate": is_teammate, "is_keeper": is_keeper}
        yield common | who | _axes(places)


def _axes(places: npt.NDArray[np.int16]) -> dict[str, Any]:
    axes = [places[:, axis] for axis in range(places.shape[1])]
    return {"x_cm": axes[0], "y_cm": axes[1], "z_cm": axes[2] if len(axes) > 2 else None}


def _centimetres(places_m: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    whole = np.round(places_m.astype(np.float64) * 100)
    return np.where(np.abs(whole) <= 100 * LIMIT_M, whole, MISSING).astype(np.int16)


def _metres(row: dict[str, Any], axes: str) -> npt.NDArray[np.float32]:
    whole = np.array([row[f"{axis}_cm"] for axis in axes], dtype=np.float64).T
    return np.where(whole == MISSING, np.nan, whole / 100).astype(np.float32)


def _clip(shot_id: str, rows: Sequence[dict[str, Any]]) -> Clip:
    ball, people = rows[0], rows[1:]
    if any(row[name] is None for row in people for name in ("who", "is_teammate", "is_keeper")):
        raise ValueError("a row says not who is in it")
    if not 0 < 1 / ball["rate_hz"] < math.inf:
        raise ValueError(f"{ball['rate_hz']} frames a second")
    count = len(ball["x_cm"])
    frames = np.arange(count)
    empty = np.empty((count, 0, 2), dtype=np.float32)
    return Clip(
        shot_id=shot_id,
        frame_n=ball["first_frame"] + frames,
        time_s=(frames - ball["shot_frame"]) / round(ball["rate_hz"], 3),
        xy_m=np.stack([_metres(row, "xy") for row in people], axis=1) if people else empty,
        ball_xyz_m=_metres(ball, "xyz"),
        player_ids=tuple(row["who"] for row in people),
        is_teammate=tuple(row["is_teammate"] for row in people),
        is_keeper=tuple(row["is_keeper"] for row in people),
    )
