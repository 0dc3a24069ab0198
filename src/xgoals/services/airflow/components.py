"""Airflow's four components as processes of this machine: which there are, whether they run, and how to ask them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import filelock

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.airflow.credentials import ui_password
from xgoals.services.airflow.files import (
    airflow_home,
    log_folder,
    processes_path,
    ui_port_path,
    watch_path,
)
from xgoals.services.processes import RememberedProcess, remembered
from xgoals.settings import DatabaseRole, Settings

API_SERVER = "api-server"
# Without --skip-serve-logs two more web servers would run; the API server reads the log files itself.
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    API_SERVER: ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""Name of a component -> arguments of the command ``airflow``, in the order in which they start."""
DATABASE_ROLES: Mapping[str, DatabaseRole] = {
    API_SERVER: "reader", "scheduler": "writer", "dag-processor": "writer", "triggerer": "writer",
}  # fmt: skip
"""As whom each works on the results: the scheduler's children are the tasks, the triggerer has the watcher,
the DAG processor tells of runs that failed."""


@contextmanager
def services_lock(settings: Settings, *, timeout_s: float = 600.0) -> Iterator[None]:
    """One `up` or `down` at a time; who comes second waits, for ten minutes at most.

    Raises
    ------
    filelock.Timeout
        If it has waited in vain; a :class:`ServiceError` where it was to wait long.
    """
    airflow_home(settings).mkdir(parents=True, exist_ok=True)
    path = airflow_home(settings) / "services.lock"
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=timeout_s)
    except filelock.Timeout:
        if timeout_s == 0:
            raise
        raise ServiceError(
            f"another 'xgoals up' or 'down' has been at work for {timeout_s / 60:.0f} minutes",
            where=str(path),
            advice="See which process has this file open, and end it",
        ) from None
    try:
        yield
    finally:
        lock.release()


def are_up(settings: Settings) -> bool:
    """Whether all of them run, as far as processes tell."""
    alive = {process.name for process in remembered(processes_path(settings)) if process.find()}
    return alive == set(COMPONENTS)


def watcher(settings: Settings) -> RememberedProcess | None:
    """The process that watches over them, if it runs."""
    return next((process for process in remembered(watch_path(settings)) if process.find()), None)


def api(settings: Settings) -> AirflowApi | None:
    """A client of the API server, or None if the services are not up."""
    return client(settings) if are_up(settings) else None


def client(settings: Settings) -> AirflowApi:
    """A client of the API server, whether or not it answers."""
    return AirflowApi(local_url(settings), settings.ui.user, ui_password(settings))


def ui_port(settings: Settings) -> int:
    """The port of the UI: of the last start, else the configured one."""
    path = ui_port_path(settings)
    return int(path.read_text()) if path.is_file() else settings.ui.port


def local_url(settings: Settings) -> str:
    """The address of the UI and the API on this machine."""
    return f"http://127.0.0.1:{ui_port(settings)}"


def component_log(settings: Settings, name: str) -> Path:
    """The file that takes what a component says."""
    return log_folder(settings) / f"{name}.log"
