"""A cluster of Spark of its own: a standalone master and two workers, as processes of this machine."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from databases import default_settings
from xgoals.settings import Settings

STARTS_WITHIN_S = 120
WORKER_MEMORY = "1500m"
CONF = {
    "spark.driver.memory": "600m",
    "spark.executor.memory": "600m",
    "spark.cores.max": "2",
    "spark.executor.cores": "1",
}


@dataclass
class SparkCluster:
    """``master`` is its address; workers by name, one core each, with their processes."""

    master: str
    page: str
    folder: Path
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def settings(self, home: Path, **given: object) -> Settings:
        """Settings whose Spark is this cluster."""
        return default_settings(home=home, spark={"master": self.master, "conf": CONF}, **given)

    def start_worker(self, name: str) -> None:
        """One more worker; not waited for."""
        command = [
            "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", str(free_port()),
            "--cores", "1", "--memory", WORKER_MEMORY, "--work-dir", str(self.folder / name), self.master,
        ]  # fmt: skip
        self.workers[name] = start(command, self.folder / f"{name}.log")

    def kill_worker(self, name: str) -> None:
        """End a worker with everything that it runs, as a machine that loses its power."""
        worker = self.workers.pop(name)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def wait_for(self, n_workers: int) -> None:
        """Until so many workers are alive."""
        until = time.monotonic() + STARTS_WITHIN_S
        while self._alive() != n_workers:
            if time.monotonic() > until:
                pytest.fail(f"no {n_workers} workers of Spark within {STARTS_WITHIN_S} s: see {self.folder}")
            time.sleep(0.1)

    def _alive(self) -> int:
        try:
            with urllib.request.urlopen(f"{self.page}/json/", timeout=5) as answer:
                return int(json.load(answer)["aliveworkers"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0


def start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """One of Spark's own processes, in a group of its own so that it can be ended with its executors."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))},
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
    }
    with log.open("wb") as file:
        return subprocess.Popen(
            [home / "bin" / "spark-class", *command],
            stdout=file,
            stderr=file,
            env=environment,
            start_new_session=True,
        )


def free_port() -> int:
    """A port that nobody listens at."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
