"""Runs of before whose process died before it could say how they ended: the next run closes and tells them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

from xgoals.domain.errors import StoreError, XgoalsError
from xgoals.domain.pipeline import DAG_ID, TASK_IDS

if TYPE_CHECKING:
    from xgoals.mail.content.failure import TaskFailure
    from xgoals.steps.run_context import RunContext
    from xgoals.store.runs import OpenRun

log = logging.getLogger(__name__)


def close_dead_runs(run: RunContext) -> None:
    """Close every run that is open although neither Airflow nor a session of the database works on it; mails tell it.

    What it had published counts as published by the present run, which tells that, too. Nothing that is stored of
    runs of before keeps the present one from its work.

    Raises
    ------
    StoreError
        If the database does not answer.
    """
    from xgoals.store.outages import outages_told

    try:
        with outages_told():
            _close(run)
    except StoreError:
        raise
    except Exception:
        log.exception("Runs of before could not be closed; a bug of ours, please report it")


def _close(run: RunContext) -> None:
    from xgoals.mail.enqueue import end_failed_run_unless_told
    from xgoals.steps.run_context import close_run, run_of_row
    from xgoals.store.database import connect
    from xgoals.store.runs import runs_that_seem_dead

    engine = connect(run.settings, run.database)
    with engine.connect() as connection:
        seem_dead = runs_that_seem_dead(connection, besides=run.run_id)
    engine.dispose()
    for other in seem_dead:
        if not other.is_from_terminal and _is_alive(other.run_id):
            continue
        failure, context = _failure(other), run_of_row(run.settings, run.database, other)
        log.warning("Run %s was open and nobody works on it: closed as failed", other.run_id)
        if other.is_from_terminal:  # somebody sat before it, and knows
            close_run(context, "failed", failure.task, str(failure.error), unless_ended=True)
        else:
            end_failed_run_unless_told(context, failure, told_as=f"{failure.task} try ")


def _is_alive(run_id: str) -> bool:
    """Whether Airflow has it as a run that waits or works."""
    ti = get_current_context()["ti"]
    return bool(ti.get_dr_count(dag_id=DAG_ID, run_ids=[run_id], states=["queued", "running"]))


def _failure(run: OpenRun) -> TaskFailure:
    """At which task it ended, as far as its own notes say: the first that has not done its work."""
    from xgoals.mail.content.failure import TaskFailure

    task = next((task for task in TASK_IDS if task not in run.seconds_by_task), TASK_IDS[-1])
    error = XgoalsError(
        "the run's processes ended without a word: killed, or the machine went down",
        advice="Nothing is lost: what it had stored stays, and the present run goes on from there",
    )
    return TaskFailure(task, error)
