"""``up``, ``down`` and ``status``: embedded Postgres and Airflow's four components as local processes.

The API server starts first, because the others talk to it; then scheduler, DAG processor and triggerer.
``up`` returns when Airflow's health page calls all of them healthy and Airflow has read the DAG.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import filelock

from xgoals.domain.errors import ServiceError
from xgoals.feeds import FEEDS
from xgoals.services.airflow.environment import (
    airflow_environment,
    airflow_home,
    log_folder,
    password_path,
    ui_password,
)
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.airflow.rest import AirflowApi
from xgoals.services.ports import is_free, who_listens
from xgoals.services.postgres.server import EmbeddedPostgres, PostgresStatus
from xgoals.services.processes import (
    RememberedProcess,
    end,
    launch,
    memory_mib,
    remember,
    remembered,
    tail,
)
from xgoals.services.run_lock import holder, run_lock
from xgoals.settings import Settings

# Without --skip-serve-logs two more web servers would run; the API server reads the log files itself.
_COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
_START_TIMEOUT_S = 180.0
_N_PORTS_TO_TRY = 50


Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ComponentStatus:
    """A component of Airflow: its state, its process, and the memory of it and its children in MiB."""

    name: str
    state: Literal["healthy", "unhealthy", "stopped"]
    pid: int | None
    memory_mib: int
    log: Path


@dataclass(frozen=True, slots=True)
class ServicesStatus:
    """What runs, where, and how to get in; ``run`` names the in-process run under way, if there is one."""

    running: bool
    url: str | None
    user: str
    password_file: Path
    components: tuple[ComponentStatus, ...]
    postgres: PostgresStatus
    run: str | None


def up(settings: Settings, say: Say) -> ServicesStatus:
    """Start what does not run yet and wait until all of it is healthy.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``.
    say
        Takes one line at a time for the person who waits.

    Raises
    ------
    ServiceError
        If a port is taken, or a component ends or does not become healthy; the message names its log.
    """
    with _one_at_a_time(settings):
        if not _is_running(settings):
            # The scheduler would take a run that goes on in another process for its own.
            with run_lock(settings.home, "xgoals up", lambda who: say(f"Waiting for {who}")):
                end(remembered(_table(settings)))
                port = _choose_port(settings, say)
                for feed in FEEDS:
                    settings.inbox(feed).mkdir(parents=True, exist_ok=True)
                prepare_metadata(settings)
                _start(settings, port, say)
    return status(settings)


def down(settings: Settings, say: Say) -> None:
    """End Airflow's components and the embedded Postgres; nothing else is touched.

    Raises
    ------
    ServiceError
        If an in-process run is under way: it needs Postgres.
    """
    with _one_at_a_time(settings):
        if under_way := holder(settings.home):
            raise ServiceError(
                f"not stopped: {under_way} is under way", advice="Wait for it, or end it first"
            )
        processes = remembered(_table(settings))
        if any(process.find() for process in processes):
            say("Stopping Airflow")
            # The API server last: the others report to it how their tasks ended.
            end(process for process in processes if process.name != "api-server")
            end(processes)
        _table(settings).unlink(missing_ok=True)
        EmbeddedPostgres(settings.home).stop()


def status(settings: Settings) -> ServicesStatus:
    """What runs at the moment; starts nothing."""
    processes = {process.name: process for process in remembered(_table(settings))}
    client = api(settings)
    health: dict[str, str | None] = {}
    if client:
        with client:
            health = client.health()
    under_way = holder(settings.home)
    return ServicesStatus(
        running=client is not None,
        url=_base_url(settings) if client else None,
        user=settings.ui.user,
        password_file=password_path(settings),
        components=tuple(_component(settings, name, processes.get(name), health) for name in _COMPONENTS),
        postgres=EmbeddedPostgres(settings.home).status(),
        run=str(under_way) if under_way else None,
    )


def api(settings: Settings) -> AirflowApi | None:
    """A client of the API server, or None if the services are not up."""
    if not _is_running(settings):
        return None
    return AirflowApi(_base_url(settings), settings.ui.user, ui_password(settings))


def ui_port(settings: Settings) -> int:
    """The port of the UI: of the last start, else the configured one."""
    path = _port_path(settings)
    return int(path.read_text()) if path.is_file() else settings.ui.port


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    airflow_home(settings).mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(airflow_home(settings) / "services.lock"):
        yield


def _table(settings: Settings) -> Path:
    return airflow_home(settings) / "services.json"


def _port_path(settings: Settings) -> Path:
    return airflow_home(settings) / "ui_port"


def _base_url(settings: Settings) -> str:
    return f"http://127.0.0.1:{ui_port(settings)}"


def _is_running(settings: Settings) -> bool:
    alive = {process.name for process in remembered(_table(settings)) if process.find()}
    return alive == set(_COMPONENTS)


def _start(settings: Settings, port: int, say: Say) -> None:
    """Start the components, the API server first; if one fails, none is left behind."""
    _port_path(settings).write_text(f"{port}\n")
    environment = airflow_environment(settings, ui_port=port)
    started: list[RememberedProcess] = []
    try:
        with AirflowApi(_base_url(settings), settings.ui.user, ui_password(settings)) as client:
            for name, arguments in _COMPONENTS.items():
                command = [sys.executable, "-m", "airflow", *arguments]
                started.append(launch(name, command, environment=environment, log=_log(settings, name)))
                remember(_table(settings), started)
                if name == "api-server":
                    say(f"Starting Airflow on {_base_url(settings)}")
                    _wait_for(settings, started, lambda: bool(client.health()), "the API server to answer")
                    client.fail_abandoned_runs()
            say("Waiting for scheduler, DAG processor and triggerer")
            _wait_for(settings, started, lambda: _all_healthy(client), "all components to be healthy")
            _wait_for(settings, started, lambda: client.dag() is not None, "Airflow to read the DAG")
            for problem in client.import_errors():
                say(f"Airflow cannot read a DAG file:\n{problem}")
    except BaseException:  # an interrupt too: half a system would only confuse
        end(started)
        _table(settings).unlink(missing_ok=True)
        raise


def _all_healthy(client: AirflowApi) -> bool:
    health = client.health()
    return bool(health) and all(state == "healthy" for state in health.values())


def _wait_for(
    settings: Settings, started: Sequence[RememberedProcess], condition: Callable[[], bool], what: str
) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not condition():
        for process in started:
            if process.find() is None:
                log = _log(settings, process.name)
                raise ServiceError(f"Airflow's {process.name} ended. It said:\n{tail(log)}", where=str(log))
        if time.monotonic() > deadline:
            raise ServiceError(
                f"waited {_START_TIMEOUT_S:.0f} s in vain for {what}", where=str(log_folder(settings))
            )
        time.sleep(0.3)


def _log(settings: Settings, name: str) -> Path:
    return log_folder(settings) / f"{name}.log"


def _component(
    settings: Settings, name: str, remembered_process: RememberedProcess | None, health: dict[str, str | None]
) -> ComponentStatus:
    process = remembered_process.find() if remembered_process else None
    # The health page has a line for all but the server that shows it.
    healthy = bool(health) if name == "api-server" else health.get(name.replace("-", "_")) == "healthy"
    return ComponentStatus(
        name=name,
        state="stopped" if process is None else "healthy" if healthy else "unhealthy",
        pid=process.pid if process else None,
        memory_mib=memory_mib(process) if process else 0,
        log=_log(settings, name),
    )


def _choose_port(settings: Settings, say: Say) -> int:
    """The configured port; if nobody has asked for a certain one, the next free one will do."""
    wanted: int = settings.ui.port
    if "port" in settings.ui.model_fields_set:
        if not is_free(wanted):
            raise ServiceError(
                f"port {wanted} is taken by {who_listens(wanted)}",
                where="setting ui.port",
                advice="End that program, or choose another port in xgoals.toml or XGOALS_UI__PORT",
            )
        return wanted
    port: int
    for port in (ui_port(settings), *range(wanted, wanted + _N_PORTS_TO_TRY)):
        if is_free(port):
            if port != wanted:
                say(f"Port {wanted} is taken by {who_listens(wanted)}: the UI gets port {port}")
            return port
    raise ServiceError(
        f"no free port between {wanted} and {wanted + _N_PORTS_TO_TRY - 1}", where="setting ui.port"
    )
