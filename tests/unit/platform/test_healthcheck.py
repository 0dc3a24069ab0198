"""A container's healthcheck: exit 0 only for a component that Airflow itself calls healthy."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

HEALTH = {
    "scheduler": {"status": "healthy"},
    "triggerer": {"status": "unhealthy"},
    "dag_processor": {"status": None},
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 500)
            self.end_headers()
            self.wfile.write(json.dumps(HEALTH).encode() if self.path != "/words" else b"no JSON")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/health"
    server.shutdown()
    server.server_close()


def check(component: str, url: str) -> subprocess.CompletedProcess[str]:
    environment = {"XGOALS_HEALTH_URL": url, "http_proxy": "http://127.0.0.1:1"}
    command = [sys.executable, "-m", "xgoals.healthcheck", component]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("component", "code", "said"),
    [
        ("scheduler", 0, ""),
        ("triggerer", 1, "unhealthy"),
        ("dag_processor", 1, "unknown"),
        ("other", 1, "unknown"),
    ],
)
def test_only_a_healthy_component_passes(url: str, component: str, code: int, said: str) -> None:
    done = check(component, url)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["/words", "/error"])
def test_a_server_that_fails_or_is_not_there_is_said(url: str, path: str) -> None:
    for address in (url.replace("/health", path), "http://127.0.0.1:1/health"):
        done = check("scheduler", address)
        assert done.returncode == 1
        assert "does not answer" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_worker_of_which_nobody_knows_the_queue_is_not_well() -> None:
    command = [sys.executable, "-m", "xgoals.healthcheck", "worker"]
    done = subprocess.run(command, env={}, capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (1, "AIRFLOW__CELERY__BROKER_URL is not set")
