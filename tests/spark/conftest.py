"""A cluster of Spark of its own: a standalone master and two workers, as processes of this machine."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from importlib.util import find_spec

import pyarrow as pa
import pytest
from spark_processes import SparkCluster, free_port, start

from xgoals.spark import ingest as driver
from xgoals.spark.reading import RESULT, ReadingJob, read_matches


@pytest.fixture(scope="session")
def spark_is_here() -> None:
    """Spark and a Java for it: where they are absent the tests that need them are skipped loudly (in CI an error)."""
    missing = [
        what
        for what, is_there in (
            ("pyspark (make spark-env)", find_spec("pyspark") is not None),
            ("Java 17", shutil.which("java") is not None or "JAVA_HOME" in os.environ),
        )
        if not is_there
    ]
    if not missing:
        return
    reason = f"SPARK ABSENT: {' and '.join(missing)} not found"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def spark_cluster(spark_is_here: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """A master and two workers of one core each; about 15 s to start on a free machine."""
    folder = tmp_path_factory.mktemp("spark")
    port, page_port = free_port(), free_port()
    cluster = SparkCluster(f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page_port}", folder)
    command = [
        "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port",
        str(page_port),
    ]  # fmt: skip
    master = start(command, folder / "master.log")
    try:
        for name in ("one", "two"):
            cluster.start_worker(name)
        cluster.wait_for(2)
        yield cluster
    finally:
        for process in (*cluster.workers.values(), master):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def executors_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What executors would read is read in this process, without Spark."""

    def here(_: object, job: ReadingJob) -> pa.Table:
        numbers = [pa.record_batch({"id": [n]}) for n in range(len(job.matches))]
        return pa.Table.from_batches(read_matches(job, numbers), RESULT)

    monkeypatch.setattr(driver, "spark_session", lambda *_: nullcontext())
    monkeypatch.setattr(driver, "spark_told", lambda _: nullcontext())
    monkeypatch.setattr(driver, "_on_executors", here)
