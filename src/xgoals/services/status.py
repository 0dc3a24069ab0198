"""``xgoals status``: what runs, where, and how to get in; nothing is started for the answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from xgoals.domain.errors import ServiceError
from xgoals.feeds import FEEDS, registered
from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.airflow.components import (
    API_SERVER,
    COMPONENTS,
    are_up,
    client,
    component_log,
    local_url,
    watcher,
)
from xgoals.services.airflow.files import password_path, processes_path
from xgoals.services.airflow.health import Health, component_health
from xgoals.services.airflow.monitoring import Monitoring, monitoring_of
from xgoals.services.airflow.stuck import stuck_runs
from xgoals.services.orphans import orphans
from xgoals.services.postgres.server import EmbeddedPostgres, PostgresStatus
from xgoals.services.processes import RememberedProcess, memory_mib, remembered
from xgoals.services.run_lock import holder
from xgoals.settings import Settings

State = Literal["healthy", "unhealthy", "unknown", "dead", "stopped"]


@dataclass(frozen=True, slots=True)
class ComponentStatus:
    """A component of Airflow: its state, its process, and the memory of it and its children in MiB.

    ``state``: *unknown* if its process runs and nobody can be asked for its heartbeat, *dead* if it ought to run.
    """

    name: str
    state: State
    pid: int | None
    memory_mib: int
    log: Path


@dataclass(frozen=True, slots=True)
class ServicesStatus:
    """What runs, where, and how to get in; ``run`` names the in-process run under way, if there is one.

    Attributes
    ----------
    running
        Whether all of Airflow's components run, as far as processes tell.
    url
        Of the UI, where its process runs.
    watch_pid
        The process that watches over them.
    monitoring
        What is told to monitoring systems.
    problems
        What is not as it ought to be, in sentences; empty if all is well, or nothing was started.
    """

    running: bool
    url: str | None
    user: str
    password_file: Path
    components: tuple[ComponentStatus, ...]
    postgres: PostgresStatus
    run: str | None
    watch_pid: int | None
    monitoring: Monitoring
    problems: tuple[str, ...]

    @property
    def exit_code(self) -> Literal[0, 1, 3]:
        """As init scripts have it: 0 if all runs and is well, 1 if something is not, 3 if nothing was started."""
        if self.problems:
            return 1
        return 0 if self.running else 3


def status(settings: Settings) -> ServicesStatus:
    """What runs at the moment; starts nothing."""
    processes = {process.name: process for process in remembered(processes_path(settings))}
    serves = API_SERVER in processes and processes[API_SERVER].find() is not None
    health: Mapping[str, Health] = {}
    stuck: list[str] = []
    if serves:
        with client(settings) as api:
            health = component_health(api)
            stuck = _stuck(api, health)
    components = tuple(
        _component(settings, name, processes.get(name), health.get(name, "unknown")) for name in COMPONENTS
    )
    postgres = EmbeddedPostgres(settings.home).status()
    under_way, watch = holder(settings.home), watcher(settings)
    return ServicesStatus(
        running=are_up(settings),
        url=local_url(settings) if serves else None,
        user=settings.ui.user,
        password_file=password_path(settings),
        components=components,
        postgres=postgres,
        run=str(under_way) if under_way else None,
        watch_pid=watch.pid if watch else None,
        monitoring=monitoring_of(settings, local_url(settings)),
        problems=(
            *_of_components(components),
            *_of_the_rest(settings, list(processes.values()), postgres, watch),
            *stuck,
            *_of_feeds(),
        ),
    )


def _component(
    settings: Settings, name: str, remembered_process: RememberedProcess | None, health: Health
) -> ComponentStatus:
    process = remembered_process.find() if remembered_process else None
    state: State = health if process else "dead" if remembered_process else "stopped"
    return ComponentStatus(
        name=name,
        state=state,
        pid=process.pid if process else None,
        memory_mib=memory_mib(process) if process else 0,
        log=component_log(settings, name),
    )


def _of_components(components: Sequence[ComponentStatus]) -> Iterator[str]:
    for part in components:
        if part.state == "dead":
            yield f"the {part.name} has died; see {part.log}"
        elif part.state == "unhealthy":
            yield f"the {part.name}, process {part.pid}, gives no sign of life; see {part.log}"
        elif part.state == "unknown":
            yield f"the {part.name} runs; how it is cannot be known while the {API_SERVER} or Postgres does not answer"


def _of_the_rest(
    settings: Settings,
    processes: Sequence[RememberedProcess],
    postgres: PostgresStatus,
    watch: RememberedProcess | None,
) -> Iterator[str]:
    is_own = settings.database_url and settings.airflow_database_url
    if processes and not postgres.running and not is_own:
        yield "Postgres does not run"
    if processes and watch is None:
        yield "nobody watches over the services: 'xgoals up' starts the process that does"
    for orphan in orphans(settings.home, processes):
        yield f"{orphan}; 'xgoals down' and 'xgoals up' end it"


def _of_feeds() -> Iterator[str]:
    """Feeds of other packages that cannot be used."""
    yield from map(str, registered().problems)
    yield from (str(trouble) for known in FEEDS.values() if not known.is_ours and (trouble := known.trouble))


def _stuck(api: AirflowApi, health: Mapping[str, Health]) -> list[str]:
    if health[API_SERVER] != "healthy":
        return []
    try:
        return [str(run) for run in stuck_runs(api, datetime.now(UTC))]
    except ServiceError as error:
        return [f"Airflow cannot be asked for its runs: {error}"]
