"""An Airflow as somebody else has it: its own home, database, DAGs, people and port, started by its own commands."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import RememberedProcess, end, launch, tail

AIRFLOW = [sys.executable, "-m", "airflow"]
COMPONENTS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),  # those would be served to all the world
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
USERS = ("admin", "op", "user", "viewer")
ONE_LINE = "from xgoals.dags import approval, maintenance, pipeline  # for Airflow\n"
ANOTHER_DAG = """
from airflow.sdk import dag, task

@dag(schedule=None)
def theirs():
    @task
    def count() -> int:
        return 42
    count()

theirs()
"""


@dataclass
class OwnAirflow:
    """Where it lies, which server has its metadata and the results, and what its variables are."""

    folder: Path
    server: EmbeddedPostgres
    port: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    _processes: list[RememberedProcess] = field(default_factory=list)

    def prepare(self, clean: Mapping[str, str], **variables: str) -> None:
        """Its databases, its DAG folder and its people; nothing of xgoals but the package and one line."""
        for database in ("their_airflow", "their_results"):
            self.server.create_database(database)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        home, dags = self.folder / "airflow", self.folder / "dags"
        for made in (home, dags):
            made.mkdir(parents=True)
        (dags / "football.py").write_text(ONE_LINE)
        (dags / "theirs.py").write_text(ANOTHER_DAG)
        (home / "passwords.json").write_text(json.dumps({name: name for name in USERS}))
        self.environment = {
            **clean,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{name}" for name in USERS),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.server.url("their_airflow"),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__SECRET_KEY": "theirs",
            "AIRFLOW__API_AUTH__JWT_SECRET": "theirs-and-long-enough-for-a-signature-of-512-bits-or-so-it-seems-to-be",
            "XGOALS_HOME": str(self.folder / "xgoals"),
            "NO_PROXY": "127.0.0.1,localhost",
            **variables,
        }
        self.airflow("db", "migrate")

    @property
    def url(self) -> str:
        """Its ``[api] base_url``."""
        return f"http://127.0.0.1:{self.port}"

    def airflow(self, *arguments: str) -> str:
        """One of its commands, to its end."""
        return self._said([*AIRFLOW, *arguments])

    def xgoals(self, *arguments: str, fails: bool = False) -> str:
        """A command of ours in a terminal of theirs."""
        return self._said([sys.executable, "-m", "xgoals.cli", *arguments], fails=fails)

    def _said(self, command: list[str], *, fails: bool = False) -> str:
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=300
        )
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + (done.stderr if fails else "")

    def start(self) -> None:
        """Its components, until the API server answers."""
        for name, arguments in COMPONENTS.items():
            log = self.folder / f"{name}.log"
            self._processes.append(
                launch(name, [*AIRFLOW, *arguments], environment=self.environment, log=log)
            )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/api/v2/version", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.5)
        raise AssertionError(tail(self.folder / "api-server.log", 40))

    def stop(self) -> None:
        """End what `start` began."""
        end(self._processes)
        self._processes.clear()

    def client(self, user: str = "admin") -> httpx.Client:
        """Somebody who is logged in."""
        who = {"username": user, "password": user}
        answer = httpx.post(f"{self.url}/auth/token", json=who, trust_env=False, timeout=60)
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return httpx.Client(base_url=self.url, headers=token, trust_env=False, timeout=60)

    def wait_for(self, path: str, until: Any, seconds: float = 180) -> Any:
        """What the API answers there, once it is so."""
        deadline, answer = time.monotonic() + seconds, None
        with self.client() as client:
            while time.monotonic() < deadline:
                answer = client.get(path).json()
                if until(answer):
                    return answer
                time.sleep(0.5)
        raise AssertionError(f"{path}: {answer}\n{tail(self.folder / 'dag-processor.log', 30)}")


def without_settings() -> dict[str, str]:
    """The caller's environment without settings of Airflow or ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("XGOALS_", "AIRFLOW_"))}
