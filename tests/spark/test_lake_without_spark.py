"""What an executor does with a match, and what the driver makes of it: plain functions, without Spark."""

import json
import os
import signal
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from databases import default_settings
from small_event_feeds import EVENT_FEEDS
from xgoals.domain.errors import FeedError, ServiceError, SettingsError, StoreError
from xgoals.feeds import load_feed
from xgoals.feeds.archive import discover, read_match
from xgoals.settings import Settings
from xgoals.spark import ingest as driver
from xgoals.spark import reading
from xgoals.spark.ingest import SparkIngest, spark_ingest
from xgoals.spark.lake import LakeProblem, escaped, read_rows
from xgoals.spark.reading import RESULT, ReadingJob, read_matches, rows_of
from xgoals.spark.sources import Handover, Listed
from xgoals.storage import LocalStorage, storage_at

SEASON = "provider=wyscout/competition=League/season=2024%2F2025"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Small Wyscout files."""
    folder = tmp_path / "source"
    for name, content in EVENT_FEEDS["wyscout"]().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """``spark(source, ...)``: the whole of it, with the work of the executors done in this process."""
    started = []

    def session(*_: object) -> nullcontext[None]:
        started.append(1)
        return nullcontext()

    def here(_: object, job: ReadingJob) -> pa.Table:
        numbers = [pa.record_batch({"id": [n]}) for n in range(len(job.matches))]
        return pa.Table.from_batches(read_matches(job, numbers), RESULT)

    monkeypatch.setattr(driver, "spark_session", session)
    monkeypatch.setattr(driver, "spark_told", lambda _: nullcontext())
    monkeypatch.setattr(driver, "_on_executors", here)

    def run(source: Path | str, to: Path | str = tmp_path / "lake", feed: str = "wyscout") -> SparkIngest:
        started.clear()
        done = spark_ingest(
            settings(tmp_path), feed=feed, source=str(source), to=str(to), tell=lambda _: None
        )
        run.was_started = bool(started)
        return done

    return run


def settings(tmp_path: Path) -> Settings:
    return default_settings(home=tmp_path / "home")


def ids(source: Path, feed: str = "wyscout") -> list[str]:
    return [delivery.match_id for delivery in load_feed(feed).discover(source)[0]]


def archives(lake: Path) -> dict[str, bytes]:
    return {str(path.relative_to(lake)): path.read_bytes() for path in lake.glob("provider=*/*/*/*.parquet")}


def test_a_match_a_file_in_folders_that_tell_their_columns(spark, source: Path, tmp_path: Path) -> None:
    done = spark(source)
    lake, n = tmp_path / "lake", len(ids(source))
    assert (done.n_found, done.n_read, done.n_left_out, done.n_unchanged) == (n, n, 0, 0)
    assert sorted(archives(lake)) == sorted(f"{SEASON}/{match_id}.parquet" for match_id in ids(source))
    deliveries, problems = discover(lake)
    assert problems == []
    by_feed = {
        d.match_id: load_feed("wyscout").read_match(d)[0] for d in load_feed("wyscout").discover(source)[0]
    }
    assert {d.match_id: read_match(d)[0] for d in deliveries} == by_feed
    assert done.n_shots == sum(len(record.shots) for record in by_feed.values())
    # Whoever reads the folders as one table finds the columns' own values in the paths.
    for path in archives(lake):
        told = {
            name: unquote(value) for name, _, value in (part.partition("=") for part in path.split("/")[:-1])
        }
        assert told.keys() == {"provider", "competition", "season"}
        assert pq.ParquetFile(lake / path).read(list(told)).to_pylist()[0] == told


def test_what_lies_there_and_has_not_changed_is_not_read_again(spark, source: Path, tmp_path: Path) -> None:
    spark(source)
    before = archives(tmp_path / "lake")
    again = spark(source)
    assert (again.n_read, again.n_unchanged) == (0, len(ids(source)))
    assert not spark.was_started
    assert "lie there already, unchanged" in str(again)
    # One changes, one is lost: these two, and nothing else.
    lost, *_, changed = sorted(before)
    (tmp_path / "lake" / lost).unlink()
    csv = source / "matches.csv"
    stem = Path(changed).stem
    lines = csv.read_text().splitlines()
    csv.write_text(
        "\n".join(
            line.replace(",Home,", ",Hosts,") if line.startswith(f"{stem},") else line for line in lines
        )
    )
    third = spark(source)
    assert third.n_read == len({lost, changed})
    after = archives(tmp_path / "lake")
    assert after.keys() == before.keys()
    assert after[changed] != before[changed]


def test_a_match_that_moves_lies_in_one_place(spark, source: Path, tmp_path: Path) -> None:
    spark(source)
    csv = source / "matches.csv"
    csv.write_text(csv.read_text().replace("2024/2025", "2025/2026"))
    spark(source)
    assert len(archives(tmp_path / "lake")) == len(ids(source))
    assert all("season=2025%2F2026" in path for path in archives(tmp_path / "lake"))


def test_a_broken_match_is_a_row_and_the_others_go_on(spark, source: Path, tmp_path: Path) -> None:
    good = ids(source)
    (source / "events").mkdir(exist_ok=True)
    broken = source / f"{good[0]}.json"
    broken = next(path for path in source.rglob("*.json") if good[0] in path.name)
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    done = spark(source)
    assert done.n_left_out == 1
    assert done.n_read == len(good) - 1
    assert "left out" in str(done)
    (row,) = [r for r in problem_rows(tmp_path / "lake") if r.severity == "match"]
    assert row.file == str(broken)
    assert row.reason
    assert row.advice
    # It is mended: the row is gone.
    broken.write_bytes(whole)
    assert spark(source).n_read == 1
    assert not [r for r in problem_rows(tmp_path / "lake") if r.severity == "match"]


def problem_rows(lake: Path) -> list[LakeProblem]:
    return read_rows(LocalStorage(lake), "_problems.parquet", LakeProblem)


def test_problems_of_another_source_stay(spark, source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for path in [path for path in source.rglob("*") if path.is_file()]:
        copy = other / path.relative_to(source).as_posix().replace("10", "77")
        copy.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes().replace(b"101", b"771").replace(b"102", b"772")
        copy.write_bytes(content if copy.suffix == ".csv" else content[:-9])
    spark(other)
    of_other = [row for row in problem_rows(tmp_path / "lake") if row.source == str(other)]
    assert of_other
    spark(source)
    assert [row for row in problem_rows(tmp_path / "lake") if row.source == str(other)] == of_other


def test_another_version_on_an_executor_stops_the_job_and_writes_nothing(
    spark, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "release_key", lambda: "b" * 16)
    monkeypatch.setattr(driver.ReadingJob, "here", classmethod(lambda cls, *a: cls(*a, "0.9.9", "a" * 16)))
    with pytest.raises(
        ServiceError, match=r"this machine has xgoals .*bbb.*the job comes from xgoals 0\.9\.9"
    ):
        spark(source)
    assert archives(tmp_path / "lake") == {}


def test_a_lake_that_may_not_be_written_is_told_before_anything_starts(
    spark, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "lake").write_text("a file")
    with pytest.raises(SettingsError, match="a file lies there, where a folder is to be"):
        spark(source)


def test_an_executor_that_does_not_see_the_files_says_so(source: Path, tmp_path: Path) -> None:
    (delivery, *_), _ = load_feed("wyscout").discover(source)
    job = ReadingJob.here("wyscout", str(tmp_path / "lake"), [Handover.of(Listed(source), delivery)])
    delivery.files[0].unlink()
    done, (row,) = outcome(job)
    assert done == []
    assert "does not see this file" in row.reason
    assert "Mount the folder at the same path on every node" in row.advice
    assert (row.severity, row.match_id) == ("match", delivery.match_id)


def outcome(job: ReadingJob, *, attempt: int = 0):
    (batch,) = read_matches(job, [pa.record_batch({"id": [0]})], attempt=attempt)
    return rows_of(pa.Table.from_batches([batch]))


def test_a_storage_that_does_not_answer_is_a_row(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_write(monkeypatch)
    done, (row,) = outcome(one_match(source, tmp_path))
    assert done == []
    assert "503 Slow Down" in row.reason
    assert not list((tmp_path / "lake").rglob("*.parquet"))


def one_match(source: Path, tmp_path: Path) -> ReadingJob:
    (delivery, *_), _ = load_feed("wyscout").discover(source)
    return ReadingJob.here("wyscout", str(tmp_path / "lake"), [Handover.of(Listed(source), delivery)])


def fail_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: LocalStorage, path: str, content: bytes) -> None:
        raise StoreError("the storage does not answer (503 Slow Down)", advice="Run again")

    monkeypatch.setattr(LocalStorage, "write", failing)


def test_what_ends_processes_is_read_by_one_of_its_own_at_last(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file over which the process dies is a row in the end, not the end of the job."""
    job = one_match(source, tmp_path)
    package = tmp_path / "site"
    package.mkdir()
    # The process that reads is another one: it learns of it as it starts.
    (package / "sitecustomize.py").write_text(
        "import os, signal, xgoals.feeds.reading as r\n"
        "r.read_one = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(package))
    done, (row,) = outcome(job, attempt=2)
    assert done == []
    assert f"was ended from outside (signal {int(signal.SIGKILL)})" in row.reason
    assert "run out of memory" in row.advice
    monkeypatch.setenv("PYTHONPATH", os.pathsep)
    (read,), _ = outcome(job, attempt=2)
    assert read.n_shots > 0


def test_a_feed_that_an_executor_lacks_is_a_row(source: Path, tmp_path: Path) -> None:
    done, (row,) = outcome(replace(one_match(source, tmp_path), feed="acme"))
    assert done == []
    assert row.reason == "unknown feed 'acme'"
    assert "Known feeds" in row.advice


def test_a_broken_table_of_the_lake_is_told(spark, source: Path, tmp_path: Path) -> None:
    spark(source)
    (tmp_path / "lake" / "_ingested.parquet").write_bytes(b"PAR1")
    with pytest.raises(FeedError, match="Remove this file and run again"):
        spark(source)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("2026/2027", "2026%2F2027"),
        ("Premier League", "Premier League"),
        ("Süper Lig", "Süper Lig"),
        ("100%", "100%25"),
        ("a=b", "a%3Db"),
    ],
)
def test_names_of_folders_are_written_as_spark_reads_them(value: str, name: str) -> None:
    assert escaped(value) == name


@pytest.mark.parametrize("value", ["", ".", "..", "x" * 300, "ü" * 150])
def test_what_is_no_name_goes_by_its_hash(value: str) -> None:
    assert len(escaped(value)) == 64


def test_json_of_the_summary_is_plain(spark, source: Path) -> None:
    import orjson

    assert json.loads(orjson.dumps(spark(source)))["n_read"] == len(ids(source))


def test_a_place_is_a_folder_or_a_url(tmp_path: Path) -> None:
    assert storage_at(str(tmp_path)) == storage_at(f"file://{tmp_path}") == LocalStorage(tmp_path)
