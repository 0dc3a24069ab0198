"""Spark's own processes on this machine: a master, and workers that can be killed."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
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
        except (urllib.error.URLError, ConnectionError, TimeoutError, json.JSONDecodeError):
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
