"""Runs that wait although nothing keeps them from going on: of which Airflow itself says that all is well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xgoals.services.airflow.api_client import AirflowApi

PATIENCE = timedelta(minutes=10)
"""So long nothing of a run may be at work before it counts as stuck."""

_AT_WORK = {"running", "deferred", "restarting", "up_for_retry", "up_for_reschedule", "awaiting_input"}
_OVER = {"success", "failed", "skipped", "upstream_failed", "removed"}


@dataclass(frozen=True, slots=True)
class StuckRun:
    """A run that waits; ``since`` when, and which of its tasks for what."""

    run_id: str
    since: datetime
    waiting: str
    conf: Mapping[str, Any]

    def __str__(self) -> str:
        since = f"{self.since.astimezone():%d %B %H:%M}"
        return f"run {self.run_id}: nothing of it has been at work since {since}; {self.waiting}"


def stuck_runs(client: AirflowApi, now: datetime, patience: timedelta = PATIENCE) -> list[StuckRun]:
    """The runs of the pipeline that are stuck; nothing is stuck while the DAG is paused.

    Raises
    ------
    ServiceError
        If Airflow does not answer.
    """
    dag = client.dag()
    if dag is None or dag["is_paused"]:
        return []
    running = client.runs("running")
    found = [_judge_running(run, client.tasks(run["dag_run_id"]), now - patience) for run in running]
    if not running:
        found += [_judge_queued(run, now - patience) for run in client.runs("queued")]
    return [stuck for stuck in found if stuck]


def _judge_running(
    run: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]], before: datetime
) -> StuckRun | None:
    """Stuck is a run of which no task works, and the last one has ended some time ago."""
    if any(task["state"] in _AT_WORK for task in tasks):
        return None
    moments = [run["start_date"], run["queued_at"], *(task["end_date"] for task in tasks)]
    since = max(datetime.fromisoformat(moment) for moment in moments if moment)
    waiting = [
        f"{task['task_id']} {task['state'] or 'not scheduled'}"
        for task in tasks
        if task["state"] not in _OVER
    ]
    said = ", ".join(dict.fromkeys(waiting)) or "all tasks are over"
    return StuckRun(run["dag_run_id"], since, said, run["conf"] or {}) if since < before else None


def _judge_queued(run: Mapping[str, Any], before: datetime) -> StuckRun | None:
    """Stuck is a run that waits although no other one is running."""
    since = datetime.fromisoformat(run["queued_at"] or run["run_after"])
    return StuckRun(run["dag_run_id"], since, "it is queued", run["conf"] or {}) if since < before else None
