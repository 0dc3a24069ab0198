"""A cluster of Spark of its own: a standalone master and two workers, as processes of this machine."""

import os
import shutil
import signal
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from spark_processes import SparkCluster, free_port, start


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
