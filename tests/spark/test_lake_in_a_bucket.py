"""Feed files from a bucket, the lake in a bucket; and buckets that refuse, or do not answer."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bucket_server import refusing_bucket

from buckets import S3Server
from databases import default_settings
from small_event_feeds import EVENT_FEEDS
from xgoals.domain.errors import SourceError, StoreError
from xgoals.feeds import load_feed
from xgoals.feeds.archive import discover, read_match
from xgoals.spark import sources
from xgoals.spark.copying import copy_lake
from xgoals.spark.ingest import SparkIngest, spark_ingest
from xgoals.spark.lake import LakeProblem, read_rows
from xgoals.storage import BucketStorage, storage_at
from xgoals.storage import bucket as bucket_module


@pytest.fixture
def bucket(s3_server: S3Server, use_s3: Callable[..., None]) -> str:
    """The URL of an empty bucket."""
    use_s3(s3_server.url)
    name = f"matches-{uuid.uuid4().hex}"
    there = {"LocationConstraint": "eu-central-1"}
    BucketStorage.at(name).client.create_bucket(Bucket=name, CreateBucketConfiguration=there)
    return f"s3://{name}"


@pytest.fixture
def refusing(
    use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[str]:
    monkeypatch.setattr(bucket_module, "TRIES", 1)
    with refusing_bucket(request.param) as endpoint:
        use_s3(endpoint)
        yield "s3://refusing"


@pytest.fixture
def spark(tmp_path: Path, executors_here: None):
    """``spark(source, to)`` with the work of the executors done in this process."""

    def run(source: str | Path, to: str | Path) -> SparkIngest:
        settings = default_settings(home=tmp_path / "home")
        return spark_ingest(settings, feed="wyscout", source=str(source), to=str(to), tell=lambda _: None)

    return run


def test_from_a_bucket_into_a_bucket_and_back_to_a_folder(spark, bucket: str, tmp_path: Path) -> None:
    files = EVENT_FEEDS["wyscout"]()
    for name, content in files.items():
        storage_at(bucket).write(f"in/{name}", content)
        (tmp_path / "same" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "same" / name).write_bytes(content)
    done = spark(f"{bucket}/in", f"{bucket}/lake")
    feed = load_feed("wyscout")
    expected = {d.match_id: feed.read_match(d)[0] for d in feed.discover(tmp_path / "same")[0]}
    assert (done.n_read, done.n_left_out) == (len(expected), 0)
    folder = tmp_path / "copy"
    n_fetched = copy_lake(f"{bucket}/lake", folder)
    assert n_fetched == len(expected) + 2
    assert {d.match_id: read_match(d)[0] for d in discover(folder)[0]} == expected
    # Again: nothing is read, and of the lake only what tells of it has changed.
    again = spark(f"{bucket}/in", f"{bucket}/lake")
    assert (again.n_read, again.n_unchanged) == (0, len(expected))
    (gone, *_) = sorted(folder.glob("provider=*/*/*/*.parquet"))
    storage_at(bucket).remove([f"lake/{gone.relative_to(folder).as_posix()}"])
    assert copy_lake(f"{bucket}/lake", folder) <= 2
    assert not gone.exists()
    # A broken file is named where it lies, not where it was copied to.
    name = next(name for name in files if name.endswith(".json"))
    storage_at(bucket).write(f"in/{name}", files[name][:-9])
    assert spark(f"{bucket}/in", f"{bucket}/lake").n_left_out == 1
    (row,) = [
        r
        for r in read_rows(storage_at(f"{bucket}/lake"), "_problems.parquet", LakeProblem)
        if r.severity == "match"
    ]
    assert row.file == f"{bucket}/in/{name}"
    assert "/tmp" not in f"{row.file} {row.reason} {row.place}"


def test_of_large_files_only_both_ends_are_fetched_to_list_them(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "WHOLE_BYTES", 1000)
    monkeypatch.setattr(sources, "HEAD_BYTES", 10)
    monkeypatch.setattr(sources, "TAIL_BYTES", 5)
    content = bytes(range(1, 101)) * 20
    storage_at(bucket).write("in/a/positions.xml", content)
    storage_at(bucket).write("in/a/events.xml", b"small")
    with sources.listed(f"{bucket}/in") as listed:
        sketch = listed.folder / "a" / "positions.xml"
        assert sketch.stat().st_size == len(content)
        assert sketch.read_bytes()[:10] == content[:10]
        assert sketch.read_bytes()[-5:] == content[-5:]
        assert not any(sketch.read_bytes()[10:-5])
        assert (listed.folder / "a" / "events.xml").read_bytes() == b"small"
        written_at = listed.files["a/positions.xml"].written_at.timestamp()
        assert sketch.stat().st_mtime == pytest.approx(written_at)


def test_nothing_there(spark, bucket: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing lies there"):
        spark(f"{bucket}/empty", tmp_path / "lake")


@pytest.mark.parametrize(
    ("refusing", "told"),
    [(503, "the storage does not do it now"), (403, "the storage refuses it to these keys")],
    indirect=["refusing"],
)
def test_a_bucket_that_does_not_serve_is_a_sentence(spark, refusing: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=told):
        spark(f"{refusing}/in", tmp_path / "lake")
    source = tmp_path / "source"
    for name, content in EVENT_FEEDS["wyscout"]().items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    with pytest.raises(StoreError, match=told):
        spark(source, f"{refusing}/lake")
