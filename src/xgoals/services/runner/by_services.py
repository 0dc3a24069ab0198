"""A run by the services that are up: asked for over Airflow's API, and followed there to its end."""

import time
from collections.abc import Mapping
from typing import Any

from xgoals.domain.errors import ServiceError, StoreError
from xgoals.services.airflow.api_client import AirflowApi, AwayError
from xgoals.services.runner.following import Follower, RunOutcome

_POLL_S = 0.5
PATIENCE_S = 600.0
"""So long Airflow may be away: what has died is started again by the watch, and goes on with the run."""


def run_by_services(client: AirflowApi, parameters: Mapping[str, Any], follower: Follower) -> RunOutcome:
    """Trigger a run of the DAG and follow it; runs before it come first.

    Raises
    ------
    ServiceError
        If Airflow does not know the DAG, the DAG is paused, or Airflow answers no more for `PATIENCE_S`.
    """
    _check_that_runs_start(client)
    before = client.runs("running") + client.runs("queued")
    run_id = follower.run_id = client.trigger(dict(parameters))
    follower.display.say(f"Run {run_id}, by the services on {client.base_url}")
    if before:
        follower.display.say(f"Waiting for {', '.join(run['dag_run_id'] for run in before)}")
    away_since_s: float | None = None
    while True:
        try:
            state = str(client.run(run_id)["state"])  # asked before the tasks: they cannot be behind it then
            _note_tasks(client, run_id, follower)
            follower.tick()
            if state in ("success", "failed"):
                _note_errors(client, run_id, follower)
                return follower.outcome()
            away_since_s = None
        except (AwayError, StoreError) as away:  # the run goes on, or waits as we do
            if away_since_s is None:
                away_since_s = time.monotonic()
                follower.display.say(f"Waiting until Airflow and the database answer again ({away.what})")
            if time.monotonic() - away_since_s > PATIENCE_S:
                raise
        time.sleep(_POLL_S)


def _check_that_runs_start(client: AirflowApi) -> None:
    dag = client.dag()
    if dag is None:
        problems = "\n".join(client.import_errors()) or "it has not read the file yet"
        raise ServiceError(f"Airflow does not know the DAG: {problems}")
    if dag["is_paused"]:
        raise ServiceError(
            "the DAG is paused, a run would wait for ever", advice="Unpause it in the Airflow UI"
        )


def _note_tasks(client: AirflowApi, run_id: str, follower: Follower) -> None:
    for task in client.tasks(run_id):
        follower.note(
            task["task_id"],
            task["state"] or "scheduled",
            map_index=task["map_index"],
            seconds=task["duration"] or 0.0,
            try_number=task["try_number"],
        )


def _note_errors(client: AirflowApi, run_id: str, follower: Follower) -> None:
    for failed in follower.outcome().failed_tasks:
        error = client.last_error(run_id, failed.task_id, failed.try_number, failed.map_index)
        follower.note(failed.task_id, "failed", map_index=failed.map_index, error=error)
