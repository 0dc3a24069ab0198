"""Features of a partition: those of one machine to the bit, whatever the archives hold."""

from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from spark.archives_by_hand import as_partition, match, rows_of, shot

from xgoals.domain.shot import BodyPart, ShotType
from xgoals.features.build import build_features
from xgoals.features.catalogue import find_catalogue
from xgoals.features.scenes import Scenes
from xgoals.feeds.simulator import simulate_league
from xgoals.spark import build

CATALOGUE = find_catalogue("best-17")


def built(*batches: pa.RecordBatch) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """Features by shot, and problems."""
    found = pa.Table.from_batches(
        build.build_batches(batches, CATALOGUE.name), schema=build.task_schema(CATALOGUE)
    )
    is_shot = pc.is_null(found.column(build.PROBLEM))
    problems = found.filter(pc.invert(is_shot)).column(build.PROBLEM).to_pylist()
    shots = found.filter(is_shot).drop_columns(build.PROBLEM).to_pandas()
    return shots.set_index(["match_id", "shot_id"]), problems


@pytest.mark.parametrize("rows_a_batch", [7, 1000])
def test_the_same_to_the_bit_as_on_one_machine_wherever_batches_and_blocks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_a_batch: int
) -> None:
    monkeypatch.setattr(build, "MATCHES_AT_ONCE", 2)
    records = list(islice(simulate_league(), 5))
    shots, problems = built(*as_partition([rows_of(tmp_path / "a.parquet", *records)], rows_a_batch))

    scenes = Scenes.of(records)
    alone = build_features(scenes, CATALOGUE).set_index([scenes.shots["match_id"], scenes.shots["shot_id"]])
    assert problems == []
    assert len(shots) == len(alone) > 100
    together = shots.loc[alone.index, list(CATALOGUE.names)]
    pd.testing.assert_frame_equal(together, alone, check_exact=True, check_names=False)
    assert set(shots["is_simulated"]) == {True}


def test_an_empty_partition_and_an_empty_batch_give_nothing(tmp_path: Path) -> None:
    empty = rows_of(tmp_path / "a.parquet", match("m1", shot(1))).slice(0, 0)
    assert list(build.build_batches([], CATALOGUE.name)) == []
    assert list(build.build_batches([pa.RecordBatch.from_pylist([], empty.schema)], CATALOGUE.name)) == []


def test_a_match_without_shots_gives_no_row_and_no_problem(tmp_path: Path) -> None:
    shots, problems = built(
        *as_partition([rows_of(tmp_path / "a.parquet", match("m1"), match("m2", shot(1)))])
    )
    assert list(shots.index) == [("m2", "s1")]
    assert problems == []
    assert built(*as_partition([rows_of(tmp_path / "b.parquet", match("m1"))]))[0].empty


def test_a_shot_without_a_place_misses_what_rests_on_it_and_the_next_one_nothing(tmp_path: Path) -> None:
    archive = rows_of(tmp_path / "a.parquet", match("m1", shot(1, x_m=None, y_m=None), shot(2)))
    shots, _ = built(*as_partition([archive]))
    assert np.isnan(
        shots.loc[("m1", "s1"), ["AngleToGoal", "DistanceToGoal", "PressureNearest"]].astype(float)
    ).all()
    assert shots.loc[("m1", "s1"), "FootShot"] == 1.0
    # Eleven metres before the goal's middle: the goal of 7.32 m is seen under 2 atan(3.66 / 11).
    assert shots.loc[("m1", "s2"), "DistanceToGoal"] == pytest.approx(11.0, abs=0.01)
    assert shots.loc[("m1", "s2"), "AngleToGoal"] == pytest.approx(36.8, abs=0.1)


def test_a_penalty_is_one_wherever_people_stand(tmp_path: Path) -> None:
    taken = shot(1, shot_type=ShotType.PENALTY), shot(2, shot_type=ShotType.FREE_KICK)
    shots, _ = built(*as_partition([rows_of(tmp_path / "a.parquet", match("m1", *taken))]))
    assert list(shots["Penalty"]) == [1.0, -1.0]
    assert list(shots["FreeKick"]) == [-1.0, 1.0]


def test_a_word_that_nobody_knows_is_missing_and_told_with_file_shot_field_and_value(tmp_path: Path) -> None:
    archive = rows_of(tmp_path / "a.parquet", match("m1", shot(1), shot(2, body_part=BodyPart.HEAD)))
    words = pa.array(["elbow", "head"])
    at = archive.schema.get_field_index("body_part")
    shots, problems = built(*as_partition([archive.set_column(at, "body_part", words)]))
    assert np.isnan(shots.loc[("m1", "s1"), "Header"])
    assert shots.loc[("m1", "s2"), "Header"] == 1.0
    (problem,) = problems
    assert (problem["path"], problem["shot_id"], problem["field"], problem["value"], problem["severity"]) == (
        str(tmp_path / "a.parquet"), "s1", "body_part", "elbow", "value",
    )  # fmt: skip


def test_a_match_that_cannot_be_used_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    archive = rows_of(tmp_path / "a.parquet", match("m1", shot(1)), match("m2", shot(1)))
    at = archive.schema.get_field_index("season_id")
    shots, problems = built(*as_partition([archive.set_column(at, "season_id", pa.array([None, "s"]))]))
    assert list(shots.index) == [("m2", "s1")]
    (problem,) = problems
    assert (problem["match_id"], problem["severity"]) == ("m1", "match")
    assert "season_id is missing" in problem["reason"]


def test_of_a_match_in_two_files_the_later_message_counts_and_the_other_is_told(tmp_path: Path) -> None:
    earlier = rows_of(tmp_path / "z.parquet", match("m1", shot(1), message_hour=18))
    later = rows_of(tmp_path / "a.parquet", match("m1", shot(2), shot(3), message_hour=20))
    shots, problems = built(*as_partition([earlier, later]))
    assert list(shots.index) == [("m1", "s2"), ("m1", "s3")]
    (problem,) = problems
    assert problem["path"].endswith("z.parquet")
    assert "a.parquet" in problem["reason"]
    # Of two with the same message the last by name: as when they are ingested.
    same = rows_of(tmp_path / "b.parquet", match("m1", shot(4), message_hour=20))
    assert list(built(*as_partition([later, same]))[0].index) == [("m1", "s4")]
