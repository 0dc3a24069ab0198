"""Clips as compact Parquet: one file a match, one row a person (or ball) and shot.

Positions are kept in whole centimetres (the feed has no more), as lists of 16-bit integers, one value a frame,
compressed: the 26 clips of a match take about half a megabyte instead of eight in the feed.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.errors import FeedError
from xgoals.domain.scene import Clip

MISSING = -32768
"""Stands for a position that is not there; the largest real one is a few thousand centimetres."""
LIMIT_M = 327.0
BALL = "ball"
FORMAT = b"xgoals-clips-1"

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
    """Write the clips of a match; the file appears whole or not at all.

    Parameters
    ----------
    clips
        In any order; frames of a clip follow each other without gaps.
    path
        Ends with ``.parquet``; folders are made.

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    ValueError
        If a clip has no frame at time 0, gaps, or a position beyond 327 m.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _SCHEMA.names}
    for clip in clips:
        for row in _rows(clip):
            for name, value in row.items():
                columns[name].append(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(
        pa.table(columns, schema=_SCHEMA), unfinished, compression="zstd", use_dictionary=["shot_id"]
    )
    unfinished.replace(path)
    return path.stat().st_size


def read_clips(path: Path, shot_ids: Sequence[str] | None = None) -> list[Clip]:
    """Read the clips of a match, or those of some shots, in the order in which they were written.

    Raises
    ------
    FeedError
        If the file is not one of ours.
    """
    try:
        schema = pq.read_schema(path)
        filters = None if shot_ids is None else [("shot_id", "in", list(shot_ids))]
        rows = pq.read_table(path, filters=filters).to_pylist() if shot_ids is None or shot_ids else []
    except (OSError, pa.ArrowInvalid) as error:
        raise FeedError(
            f"the clips cannot be read ({error})", where=str(path), advice="Ingest the match again"
        ) from error
    if (schema.metadata or {}).get(b"format") != FORMAT:
        raise FeedError("no file of clips", where=str(path), advice="Ingest the match again")
    by_shot: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_shot.setdefault(row["shot_id"], []).append(row)
    return [_clip(shot_id, of_shot) for shot_id, of_shot in by_shot.items()]


def _rows(clip: Clip) -> Iterable[dict[str, Any]]:
    n = clip.frame_n
    at_shot = np.flatnonzero(np.abs(clip.time_s) < 1e-9)
    if len(at_shot) != 1 or (np.diff(n) != 1).any():
        raise ValueError(f"clip of {clip.shot_id}: frames have gaps, or none is the shot's")
    step_s = np.diff(clip.time_s)
    common = {
        "shot_id": clip.shot_id,
        "first_frame": int(n[0]),
        "shot_frame": int(at_shot[0]),
        "rate_hz": 1 / float(step_s.mean()) if len(step_s) else 25.0,
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
    if (np.abs(places_m) > LIMIT_M).any():
        raise ValueError(f"a position beyond {LIMIT_M} m")
    whole = np.round(places_m.astype(np.float64) * 100)
    return np.where(np.isnan(whole), MISSING, whole).astype(np.int16)


def _metres(row: dict[str, Any], axes: str) -> npt.NDArray[np.float32]:
    whole = np.array([row[f"{axis}_cm"] for axis in axes], dtype=np.float64).T
    return np.where(whole == MISSING, np.nan, whole / 100).astype(np.float32)


def _clip(shot_id: str, rows: Sequence[dict[str, Any]]) -> Clip:
    ball, people = rows[0], rows[1:]
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
