"""Clips survive the round trip to centimetres, missing people included, and stay small."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xgoals.domain.errors import FeedError
from xgoals.domain.scene import Clip
from xgoals.feeds.clips import read_clips, write_clips


def clip(shot_id: str = "S1", *, people: int = 3, frames: int = 126, seed: int = 0) -> Clip:
    rng = np.random.default_rng(seed)
    n = np.arange(21_632, 21_632 + frames)
    xy = rng.uniform(-55, 55, (frames, people, 2)).round(2).astype(np.float32)
    if people:
        xy[10:20, 0] = np.nan
    ball = rng.uniform(-55, 55, (frames, 3)).round(2).astype(np.float32)
    return Clip(
        shot_id=shot_id,
        frame_n=n,
        time_s=(n - 21_707) / 25,
        xy_m=xy,
        ball_xyz_m=ball,
        player_ids=tuple(f"P{i}" for i in range(people)),
        is_teammate=tuple(i % 2 == 0 for i in range(people)),
        is_keeper=tuple(i == 1 for i in range(people)),
    )


def assert_same(one: Clip, other: Clip) -> None:
    assert (one.shot_id, one.player_ids) == (other.shot_id, other.player_ids)
    assert (one.is_teammate, one.is_keeper) == (other.is_teammate, other.is_keeper)
    np.testing.assert_array_equal(one.frame_n, other.frame_n)
    np.testing.assert_allclose(one.time_s, other.time_s, atol=1e-9)
    np.testing.assert_allclose(one.xy_m, other.xy_m, atol=0.0051)
    np.testing.assert_allclose(one.ball_xyz_m, other.ball_xyz_m, atol=0.0051)


def test_clips_come_back(tmp_path: Path) -> None:
    clips = [clip("S2", seed=2), clip("S1", people=22, seed=1), clip("S3", people=0)]
    path = tmp_path / "clips" / "match.parquet"
    size = write_clips(clips, path)
    assert size == path.stat().st_size
    back = read_clips(path)
    assert [one.shot_id for one in back] == ["S2", "S1", "S3"]
    for one, other in zip(back, clips, strict=True):
        assert_same(one, other)
    assert [p.name for p in path.parent.iterdir()] == ["match.parquet"]


def test_single_shots_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "match.parquet"
    write_clips([clip("S1"), clip("S2")], path)
    assert [one.shot_id for one in read_clips(path, ["S2"])] == ["S2"]
    assert read_clips(path, ["S9"]) == []
    assert read_clips(path, []) == []


def test_no_clips_make_an_empty_file(tmp_path: Path) -> None:
    write_clips([], tmp_path / "none.parquet")
    assert read_clips(tmp_path / "none.parquet") == []


def test_a_match_of_26_smooth_clips_stays_below_a_megabyte(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    clips = []
    for i in range(26):
        one = clip(f"S{i}", people=22)
        walk = rng.normal(0, 2, (1, 22, 2)) * one.time_s[:, None, None] + rng.uniform(-40, 40, (1, 22, 2))
        clips.append(
            Clip(
                one.shot_id, one.frame_n, one.time_s, walk.astype(np.float32), one.ball_xyz_m, one.player_ids,
                one.is_teammate, one.is_keeper,
            )
        )  # fmt: skip
    assert write_clips(clips, tmp_path / "match.parquet") < 1e6


def test_a_position_beyond_measure_is_refused(tmp_path: Path) -> None:
    one = clip()
    one.xy_m[0, 1] = 400
    with pytest.raises(ValueError, match="beyond 327"):
        write_clips([one], tmp_path / "c.parquet")


def test_frames_with_gaps_are_refused(tmp_path: Path) -> None:
    one = clip()
    one.frame_n[50:] += 1
    with pytest.raises(ValueError, match="gaps"):
        write_clips([one], tmp_path / "c.parquet")


def test_another_file_is_no_file_of_clips(tmp_path: Path) -> None:
    pq.write_table(pa.table({"shot_id": ["S1"]}), tmp_path / "other.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(FeedError, match="no file of clips"):
        read_clips(tmp_path / "other.parquet")
    for name in ("broken.parquet", "absent.parquet"):
        with pytest.raises(FeedError, match="cannot be read"):
            read_clips(tmp_path / name)
