"""One run of the DAG in a process of its own, for machines on which the services are not up.

The program ``python -m xgoals.services.runner.in_process`` reads a request (one JSON line) from standard input,
works through the DAG with Airflow's own ``dag.test()`` on the same metadata database that the services use, and
reports on standard output, one JSON line an event. What a task logs goes where the services would put it, so
that the UI shows such a run, its graph and its logs like any other.

When the other end of standard input closes, the one who asked is gone, and the run ends too.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from airflow.dag_processing.dagbag import DagBag
from airflow.listeners import hookimpl
from airflow.models.dagrun import DagRun
from airflow.sdk.listener import get_listener_manager
from airflow.sdk.log import init_log_file
from airflow.utils.helpers import log_filename_template_renderer
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState, TaskInstanceState
from airflow.utils.types import DagRunTriggeredByType

from xgoals.domain.errors import ServiceError
from xgoals.domain.pipeline import DAG_ID
from xgoals.orchestration.tasks import sentence
from xgoals.services.airflow.components import api
from xgoals.services.run_lock import run_lock
from xgoals.settings import Settings, asset_folder, load_settings


class Events:
    """The way to the process that asked for the run."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def tell(self, event: str, **details: Any) -> None:
        """Send one event."""
        self._stream.write(json.dumps({"event": event, "at_s": time.time(), **details}) + "\n")
        self._stream.flush()


class Reporter:
    """Airflow tells it when a task starts and ends; it passes that on and switches the log."""

    def __init__(self, events: Events, run_log: Path) -> None:
        self._events = events
        self._run_log = run_log
        self._render = log_filename_template_renderer()

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        """A task begins."""
        _log_to(init_log_file(self._render(ti=task_instance, try_number=task_instance.try_number)))
        self._tell(task_instance, "running", try_number=task_instance.try_number)

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        """A task has ended well."""
        _log_to(self._run_log)
        self._tell(task_instance, "success")

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        """A task has failed, for now or for good."""
        _log_to(self._run_log)
        state = str(getattr(task_instance.state, "value", task_instance.state))
        self._tell(task_instance, state, error=sentence(error))

    def _tell(self, task_instance: Any, state: str, **details: Any) -> None:
        self._events.tell(
            "task",
            run_id=task_instance.run_id,
            task_id=task_instance.task_id,
            map_index=task_instance.map_index,
            state=state,
            **details,
        )


def main() -> None:
    """Do what the request on standard input says, to its end."""
    request = json.loads(sys.stdin.readline())
    settings = load_settings()
    events = Events(os.fdopen(os.dup(1), "w"))
    run_log = Path(request["log"])
    _log_to(run_log)
    threading.Thread(target=_end_when_alone, daemon=True).start()
    try:
        _work(settings, request, events, run_log)
    except ServiceError as error:
        events.tell("gave_up", what=error.what, where=error.where, advice=error.advice)


def _work(settings: Settings, request: Mapping[str, Any], events: Events, run_log: Path) -> None:
    alone = run_lock(
        settings.home,
        request["doing"],
        lambda who: events.tell("waiting", for_whom=who),
        patience=settings.limits.wait,
    )
    with alone:
        if api(settings):  # they came up in the meantime: the scheduler shall have the run
            events.tell("services")
            return
        fail_abandoned_runs()
        get_listener_manager().add_listener(Reporter(events, run_log))
        bag = DagBag(asset_folder("dags") / "xgoals_pipeline.py")
        for file, problem in bag.import_errors.items():
            events.tell("broken", file=file, problem=problem)
            return
        events.tell("started")
        dag = bag.dags[DAG_ID]
        run = dag.test(run_conf=request["conf"])
        events.tell("ended", run_id=run.run_id, state=run.state, tasks=_task_states(run))


def fail_abandoned_runs() -> None:
    """Mark in-process runs failed whose process was killed. The caller holds the lock: none of them lives."""
    with create_session() as session:
        for run in DagRun.find(dag_id=DAG_ID, state=DagRunState.RUNNING, session=session):
            if run.triggered_by != DagRunTriggeredByType.TEST:
                continue
            for task in run.get_task_instances(session=session):
                if task.state != TaskInstanceState.SUCCESS:
                    began = task.start_date is not None
                    state = TaskInstanceState.FAILED if began else TaskInstanceState.UPSTREAM_FAILED
                    task.set_state(state, session=session)
            run.set_state(DagRunState.FAILED)


def _task_states(run: DagRun) -> list[tuple[str, int, str]]:
    return [(task.task_id, task.map_index, str(task.state)) for task in run.get_task_instances()]


def _log_to(path: Path) -> None:
    """Let everything that this process prints or logs from now on go to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def _end_when_alone() -> None:
    """Block until the other end of standard input closes; it never sends more than the request."""
    sys.stdin.read()
    # Airflow catches gentler signals and would try the task again; worker processes of a task go too.
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
