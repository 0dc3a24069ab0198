"""``xgoals status``: what runs, where, and how to get in; nothing is started for the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xgoals.services.airflow.components import API_SERVER, COMPONENTS, api, component_log, local_url
from xgoals.services.airflow.files import password_path, processes_path
from xgoals.services.postgres.server import EmbeddedPostgres, PostgresStatus
from xgoals.services.processes import RememberedProcess, memory_mib, remembered
from xgoals.services.run_lock import holder
from xgoals.settings import Settings


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


def status(settings: Settings) -> ServicesStatus:
    """What runs at the moment; starts nothing."""
    processes = {process.name: process for process in remembered(processes_path(settings))}
    client = api(settings)
    health: dict[str, str | None] = {}
    if client:
        with client:
            health = client.health()
    under_way = holder(settings.home)
    return ServicesStatus(
        running=client is not None,
        url=local_url(settings) if client else None,
        user=settings.ui.user,
        password_file=password_path(settings),
        components=tuple(_component(settings, name, processes.get(name), health) for name in COMPONENTS),
        postgres=EmbeddedPostgres(settings.home).status(),
        run=str(under_way) if under_way else None,
    )


def _component(
    settings: Settings,
    name: str,
    remembered_process: RememberedProcess | None,
    health: Mapping[str, str | None],
) -> ComponentStatus:
    process = remembered_process.find() if remembered_process else None
    # The health page has a line for all but the server that shows it.
    healthy = bool(health) if name == API_SERVER else health.get(name.replace("-", "_")) == "healthy"
    return ComponentStatus(
        name=name,
        state="stopped" if process is None else "healthy" if healthy else "unhealthy",
        pid=process.pid if process else None,
        memory_mib=memory_mib(process) if process else 0,
        log=component_log(settings, name),
    )
