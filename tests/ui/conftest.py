"""A real API server of Airflow with our plugin, over the results of a small simulated league."""

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx
import pytest

from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.services.airflow.credentials import ui_password, write_ui_passwords
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.databases import start_database
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import end, launch, tail
from xgoals.settings import Settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, report, train
from xgoals.steps.run_context import FeedSource, close_run, open_run

RUN_ID = "manual__2026-01-02T03:04:05+00:00"


@dataclass(frozen=True)
class Server:
    """Where it listens, whose settings it has, and how one logs in."""

    url: str
    settings: Settings
    user: str
    password: str
    run_id: str = RUN_ID

    def client(self, *, logged_in: bool = True) -> httpx.Client:
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=60)
        if logged_in:
            client.headers["Authorization"] = f"Bearer {self.token()}"
        return client

    def token(self, user: str | None = None) -> str:
        """A token of the administrator, or of ``guest``, whose role has no rights; both have the same password."""
        credentials = {"username": user or self.user, "password": self.password}
        answer = httpx.post(f"{self.url}/auth/token", json=credentials, trust_env=False, timeout=60)
        return str(answer.json()["access_token"])


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="xgoals-test-"))
    folder.chmod(0o755)
    yield folder
    EmbeddedPostgres(folder).stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def served(home: Path) -> Settings:
    """A home with a champion, its explanations and reports."""
    settings = Settings(home=home)
    start_database(settings, "demo")
    source = home / "league.parquet"
    write_archive(source, islice(simulate_league(), 60))
    run = open_run(
        settings, database="demo", sources=[FeedSource("archive", source)], dag_run_id=RUN_ID, started_at=None
    )
    ingest.ingest(run)
    build_features.build_features(run)
    champion = register.register(run, train.train(run))
    compute_baseline.compute_baseline(run, champion)
    explain.explain(run, champion)
    report.report(run, champion)
    close_run(run, "success")
    return settings


@pytest.fixture(scope="session")
def server(served: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("XGOALS_", "AIRFLOW_"))
    }
    config = tmp_path_factory.mktemp("config") / "none.toml"
    prepare_metadata(served)
    log = served.home / "logs" / "api-server.log"
    environment = airflow_environment(served, ui_port=port) | {"XGOALS_CONFIG": str(config)}
    environment = {
        k: v
        for k, v in environment.items()
        if k in clean or k.startswith(("XGOALS_HOME", "XGOALS_CONFIG", "AIRFLOW"))
    }
    password = ui_password(served)
    environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = f"{served.ui.user}:admin,guest:"
    write_ui_passwords(served, {served.ui.user: password, "guest": password})
    process = launch(
        "api-server", [sys.executable, "-m", "airflow", "api-server"], environment=environment, log=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process, log)
        yield Server(url, served, served.ui.user, password)
    finally:
        end([process])


def _wait_for(url: str, process, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.find(), tail(log, 40)
        try:
            if httpx.get(f"{url}/api/v2/version", trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(tail(log, 40))
