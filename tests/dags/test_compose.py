"""docker-compose*.yml and Dockerfile: what they promise, and (slow) their commands as processes of this machine.

There is no container engine where these tests run. What a container would be given (command, environment,
healthcheck) is read from the file and given to a process (``compose_files``). Those of the workers are started by
``test_several_workers``.
"""

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from compose_files import ROOT, VARIABLE, environment_of, example, filled_in, load, strings, substituted
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import RememberedProcess, end, launch, tail
from xgoals.settings import load_settings

OURS = ("init", "api-server", "scheduler", "dag-processor", "triggerer")
FILES = ("docker-compose.yml", "docker-compose.keycloak.yml", "docker-compose.workers.yml")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return load("docker-compose.yml")


@pytest.fixture(scope="module")
def with_workers() -> dict[str, Any]:
    return load("docker-compose.yml", "docker-compose.workers.yml")


def test_the_files_follow_the_compose_specification() -> None:
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, *(ROOT / name for name in FILES)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_secret_stands_in_the_files_and_none_has_a_default(with_workers: dict[str, Any]) -> None:
    compose = with_workers
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            is_secret = re.search(r"PASSWORD$|SECRET|FERNET|_URL$|_CONN$|DATABASE_URL", key)
            if not is_secret or key in ("XGOALS_HEALTH_URL", "AIRFLOW__API__BASE_URL", "XGOALS_UI__BASE_URL"):
                continue
            if "EXECUTION_API_SERVER_URL" in key or value is None:  # handed on where it is set
                continue
            if key in ("XGOALS_STORAGE_URL", "AWS_ENDPOINT_URL"):
                continue
            assert re.search(r"\$\{\w+:\?", str(value)), f"{name}: {key}"
    text = " ".join(strings(compose))
    assert not re.search(r"://\w+:[^$@/]+@", text), "a password in an address"


def test_the_example_names_every_variable_and_holds_no_secret(with_workers: dict[str, Any]) -> None:
    used = {name: kind for value in strings(with_workers) for name, kind, _ in VARIABLE.findall(value)}
    assert set(example()) == set(used)
    for name, kind in used.items():
        assert (example()[name] == "") == (kind == "?"), f"{name}: secrets are empty, all else works as it is"


def test_only_loopback_is_listened_on_and_all_that_stays_up_is_watched(
    compose: dict[str, Any], with_workers: dict[str, Any]
) -> None:
    for name, service in with_workers["services"].items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name} listens to everybody"
        if service.get("restart") == "unless-stopped":
            assert service["healthcheck"]["test"][0] == "CMD", name
        assert "privileged" not in service
    assert set(OURS) < set(compose["services"])
    assert compose["services"]["scheduler"]["depends_on"] == {"api-server": {"condition": "service_healthy"}}


def test_components_start_with_the_commands_of_up(compose: dict[str, Any]) -> None:
    from xgoals.services.airflow.components import COMPONENTS

    for name, arguments in COMPONENTS.items():
        assert compose["services"][name]["command"] == ["airflow", *arguments]


def test_links_in_mails_lead_to_the_address_that_people_know(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for given, expected in (
        ({}, "http://127.0.0.1:8080"),
        ({"XGOALS_URL": "https://xg.example.org"}, "https://xg.example.org"),
    ):
        for name in OURS:
            value = substituted(compose["services"][name]["environment"]["XGOALS_UI__BASE_URL"], given)
            monkeypatch.setenv("XGOALS_UI__BASE_URL", value)
            assert load_settings().ui.address == expected, name


def test_feed_files_are_only_read(compose: dict[str, Any]) -> None:
    for name in OURS:
        (inbox,) = [volume for volume in compose["services"][name]["volumes"] if "home/inbox" in volume]
        assert inbox.endswith(":ro")


def test_the_image_runs_as_a_user_without_rights_and_holds_no_data() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last_stage = lines[[i for i, line in enumerate(lines) if line.startswith("FROM")][-1] :]
    (user,) = [line.split()[1] for line in last_stage if line.startswith("USER")]
    assert int(user) > 0
    assert last_stage.index(f"USER {user}") < next(
        i for i, line in enumerate(last_stage) if line.startswith("CMD")
    )
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().startswith("*\n"), "everything is left out but what is named"
    copied = {
        name
        for line in lines
        if line.startswith("COPY") and "--from" not in line
        for name in line.split()[1:-1]
    }
    assert copied == set(allowed)
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_takes_nothing_in_but_what_is_pinned_by_its_hash() -> None:
    commands = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    installs = re.findall(r"pip install ([^&\n]*)", commands)
    assert len(installs) == 5
    for arguments in installs:
        assert "--no-deps" in arguments
        assert "--require-hashes" in arguments or "--no-build-isolation --offline" in arguments
    installed = [Path(name).stem for name in re.findall(r"requirements/\w+\.txt", " ".join(installs))]
    assert installed == ["installer", "build", "run", "keycloak", "workers"]
    for question in ('if [ "$AUTH" = keycloak ]', 'if [ "$WORKERS" = yes ]'):
        assert question in commands, "what few need only those get who ask for it"


SECRETS = {
    "init": {
        "POSTGRES",
        "XGOALS_DB",
        "XGOALS_WRITER",
        "XGOALS_READER",
        "XGOALS_CHECK",
        "AIRFLOW_DB",
        "FERNET",
        "UI",
    },
    "api-server": {"XGOALS_READER", "AIRFLOW_DB", "FERNET", "JWT", "API"},
    "scheduler": {"XGOALS_WRITER", "XGOALS_CHECK", "AIRFLOW_DB", "FERNET", "JWT"},
    "triggerer": {"XGOALS_WRITER", "AIRFLOW_DB", "FERNET", "JWT"},
    "dag-processor": {"AIRFLOW_DB", "FERNET"},
}


def test_every_container_has_the_secrets_of_its_work_and_no_others(compose: dict[str, Any]) -> None:
    secret = re.compile(r"\$\{(\w+?)(?:_PASSWORD|_SECRET_KEY|_SECRET|_KEY):\?")
    for name in OURS:
        values = " ".join(map(str, compose["services"][name]["environment"].values()))
        assert set(secret.findall(values)) == SECRETS[name], name
    pages = compose["services"]["api-server"]["environment"]["XGOALS_DATABASE_URL"]
    assert "xgoals_pages:" in pages, "who shows results cannot write them"


def test_the_way_in_by_keycloak_changes_the_way_in_and_nothing_else(compose: dict[str, Any]) -> None:
    other: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.keycloak.yml").read_text())
    assert set(other["services"]) == set(OURS)
    for name, service in other["services"].items():
        assert set(service) == {"environment"}
        assert service["environment"]["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".KeycloakAuthManager")
        has_secret = any("SECRET" in key for key in service["environment"])
        assert has_secret is (name in ("init", "api-server")), name


def test_with_workers_every_component_knows_the_executor_and_only_two_the_queue(
    compose: dict[str, Any], with_workers: dict[str, Any]
) -> None:
    services = with_workers["services"]
    assert set(services) == set(compose["services"]) | {"redis", "worker"}
    for name in (*OURS, "worker"):
        environment = services[name]["environment"]
        assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor", name
        assert ("AIRFLOW__CELERY__BROKER_URL" in environment) is (name in ("scheduler", "worker")), name
        assert services[name]["build"]["args"] == {"AUTH": "${XGOALS_AUTH:-simple}", "WORKERS": "yes"}
        before = compose["services"].get(name, compose["services"]["dag-processor"])
        assert services[name]["volumes"] == before["volumes"], "all see the same home and inbox"
        kept = before["environment"].keys() - environment.keys()
        assert not kept, f"{name} has lost {kept}"
    assert all("ports" not in services[name] for name in ("redis", "worker"))
    assert services["scheduler"]["command"] == compose["services"]["scheduler"]["command"]


def test_a_worker_has_the_secrets_of_tasks_and_cannot_sign_logins(with_workers: dict[str, Any]) -> None:
    values = " ".join(map(str, with_workers["services"]["worker"]["environment"].values()))
    had = set(re.findall(r"\$\{(\w+?)(?:_PASSWORD|_SECRET_KEY|_SECRET|_KEY):\?", values))
    assert had == {"XGOALS_WRITER", "XGOALS_CHECK", "AIRFLOW_DB", "FERNET", "REDIS", "API"}
    assert with_workers["services"]["worker"]["deploy"]["replicas"] == 2
    assert "container_name" not in with_workers["services"]["worker"], "--scale worker=4 makes more of them"


# The commands, environments and healthchecks as processes.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Network:
    """What the engine would provide: names, ports and paths."""

    def __init__(self, folder: Path, postgres_port: int) -> None:
        self.api_port = free_port()
        self.folder = folder
        self._places = {
            "@postgres:5432": f"@127.0.0.1:{postgres_port}",
            "http://api-server:8080": f"http://127.0.0.1:{self.api_port}",
            "http://127.0.0.1:8080": f"http://127.0.0.1:{self.api_port}",
            "/opt/xgoals/home": str(folder / "home"),
            "/opt/xgoals/config": str(folder / "config"),
            "/opt/xgoals/app": str(ROOT),
            "0.0.0.0": "127.0.0.1",
            "smtp://mail:1025": "smtp://127.0.0.1:1",
        }

    def environment(self, service: dict[str, Any], given: dict[str, str]) -> dict[str, str]:
        own = environment_of(service, given, places=self._places, home=self.folder)
        return own | {"AIRFLOW__API__PORT": str(self.api_port)}


@pytest.fixture
def embedded() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="xgoals-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder)
        server.ensure_started()
        yield server
        server.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_commands_of_the_file_start_and_their_healthchecks_succeed(
    compose: dict[str, Any],
    embedded: EmbeddedPostgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from base64 import urlsafe_b64encode

    from sqlalchemy.engine import make_url

    admin = make_url(embedded.url("postgres"))
    assert admin.port
    # The administrator of the image is called postgres: his role is made here, everything else by "init".
    _make_administrator(embedded, "Adm1n")
    given = filled_in(POSTGRES_PASSWORD="Adm1n", FERNET_KEY=urlsafe_b64encode(bytes(32)).decode())
    network = Network(tmp_path, admin.port)
    services, started = compose["services"], []
    assert services["init"]["working_dir"] == "/opt/xgoals/config"
    (tmp_path / "config").mkdir()  # as docs/operations.md says; without an xgoals.toml in it
    monkeypatch.chdir(tmp_path / "config")

    def environment(name: str) -> dict[str, str]:
        return network.environment(services[name], given)

    def health(name: str) -> subprocess.CompletedProcess[str]:
        command = services[name]["healthcheck"]["test"][1:]
        return subprocess.run(command, env=environment(name), capture_output=True, text=True)

    for _ in range(2):  # it runs at every start
        done = subprocess.run(
            services["init"]["command"], env=environment("init"), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert "is there" in done.stdout
    assert health("scheduler").returncode != 0, "nothing runs yet, and the check says so"
    try:
        for name in OURS[1:]:
            log = tmp_path / f"{name}.log"
            started.append(launch(name, services[name]["command"], environment=environment(name), log=log))
            if name == "api-server":
                _wait_until_healthy(health, name, started, log)
        for name in OURS[2:]:
            _wait_until_healthy(health, name, started, tmp_path / f"{name}.log")
        _check_that_it_works(network.api_port, given)
    finally:
        end(started)


def _make_administrator(embedded: EmbeddedPostgres, password: str) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(embedded.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create role postgres superuser login password '{password}'")
    engine.dispose()


def _wait_until_healthy(health: Any, name: str, started: list[RememberedProcess], log: Path) -> None:
    deadline = time.monotonic() + 240
    while (said := health(name)).returncode:
        assert all(process.find() for process in started), tail(log, 40)
        assert time.monotonic() < deadline, f"{name}: {said.stderr}\n{tail(log, 40)}"
        time.sleep(1)


def _check_that_it_works(port: int, given: dict[str, str]) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
        credentials = {"username": "admin", "password": given["UI_PASSWORD"]}
        token = client.post("/auth/token", json=credentials).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        deadline = time.monotonic() + 120
        while True:
            known = {dag["dag_id"] for dag in client.get("/api/v2/dags").json()["dags"]}
            if known >= {"xgoals_pipeline", "xgoals_maintenance"} or time.monotonic() > deadline:
                break
            time.sleep(1)
        assert known - {"xgoals_backfill"} == {"xgoals_pipeline", "xgoals_maintenance"}, (
            "that one where Spark is"
        )
        assert client.get("/api/v2/importErrors").json()["total_entries"] == 0
        assert client.get("/xgoals/api/v1/main/matches").json() == []
        assert json.loads(client.get("/xgoals/api/v1/demo/matches").text)["detail"], (
            "no embedded server is started"
        )
