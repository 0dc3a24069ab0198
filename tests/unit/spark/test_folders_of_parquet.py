"""What is read of a folder, and what is told instead of being read."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from spark.archives_by_hand import match, shot

from reading_questions import differences, questions
from xgoals.domain.errors import SettingsError, SourceError
from xgoals.feeds.archive import write_archive
from xgoals.spark.folders import DONE, as_spark_reads, check_target, check_whole, find_archives


def test_archives_are_found_in_folders_and_what_is_none_is_told(tmp_path: Path) -> None:
    inside = tmp_path / "provider=p" / "season=2024%2F25"
    inside.mkdir(parents=True)
    write_archive(inside / "m1.parquet", [match("m1", shot(1), shot(2))])
    write_archive(tmp_path / "m2.parquet", [match("m2", shot(1))])
    shutil.copy(tmp_path / "m2.parquet", tmp_path / "_problems.parquet")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "m2.parquet").read_bytes()[:500])
    told: list[str] = []
    found = find_archives(str(tmp_path), told.append)
    assert set(found.files) == {f"file://{inside}/m1.parquet", f"file://{tmp_path}/m2.parquet"}
    assert found.n_rows == 3
    assert len(told) == 2
    assert any("cut.parquet" in line and "not a complete Parquet file" in line for line in told)
    assert any("other.parquet" in line and "not an archive of scenes" in line for line in told)
    alone = find_archives(str(tmp_path / "m2.parquet"), told.append)
    assert (alone.files, alone.n_rows, len(told)) == ((f"file://{tmp_path}/m2.parquet",), 1, 2)


def test_a_folder_without_archives_is_an_error_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file or folder"):
        find_archives(str(tmp_path / "nowhere"), print)
    with pytest.raises(SourceError, match="there is no archive"):
        find_archives(str(tmp_path), print)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(SourceError, match=r"other\.parquet: a Parquet file, but not an archive"):
        find_archives(str(tmp_path), lambda _: None)


def test_what_a_killed_job_has_left_is_not_read(tmp_path: Path) -> None:
    place = tmp_path / "features"
    with pytest.raises(SourceError, match=r"there is no such folder\. Run: make it"):
        check_whole(str(place), "make it")
    place.mkdir()
    pq.write_table(pa.table({"a": [1]}), place / "part-0.parquet")
    with pytest.raises(SourceError, match="ended before it was done"):
        check_whole(str(place), "make it")
    (place / DONE).touch()
    check_whole(str(place), "make it")


def test_no_folder_of_somebody_else_is_replaced(tmp_path: Path) -> None:
    lake, features = tmp_path / "lake", tmp_path / "features"
    (lake / "provider=p").mkdir(parents=True)
    (lake / "provider=p" / "m1.parquet").touch()
    check_target(str(features), str(lake))
    (features / "_problems").mkdir(parents=True)
    for name in ("part-0.parquet", DONE, "._SUCCESS.crc", "_problems/part-0.parquet"):
        (features / name).touch()
    check_target(str(features), str(lake))
    for wrong in (lake, tmp_path, lake / "provider=p"):
        with pytest.raises(SettingsError, match="lie one in the other"):
            check_target(str(wrong), str(lake))
    with pytest.raises(SettingsError, match=r"holds something else \(provider=p/m1\.parquet\)"):
        check_target(str(lake), str(features))
    check_target(str(tmp_path / "lake2"), str(lake))


def test_places_as_spark_reads_them(tmp_path: Path) -> None:
    assert as_spark_reads(str(tmp_path / "a b")) == f"file://{tmp_path}/a b"
    assert as_spark_reads("s3://ours/lake") == "s3a://ours/lake"
    assert as_spark_reads("hdfs://host/lake") == "hdfs://host/lake"


def test_the_page_has_ten_questions_and_answers_that_differ_are_seen() -> None:
    asked = questions()
    assert len(asked) == 10
    assert all(
        "xgoals_views." in question.postgres and "xgoals_views" not in question.spark for question in asked
    )
    one = [{"team": "Reds", "xg": 1.25, "won": True}, {"team": "Blues", "xg": None, "won": False}]
    assert differences(one, list(reversed(one))) == []
    assert differences(one, [one[0] | {"xg": 1.25 + 1e-12}, one[1]]) == []
    assert differences(one, one[:1]) == ["2 rows and 1"]
    assert differences(one, [one[0] | {"xg": 1.2501}, one[1]]) == ["xg: 1.25 and 1.2501"]
    assert differences(one, [one[0], one[1] | {"xg": 0.0}]) == ["xg: None and 0.0"]
    assert differences(one, [one[0] | {"won": False}, one[1]]) == ["won: True and False"]
