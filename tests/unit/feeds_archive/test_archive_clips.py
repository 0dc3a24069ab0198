"""Clips lie beside the archive that names them; the match is read with or without."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from xgoals.domain.errors import SourceError
from xgoals.domain.scene import Clip, MatchRecord
from xgoals.feeds.archive import discover, read_match, write_archive
from xgoals.feeds.archive.schema import CLIPS_FILE
from xgoals.feeds.clips import write_clips
from xgoals.feeds.simulator import simulate_matchday
from xgoals.outputs.exports import _with_clips
from xgoals.storage import LocalStorage


def with_clips(record: MatchRecord, n: int = 2) -> MatchRecord:
    """A match of which some shots have three frames, in whole centimetres."""
    clips = [
        Clip(
            shot_id=shot.shot_id,
            frame_n=np.arange(100, 103),
            time_s=np.array([-0.04, 0, 0.04]),
            xy_m=np.array([[[1.25, -2.5]], [[1.5, -2.5]], [[np.nan, np.nan]]], dtype=np.float32),
            ball_xyz_m=np.array([[0, 0, 0.25], [1, 0, 0.5], [2, 0, 0.75]], dtype=np.float32),
            player_ids=("P1",),
            is_teammate=(True,),
            is_keeper=(False,),
        )
        for shot in record.shots[:n]
    ]
    return replace(record, clips=tuple(clips))


@pytest.fixture(scope="module")
def first() -> MatchRecord:
    return with_clips(simulate_matchday(1, 1)[0])


def test_clips_come_back_to_the_centimetre(first: MatchRecord, tmp_path: Path) -> None:
    path = tmp_path / "season=1" / "one.parquet"
    write_archive(path, [first])
    (delivery,), problems = discover(tmp_path)
    record, notes = read_match(delivery)
    assert (problems, notes) == ([], [])
    assert replace(record, clips=()) == replace(first, clips=())
    for back, written in zip(record.clips, first.clips, strict=True):
        np.testing.assert_array_equal(back.xy_m, written.xy_m)
        np.testing.assert_array_equal(back.ball_xyz_m, written.ball_xyz_m)
        np.testing.assert_array_equal(back.frame_n, written.frame_n)
        np.testing.assert_allclose(back.time_s, written.time_s, atol=1e-12)
        assert (back.shot_id, back.player_ids) == (written.shot_id, written.player_ids)


def test_matches_of_one_file_keep_their_own_clips(tmp_path: Path) -> None:
    records = [with_clips(record, n) for n, record in enumerate(simulate_matchday(1, 2)[:3])]
    write_archive(tmp_path / "three.parquet", records)
    deliveries, _ = discover(tmp_path)
    assert [len(read_match(delivery)[0].clips) for delivery in deliveries] == [0, 1, 2]


def test_clips_that_are_away_cost_the_match_nothing_else(first: MatchRecord, tmp_path: Path) -> None:
    write_archive(tmp_path / "one.parquet", [first])
    (with_them,), _ = discover(tmp_path)
    shutil.move(tmp_path / "_clips", tmp_path / "elsewhere")
    (delivery,), problems = discover(tmp_path / "one.parquet")
    record, notes = read_match(delivery)
    assert record == replace(first, clips=())
    (note,) = notes
    assert "its clips are not there" in note.reason
    assert "Copy the folder _clips together with the archive" in note.advice
    assert note.severity == "value"
    assert not problems
    # They come back: the match has changed, and is read again.
    shutil.move(tmp_path / "elsewhere", tmp_path / "_clips")
    (again,), _ = discover(tmp_path)
    assert again.fingerprint == with_them.fingerprint != delivery.fingerprint


def test_broken_clips_cost_the_match_nothing_else(first: MatchRecord, tmp_path: Path) -> None:
    write_archive(tmp_path / "one.parquet", [first])
    (clips,) = (tmp_path / "_clips").rglob("*.parquet")
    clips.write_bytes(clips.read_bytes()[:-40])
    (delivery,), _ = discover(tmp_path)
    record, (note,) = read_match(delivery)
    assert record == replace(first, clips=())
    assert "the clips cannot be read" in note.reason


@pytest.mark.parametrize("named", ["../other.parquet", "/etc/passwd", "_clips/../../x.parquet"])
def test_a_row_names_no_file_elsewhere(first: MatchRecord, named: str, tmp_path: Path) -> None:
    path = tmp_path / "inside" / "one.parquet"
    write_archive(path, [first])
    (tmp_path / "other.parquet").write_bytes(b"PAR1")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    table = pq.read_table(path)
    at = table.schema.get_field_index(CLIPS_FILE)
    told = [named if value else None for value in table[CLIPS_FILE].to_pylist()]
    changed = table.set_column(at, table.schema.field(at), [told])
    pq.write_table(changed, path, write_page_checksum=True)
    (delivery,), _ = discover(path)
    assert delivery.files == (path,)
    assert read_match(delivery)[0] == replace(first, clips=())


def test_an_archive_of_before_has_no_such_column(first: MatchRecord, tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    write_archive(path, [replace(first, clips=())])
    pq.write_table(pq.read_table(path).drop_columns(CLIPS_FILE), path, write_page_checksum=True)
    (delivery,), _ = discover(path)
    assert read_match(delivery) == (replace(first, clips=()), [])


def test_folders_are_looked_into_but_for_those_of_other_things(first: MatchRecord, tmp_path: Path) -> None:
    write_archive(tmp_path / "a=1" / "b=2" / "one.parquet", [replace(first, clips=())])
    for other in ("_problems.parquet", "_clips/x.parquet", ".hidden/x.parquet"):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_bytes(b"no archive")
    deliveries, problems = discover(tmp_path)
    assert [delivery.match_id for delivery in deliveries] == [first.match.match_id]
    assert problems == []
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "_problems.parquet").write_bytes(b"no archive")
    with pytest.raises(SourceError, match=r"holds no \.parquet file"):
        discover(tmp_path / "only")


def test_exports_have_the_clips_that_are_there(
    first: MatchRecord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_clips(first.clips, tmp_path / "clips" / "one.parquet")
    bare, storage = replace(first, clips=()), LocalStorage(tmp_path)
    exported = _with_clips(bare, storage, ["clips/one.parquet"])
    assert [clip.shot_id for clip in exported.clips] == [clip.shot_id for clip in first.clips]
    assert _with_clips(bare, storage, ["clips/gone.parquet"]) == bare
    assert "goes without clips" in caplog.text
