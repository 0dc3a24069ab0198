"""A run in a process of its own: started, followed by what it reports, and ended when we are.

The program of that process is `in_process`.
"""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from xgoals.domain.errors import ServiceError
from xgoals.domain.pipeline import TASK_IDS
from xgoals.services.airflow.components import ui_port
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.files import log_folder
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.resend import resend
from xgoals.services.runner.following import Follower, RunOutcome
from xgoals.settings import Settings

_POLL_S = 0.5


def run_in_child(settings: Settings, parameters: Mapping[str, Any], follower: Follower) -> RunOutcome | None:
    """Run the DAG in a process of its own; None if the services came up while it waited for its turn."""
    follower.display.say("Starting Airflow for one run ('xgoals up' keeps it running, with its UI)")
    prepare_metadata(settings)
    log = log_folder(settings) / f"run-{datetime.now():%Y%m%dT%H%M%S.%f}.log"
    doing = f"a run of feed {parameters['feed']} into {parameters['database']}"
    environment = airflow_environment(settings, ui_port=ui_port(settings))
    child = subprocess.Popen(
        [sys.executable, "-m", "xgoals.services.runner.in_process"],
        env=environment | {"AIRFLOW__LOGGING__JSON_LOGS": "True", "XGOALS_DATABASE_ROLE": "writer"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # an interrupt from the keyboard reaches us alone, see below
    )
    stdin, stdout = cast("IO[str]", child.stdin), cast("IO[str]", child.stdout)
    died = False
    with child:
        try:
            stdin.write(json.dumps({"conf": parameters, "log": str(log), "doing": doing}) + "\n")
            stdin.flush()
            ended = _follow_child(stdout, follower)
            died = not follower.has_ended
        finally:
            stdin.close()  # the child ends then, whatever it is doing
            if follower.run_id and not follower.has_ended:
                _note_abrupt_end(settings, parameters, follower, tell=died)
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
        elif last == "gave_up":
            raise ServiceError(event["what"], where=event["where"], advice=event["advice"])
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


def _note_abrupt_end(
    settings: Settings, parameters: Mapping[str, Any], follower: Follower, *, tell: bool
) -> None:
    """Close the run of a child that was killed; Airflow's own entry is closed before the next run.

    ``tell``: by mail; nobody need be told who has interrupted it himself.
    """
    from xgoals.mail.content.failure import KILLED, TaskFailure
    from xgoals.mail.enqueue import end_failed_run_unless_told
    from xgoals.steps.run_context import FeedSource, RunContext, close_run

    feed, source, database = parameters["feed"], parameters["source"], parameters["database"]
    run = RunContext(
        settings=settings,
        database=database,
        run_id=follower.run_id,
        sources=(FeedSource(feed, Path(source) if source else settings.inbox(feed, database)),),
    )
    if not tell:
        close_run(run, "failed", _task_under_way(follower), "the run was ended from outside")
    elif end_failed_run_unless_told(run, TaskFailure(_task_under_way(follower), KILLED)):
        resend(settings, database)


def _task_under_way(follower: Follower) -> str:
    """The one that runs, else the next one."""
    states = {task_id: follower.task(task_id).state for task_id in TASK_IDS}
    running = [task_id for task_id, state in states.items() if state == "running"]
    waiting = [task_id for task_id, state in states.items() if state != "success"]
    return (running or waiting or TASK_IDS[-1:])[0]
