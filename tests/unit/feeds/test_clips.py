"""Clips survive the round trip to centimetres, missing people included, and stay small."""

from dataclasses import replace
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


@pytest.mark.parametrize("value", [400, -327.7, np.inf, -np.inf, 1e30, np.nan])
def test_what_is_no_position_is_missing(tmp_path: Path, value: float) -> None:
    one = clip()
    one.xy_m[0, 1, 0] = value
    one.ball_xyz_m[5, 2] = value
    write_clips([one], tmp_path / "c.parquet")
    (back,) = read_clips(tmp_path / "c.parquet")
    assert np.isnan(back.xy_m[0, 1, 0])
    assert np.isnan(back.ball_xyz_m[5, 2])
    assert back.xy_m[0, 1, 1] == pytest.approx(one.xy_m[0, 1, 1], abs=0.0051)
    assert np.isnan(back.xy_m).sum() == np.isnan(one.xy_m).sum() + (not np.isnan(value))


def part(whole: Clip, rows: list[int]) -> Clip:
    return replace(
        whole, frame_n=whole.frame_n[rows], time_s=whole.time_s[rows], xy_m=whole.xy_m[rows],
        ball_xyz_m=whole.ball_xyz_m[rows],
    )  # fmt: skip


@pytest.mark.parametrize(
    "hole", [range(50, 60), range(70, 80), range(75, 76)], ids=["before", "around", "at"]
)
def test_in_missing_frames_nobody_is_seen(tmp_path: Path, hole: range) -> None:
    """The shot is frame 75 of the clip: it can be among those that are missing."""
    whole = clip()
    write_clips([part(whole, [i for i in range(126) if i not in hole])], tmp_path / "c.parquet")
    (back,) = read_clips(tmp_path / "c.parquet")
    np.testing.assert_array_equal(back.frame_n, whole.frame_n)
    np.testing.assert_allclose(back.time_s, whole.time_s, atol=1e-9)
    assert np.isnan(back.xy_m[list(hole)]).all()
    assert np.isnan(back.ball_xyz_m[list(hole)]).all()
    seen = [i for i in range(126) if i not in hole]
    np.testing.assert_allclose(back.xy_m[seen], whole.xy_m[seen], atol=0.0051)


def test_a_frame_that_comes_twice_counts_once(tmp_path: Path) -> None:
    write_clips([part(clip(), [*range(60), 59, 58, *range(60, 126)])], tmp_path / "c.parquet")
    assert_same(read_clips(tmp_path / "c.parquet")[0], clip())


@pytest.mark.parametrize("times", [np.full(126, np.nan), np.zeros(126), np.arange(126)[::-1] / 25])
def test_a_clip_that_does_not_say_which_frame_is_the_shots_is_left_out(
    tmp_path: Path, times: np.ndarray
) -> None:
    write_clips([replace(clip("S1"), time_s=times), clip("S2")], tmp_path / "c.parquet")
    assert [one.shot_id for one in read_clips(tmp_path / "c.parquet")] == ["S2"]


def test_frames_that_belong_to_something_else_do_not_make_the_file_large(tmp_path: Path) -> None:
    whole = clip()
    far = np.concatenate([whole.frame_n[:125], [10**12]])
    one = replace(whole, frame_n=far, time_s=(far - 21_707) / 25)
    assert write_clips([one], tmp_path / "c.parquet") < 1e6
    assert len(read_clips(tmp_path / "c.parquet")[0].frame_n) == 125


def test_a_clip_without_frames_is_left_out(tmp_path: Path) -> None:
    write_clips([clip(frames=0)], tmp_path / "c.parquet")
    assert read_clips(tmp_path / "c.parquet") == []


def test_another_file_is_no_file_of_clips(tmp_path: Path) -> None:
    pq.write_table(pa.table({"shot_id": ["S1"]}), tmp_path / "other.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(FeedError, match="no file of clips"):
        read_clips(tmp_path / "other.parquet")
    for name in ("broken.parquet", "absent.parquet"):
        with pytest.raises(FeedError, match="cannot be read"):
            read_clips(tmp_path / name)
