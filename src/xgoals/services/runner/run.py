"""One pipeline run to its end: by the services if they are up, else by a process of its own.

Both work through the same DAG on the same metadata database, and the Airflow UI shows both.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from rich.console import Console

from xgoals.domain.errors import ServiceError
from xgoals.domain.pipeline import DAG_ID, TASK_IDS
from xgoals.services import up as services
from xgoals.services.airflow.environment import airflow_environment, log_folder
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.airflow.rest import AirflowApi
from xgoals.services.runner.display import RunDisplay
from xgoals.services.runner.following import Follower, RunOutcome, Shares
from xgoals.settings import Database, Settings

_POLL_S = 0.5


def run_pipeline(
    settings: Settings,
    *,
    database: Database,
    feed: str,
    source: Path | None = None,
    conf: Mapping[str, Any] | None = None,
    shares: Shares | None = None,
    console: Console | None = None,
) -> RunOutcome:
    """Run the DAG once, show how it goes, and return how it ended.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``.
    database
        ``main`` or ``demo``.
    feed
        Kind of the feed's files.
    source
        Folder (or file) to read; None means the feed's inbox.
    conf
        Further parameters of the DAG.
    shares
        Tells how far tasks are that count their work; asked twice a second.
    console
        Where to show the progress; the terminal's error stream by default.

    Raises
    ------
    ServiceError
        If Airflow cannot be started or asked, or the DAG file cannot be read.
    """
    parameters = {
        **(conf or {}),
        "database": database,
        "feed": feed,
        "source": str(source.resolve()) if source else None,
    }
    with RunDisplay(TASK_IDS, console) as display:
        follower = Follower(display, shares)
        outcome = None
        while outcome is None:
            if client := services.api(settings):
                with client:
                    outcome = _run_by_services(client, parameters, follower)
            else:
                outcome = _run_in_process(settings, parameters, follower)
    _say_how_it_ended(outcome, display, settings)
    return outcome


def _run_by_services(client: AirflowApi, parameters: dict[str, Any], follower: Follower) -> RunOutcome:
    dag = client.dag()
    if dag is None:
        problems = "\n".join(client.import_errors()) or "it has not read the file yet"
        raise ServiceError(f"Airflow does not know the DAG: {problems}")
    if dag["is_paused"]:
        raise ServiceError(
            "the DAG is paused, a run would wait for ever", advice="Unpause it in the Airflow UI"
        )
    before = client.runs("running") + client.runs("queued")
    run_id = follower.run_id = client.trigger(parameters)
    follower.display.say(f"Run {run_id}, by the services on {client.base_url}")
    if before:
        follower.display.say(f"Waiting for {', '.join(run['dag_run_id'] for run in before)}")
    while True:
        state = str(client.run(run_id)["state"])  # asked before the tasks: they cannot be behind it then
        for task in client.tasks(run_id):
            follower.note(
                task["task_id"],
                task["state"] or "scheduled",
                map_index=task["map_index"],
                seconds=task["duration"] or 0.0,
                try_number=task["try_number"],
            )
        follower.tick()
        if state in ("success", "failed"):
            outcome = follower.outcome()
            if failed := outcome.failed_task:
                error = client.last_error(run_id, failed.task_id, failed.try_number, failed.map_index)
                follower.note(failed.task_id, "failed", map_index=failed.map_index, error=error)
            return follower.outcome()
        time.sleep(_POLL_S)


def _run_in_process(settings: Settings, parameters: dict[str, Any], follower: Follower) -> RunOutcome | None:
    """Run the DAG in a process of its own; None if the services came up while it waited for its turn."""
    follower.display.say("Starting Airflow for one run ('xgoals up' keeps it running, with its UI)")
    prepare_metadata(settings)
    log = log_folder(settings) / f"run-{datetime.now():%Y%m%dT%H%M%S.%f}.log"
    doing = f"a run of feed {parameters['feed']} into {parameters['database']}"
    environment = airflow_environment(settings, ui_port=services.ui_port(settings))
    child = subprocess.Popen(
        [sys.executable, "-m", "xgoals.services.runner.in_process"],
        env=environment | {"AIRFLOW__LOGGING__JSON_LOGS": "True"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # an interrupt from the keyboard reaches us alone, see below
    )
    stdin, stdout = cast("IO[str]", child.stdin), cast("IO[str]", child.stdout)
    with child:
        try:
            stdin.write(json.dumps({"conf": parameters, "log": str(log), "doing": doing}) + "\n")
            stdin.flush()
            ended = _follow_child(stdout, follower)
        finally:
            stdin.close()  # the child ends then, whatever it is doing
            if follower.run_id and not follower.has_ended:
                _note_abrupt_end(settings, parameters, follower)
    if ended == "services":
        return None
    if ended != "ended":
        raise ServiceError(f"the run's process ended early, exit code {child.returncode}", where=str(log))
    return follower.outcome()


def _follow_child(stdout: IO[str], follower: Follower) -> str:
    """Show what the child reports until it ends; return its last word."""
    last = ""
    for line in _lines(stdout, follower.tick):
        if not line.startswith('{"event"'):  # Python itself could not start, say
            follower.display.say(line.rstrip())
            continue
        event = json.loads(line)
        last = event["event"]
        if last == "waiting":
            follower.display.say(f"Waiting for {event['for_whom']}")
        elif last == "broken":
            raise ServiceError(f"Airflow cannot read the DAG:\n{event['problem']}", where=event["file"])
        elif last == "task":
            follower.note_event(event)
        elif last == "ended":
            follower.has_ended = True
            for task_id, map_index, state in event["tasks"]:
                follower.note(task_id, state, map_index=map_index)
    return last


def _lines(stream: IO[str], on_idle: Callable[[], None]) -> Iterator[str]:
    """The lines of a pipe as they come; while none comes, ``on_idle`` is called now and then."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        while True:
            try:
                line = lines.get(timeout=_POLL_S)
            except queue.Empty:
                on_idle()
                continue
            if line is None:
                return
            yield line
    finally:
        reader.join(timeout=_POLL_S)


def _say_how_it_ended(outcome: RunOutcome, display: RunDisplay, settings: Settings) -> None:
    if outcome.state == "success":
        display.say(f"Run {outcome.run_id}: done in {outcome.seconds:.0f} s")
        return
    if outcome.reached_its_end:
        display.say(
            f"Run {outcome.run_id}: came to its end in {outcome.seconds:.0f} s, without the matches that are broken"
        )
    else:
        display.say(f"Run {outcome.run_id}: failed after {outcome.seconds:.0f} s")
    if failed := outcome.failed_task:
        tasks = log_folder(settings) / "tasks" / f"dag_id={DAG_ID}" / f"run_id={outcome.run_id}"
        mapped = [f"map_index={failed.map_index}"] if failed.map_index >= 0 else []
        log = tasks.joinpath(f"task_id={failed.task_id}", *mapped, f"attempt={failed.try_number}.log")
        display.say(failed.error or f"{failed.task_id}: its process ended without a word")
        display.say(f"log: {log}")


def _note_abrupt_end(settings: Settings, parameters: dict[str, Any], follower: Follower) -> None:
    """Close the run of a child that was killed; Airflow's own entry is closed before the next run."""
    from xgoals.steps.run_context import FeedSource, RunContext, close_run

    feed, source = parameters["feed"], parameters["source"]
    run = RunContext(
        settings=settings,
        database=parameters["database"],
        run_id=follower.run_id,
        sources=(FeedSource(feed, Path(source) if source else settings.inbox(feed)),),
    )
    task = next((task_id for task_id in TASK_IDS if follower.task(task_id).state == "running"), None)
    close_run(run, "failed", task, "the run was ended from outside")
