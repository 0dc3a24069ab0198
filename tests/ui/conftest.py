"""A real API server of Airflow with our plugin, over the results of a small simulated league."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from databases import default_settings
from leagues import Stage, take_over_reports
from xgoals.services.airflow.credentials import ui_password, write_ui_passwords
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.databases import start_database
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import end, launch, tail
from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, close_run
from xgoals.store.database import connect
from xgoals.store.upkeep.backup import back_up, restore

METRICS_TOKEN = "a-token-for-prometheus"
RUN_ID = "manual__2026-01-02T03:04:05+00:00"


@dataclass(frozen=True)
class Server:
    """Where it listens, whose settings it has, and how one logs in."""

    url: str
    settings: Settings
    user: str
    password: str
    run_id: str = RUN_ID
    metrics_token: str = METRICS_TOKEN

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
def served(
    new_home: Callable[[], Path],
    end_home: Callable[[Path], None],
    postgres: EmbeddedPostgres,
    stage_of_the_first_run: Callable[[str], Stage],
) -> Iterator[Settings]:
    """A home with a champion, its explanations and reports in its database ``demo``."""
    stage = stage_of_the_first_run("published")
    settings = default_settings(home=new_home())
    start_database(settings, "demo")
    league, demo = create_engine(postgres.url(stage.database)), connect(settings, "demo")
    back_up(league, settings.home / "league.dump")
    restore(demo, settings.home / "league.dump")
    take_over_reports(stage, settings.home / "reports" / "demo", demo)
    with demo.begin() as connection:
        for table in ("run", "report"):
            connection.execute(text(f"update {table} set run_id = :id"), {"id": RUN_ID})
    league.dispose()
    demo.dispose()
    close_run(RunContext(settings, "demo", RUN_ID, ()), "success")
    yield settings
    end_home(settings.home)


@pytest.fixture(scope="session")
def server(served: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("XGOALS_", "AIRFLOW_"))
    }
    config = Path(os.devnull)
    prepare_metadata(served)
    log = served.home / "logs" / "api-server.log"
    environment = airflow_environment(served, ui_port=port) | {"XGOALS_CONFIG": str(config)}
    environment = {
        k: v
        for k, v in environment.items()
        if k in clean or k.startswith(("XGOALS_HOME", "XGOALS_CONFIG", "AIRFLOW"))
    }
    environment |= {"XGOALS_METRICS__ENDPOINT": "true", "XGOALS_METRICS__TOKEN": METRICS_TOKEN}
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
