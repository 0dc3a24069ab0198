"""Airflow's real components: up, a run through them, down; and what stands in their way."""

import io
import socket
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.components import api
from xgoals.services.airflow.credentials import ui_password
from xgoals.services.down import down
from xgoals.services.run_lock import run_lock
from xgoals.services.runner.run_pipeline import run_pipeline
from xgoals.services.status import status
from xgoals.services.up import up
from xgoals.settings import Settings, Ui, load_settings


def test_nothing_runs_before_up(settings: Settings) -> None:
    state = status(settings)
    assert not state.running
    assert state.url is None
    assert {part.state for part in state.components} == {"stopped"}
    assert api(settings) is None


def test_a_port_that_somebody_asked_for_is_not_exchanged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        monkeypatch.setenv("XGOALS_UI__PORT", str(port))
        with pytest.raises(ServiceError, match=rf"ui\.port: port {port} is taken by process \d+ \("):
            up(load_settings(), print)
    assert not status(settings).running


def test_down_does_not_pull_the_database_from_under_a_run(settings: Settings) -> None:
    with (
        run_lock(settings.home, "a run of feed dfl into main", print),
        pytest.raises(ServiceError, match="not stopped: a run of feed dfl into main"),
    ):
        down(settings, print)


@pytest.mark.slow
def test_up_then_a_run_then_down(settings: Settings, tmp_path: Path) -> None:
    said: list[str] = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        # The port of the default, not of the user: the next free one will do.
        settings = settings.model_copy(
            update={"ui": Ui.model_construct(_fields_set=set(), port=port, user="admin")}
        )
        try:
            state = up(settings, said.append)
            assert any(f"Port {port} is taken" in line for line in said)
            assert state.running
            assert {part.state for part in state.components} == {"healthy"}
            assert up(settings, said.append).components[0].pid == state.components[0].pid
            assert state.url
            check_login(state.url, settings)
            check_a_run(settings, tmp_path)
        finally:
            down(settings, said.append)
    after = status(settings)
    assert {part.state for part in after.components} == {"stopped"}
    assert not after.postgres.running


def check_login(url: str, settings: Settings) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/api/v2/dags").status_code == 401
        wrong = client.post("/auth/token", json={"username": "admin", "password": "guessed"})
        assert wrong.status_code == 401
        right = client.post("/auth/token", json={"username": "admin", "password": ui_password(settings)})
        assert right.status_code == 201


def check_a_run(settings: Settings, tmp_path: Path) -> None:
    output = io.StringIO()
    source = tmp_path / "nowhere_to_be_seen"
    outcome = run_pipeline(
        settings, database="main", feed="statsbomb", source=source, console=Console(file=output, width=200)
    )
    assert "by the services on" in output.getvalue()
    assert [task.state for task in outcome.tasks] == ["failed"] + ["upstream_failed"] * 7
    failed = outcome.failed_task
    assert failed
    assert "nowhere_to_be_seen" in (failed.error or "")
    waiting = [
        path
        for path in (settings.home / "outbox").glob("*.eml")
        if b"nowhere_to_be_seen" in path.read_bytes()
    ]
    assert len(waiting) == 1
    client = api(settings)
    assert client
    with client:
        assert client.runs("running") == []
        assert client.import_errors() == []
