"""What Airflow calls when a task or a run has ended: it is noted, and mails tell the people concerned.

What a task can tell itself it tells in its own process: there its error is known, and what was done stands in its own
log. A task that was killed tells nothing: then the run's end tells it, in the DAG processor. Airflow calls all of these
functions when the state is already settled, so that trouble with a mail never changes how a run ended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xgoals.domain.errors import StoreError, XgoalsError
from xgoals.domain.pipeline import DAG_ID
from xgoals.orchestration.failures import failure_of
from xgoals.orchestration.portions import INGEST, PortionUnreadError
from xgoals.orchestration.settings import airflow_settings, task_settings
from xgoals.orchestration.tasks import run_of
from xgoals.settings import Database, Settings

if TYPE_CHECKING:
    from xgoals.domain.trouble import Trouble
    from xgoals.mail.content.failure import TaskFailure
    from xgoals.steps.run_context import RunContext

log = logging.getLogger(__name__)


def on_run_success(context: Mapping[str, Any]) -> None:
    """Deliver the mails about a run that has reached its end; for the last task's ``on_success_callback``."""
    from xgoals.mail.enqueue import end_run

    run = run_of(context)
    end_run(run)  # the task has done so itself; that its process may have been killed before, this mends
    _deliver(run)


def on_task_success(context: Mapping[str, Any]) -> None:
    """Deliver what earlier tasks or runs could not; for every other task's ``on_success_callback``."""
    _deliver(run_of(context))


def on_task_failure(context: Mapping[str, Any]) -> None:
    """Note that a run failed, queue and deliver the mails about it; for every task's ``on_failure_callback``."""
    from xgoals.store.outages import outages_told

    run, failure = run_of(context, _settings_for_failure()), failure_of(context)
    try:
        with outages_told():
            _enqueue_failure(run, failure)
    except StoreError as problem:  # people are told all the more
        log.warning("The end of the run could not be written down: %s", problem)
        _deliver_unqueued(run, failure, context["dag_run"].start_date)
    else:
        _deliver(run)
    finally:
        log.error("%s failed: %s", failure.task, failure.error)  # again: it is the last line of the log


def _settings_for_failure() -> Settings:
    """The settings; without the results' address where Airflow's connection to them is what failed."""
    try:
        return task_settings()
    except XgoalsError as problem:
        log.warning("%s", problem)
        return airflow_settings()


def on_run_failure(context: Mapping[str, Any]) -> None:
    """See to it that a failed run is closed and told, once; for the DAG's ``on_failure_callback``.

    Mostly the task that failed has done so. One that was killed has not.
    """
    from xgoals.mail.enqueue import end_failed_run_unless_told
    from xgoals.store.outages import outages_told

    if "ti" not in context:  # no task has failed: Airflow found none that could go on
        log.error("A run ended without a failed task: %s", context.get("reason"))
        return
    run = run_of(context, _settings_for_failure())
    try:
        for failure, told_as in _failures_of_run(context, run):
            with outages_told():
                told = end_failed_run_unless_told(run, failure, told_as=told_as)
            if told:
                log.error("%s failed, and could not tell it: %s", failure.task, failure.error)
    except (
        StoreError
    ) as problem:  # then the task's own end has told it: it was not killed, but lacked the database
        log.warning("The end of the run could not be written down: %s", problem)
    else:
        _deliver(run)


def _failures_of_run(context: Mapping[str, Any], run: RunContext) -> Iterator[tuple[TaskFailure, str | None]]:
    """The task that failed last, and what the matter of a mail about it begins with, if that is not known in full.

    In a DAG whose tasks do not wait for each other others may have failed before it, and been killed.
    """
    from xgoals.mail.content.failure import KILLED

    ti, failure = context["ti"], failure_of(context)
    yield failure, None
    if run.is_pipeline:
        return
    states = ti.get_task_states(dag_id=run.dag_id, run_ids=[run.run_id]).get(run.run_id, {})
    for task_id, state in states.items():
        if state == "failed" and task_id != failure.task:
            yield replace(failure, task=task_id, error=KILLED), f"{task_id} try "


def on_run_end(context: Mapping[str, Any]) -> None:
    """Close a run whose last task did not run again, as one task alone was cleared; for ``on_success_callback``."""
    from xgoals.steps.run_context import close_if_open

    if "ti" in context:
        close_if_open(run_of(context))


def warn(run: RunContext, *troubles: Trouble) -> None:
    """Queue and deliver warnings while a run goes on; trouble with the mails stays in the log."""
    from xgoals.mail.enqueue import enqueue_warnings

    try:
        enqueue_warnings(run, *troubles)
    except StoreError as problem:
        log.warning("A warning could not be written down: %s", problem)
    else:
        _deliver(run)


def _enqueue_failure(run: RunContext, failure: TaskFailure) -> None:
    from xgoals.mail.enqueue import end_failed_run, end_failed_run_unless_told, enqueue_failure_of_part

    if isinstance(
        failure.error, PortionUnreadError
    ):  # of which the portion's own process has told, if it could
        unread = replace(failure, task=INGEST, map_index=failure.error.map_index, try_number=1)
        end_failed_run_unless_told(run, unread, told_as=f"{unread.place} try ")
    elif failure.task == INGEST and run.dag_id == DAG_ID and not isinstance(failure.error, StoreError):
        enqueue_failure_of_part(run, failure)  # a broken match is one of many, and the others go on
    else:
        end_failed_run(run, failure)


def deliver(settings: Settings, database: Database) -> None:
    """Send the mails that wait in a database, as far as the mail server takes them."""
    from xgoals.mail.delivery.deliver import deliver_waiting
    from xgoals.orchestration.mail_server import configured_server

    try:
        deliver_waiting(settings, database, configured_server(settings))
    except Exception:  # whatever it is, the run has ended as it has
        log.exception("Mails could not be sent; the next task's end tries again")


def _deliver(run: RunContext) -> None:
    deliver(run.settings, run.database)


def _deliver_unqueued(run: RunContext, failure: TaskFailure, started_at: datetime | None) -> None:
    from xgoals.mail.delivery.deliver import deliver_unqueued
    from xgoals.mail.enqueue import mails_without_database
    from xgoals.orchestration.mail_server import configured_server

    mails = mails_without_database(run, failure, started_at)
    deliver_unqueued(mails, run.settings, configured_server(run.settings))
