"""``xgoals up``: embedded Postgres and Airflow's four components as local processes.

The API server starts first, because the others talk to it; then scheduler, DAG processor and triggerer.
``up`` returns when Airflow's health page calls all of them healthy and Airflow has read the DAG. From then on a small
process watches them (`xgoals.services.watch`).
"""

import os
import sys
import time
from collections.abc import Callable, Sequence

from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.feeds import FEEDS
from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.airflow.components import (
    API_SERVER,
    COMPONENTS,
    are_up,
    client,
    component_log,
    local_url,
    services_lock,
    ui_port,
    watcher,
)
from xgoals.services.airflow.environment import LOCAL_EXECUTOR, config_for_children, executor
from xgoals.services.airflow.files import log_folder, processes_path, ui_port_path, watch_path
from xgoals.services.airflow.launching import launch_component
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.airflow.monitoring import require_monitoring
from xgoals.services.orphans import end_orphans, orphans
from xgoals.services.ports import is_free, who_listens
from xgoals.services.postgres.databases import bring_all_up_to_date, start_databases
from xgoals.services.processes import RememberedProcess, end, launch, remember, remembered, tail
from xgoals.services.run_lock import run_lock
from xgoals.services.status import ServicesStatus, status
from xgoals.settings import Settings, overlooked_config
from xgoals.whole_files import write_whole

_START_TIMEOUT_S = 180.0
_N_PORTS_TO_TRY = 50

Say = Callable[[str], None]


def up(settings: Settings, say: Say, *, watched: bool = True) -> ServicesStatus:
    """Start what does not run yet and wait until all of it is healthy.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``.
    say
        Takes one line at a time for the person who waits.
    watched
        Whether a process in the background is to watch them; else the caller does.

    Raises
    ------
    ServiceError
        If a port is taken, or a component ends or does not become healthy; the message names its log.
    SettingsError
        If a package is missing for what ``[metrics]`` switches on, or tasks are to be worked on by another executor
        than the local one: nothing here starts its workers.
    """
    if executor() != LOCAL_EXECUTOR:
        raise SettingsError(
            f"{executor()} needs workers, and 'xgoals up' starts none: it runs everything on this machine",
            where="AIRFLOW__CORE__EXECUTOR",
            advice="Unset the variable; or see docs/several-workers.md for workers on this machine or others",
        )
    require_monitoring(settings)
    if (overlooked := overlooked_config(settings)) is not None:
        say(f"Not read: {overlooked}. Start in that folder, or set XGOALS_CONFIG to it")
    with services_lock(settings):
        if are_up(settings):
            start_databases(settings)  # a server that was killed meanwhile
            bring_all_up_to_date(settings)
            # Whoever has started them may have been killed before they were ready.
            with client(settings) as api:
                _wait_until_healthy(settings, api, remembered(processes_path(settings)))
        else:
            # The scheduler would take a run that goes on in another process for its own.
            with run_lock(
                settings.home,
                "xgoals up",
                lambda who: say(f"Waiting for {who}"),
                patience=settings.limits.wait,
            ):
                _start(settings, say)
        if watched and watcher(settings) is None:
            _start_watch(settings)
    return status(settings)


def _start(settings: Settings, say: Say) -> None:
    end(remembered(processes_path(settings)))
    for orphan in end_orphans(orphans(settings.home)):
        say(f"Ended: {orphan}")
    port = _choose_port(settings, say)
    for feed in FEEDS:
        settings.inbox(feed, "main").mkdir(parents=True, exist_ok=True)
    prepare_metadata(settings)
    start_databases(settings)
    bring_all_up_to_date(settings)
    write_whole(ui_port_path(settings), f"{port}\n")
    _start_components(settings, say)


def _start_components(settings: Settings, say: Say) -> None:
    """Start the components, the API server first; if one fails, none is left behind."""
    started: list[RememberedProcess] = []
    try:
        with client(settings) as api:
            for name in COMPONENTS:
                started.append(launch_component(settings, name))
                remember(processes_path(settings), started)
                if name == API_SERVER:
                    say(f"Starting Airflow on {local_url(settings)}")
                    _wait_for(settings, started, lambda: bool(api.health()), "the API server to answer")
                    api.fail_abandoned_runs()
            say("Waiting for scheduler, DAG processor and triggerer")
            _wait_until_healthy(settings, api, started)
            for problem in api.import_errors():
                say(f"Airflow cannot read a DAG file:\n{problem}")
    except BaseException:  # an interrupt too: half a system would only confuse
        end(started)
        end_orphans(orphans(settings.home))
        processes_path(settings).unlink(missing_ok=True)
        raise


def _wait_until_healthy(settings: Settings, api: AirflowApi, started: Sequence[RememberedProcess]) -> None:
    _wait_for(settings, started, lambda: _all_healthy(api), "all components to be healthy")
    _wait_for(settings, started, lambda: api.dag() is not None, "Airflow to read the DAG")


def _start_watch(settings: Settings) -> None:
    """Start the process that watches over the components; it writes down itself that it does."""
    environment = {
        **os.environ,
        "XGOALS_HOME": str(settings.home),
        "XGOALS_CONFIG": config_for_children(),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "xgoals.services.watch"]
    remember(
        watch_path(settings),
        [launch("watch", command, environment=environment, log=component_log(settings, "watch"))],
    )


def _all_healthy(api: AirflowApi) -> bool:
    health = api.health()
    return bool(health) and all(state == "healthy" for state in health.values())


def _wait_for(
    settings: Settings, started: Sequence[RememberedProcess], condition: Callable[[], bool], what: str
) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not condition():
        for process in started:
            if process.find() is None:
                log = component_log(settings, process.name)
                raise ServiceError(f"Airflow's {process.name} ended. It said:\n{tail(log)}", where=str(log))
        if time.monotonic() > deadline:
            raise ServiceError(
                f"waited {_START_TIMEOUT_S:.0f} s in vain for {what}", where=str(log_folder(settings))
            )
        time.sleep(0.3)


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
