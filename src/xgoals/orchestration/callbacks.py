"""What Airflow calls when a task or a run has ended or is late: it is noted, and mails tell the people concerned.

Both happen in the process of the task that ended, not in the DAG processor: there the error of a failed task is
known, and what was done stands in that task's own log. Airflow calls these functions when the state of the task is
already settled, so that trouble with a mail never changes how a run ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xgoals.domain.errors import StoreError, XgoalsError
from xgoals.orchestration.tasks import run_of, sentence
from xgoals.settings import Database, load_settings

if TYPE_CHECKING:
    from xgoals.domain.trouble import Trouble
    from xgoals.mail.content.failure import TaskFailure
    from xgoals.steps.run_context import RunContext

log = logging.getLogger(__name__)

PART_OF_RUN = "ingest"
"""The task whose failure does not end the run: a broken match is one of many, and the others go on."""


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
    run, failure = run_of(context), _failure(context)
    try:
        _enqueue_failure(run, failure)
    except StoreError as problem:  # people are told all the more
        log.warning("The end of the run could not be written down: %s", problem)
        _deliver_unqueued(run, failure, context["dag_run"].start_date)
    else:
        _deliver(run)
    finally:
        log.error("%s failed: %s", failure.task, failure.error)  # again: it is the last line of the log


async def on_run_late(context: Mapping[str, Any], **_: object) -> None:
    """Warn that a run has not ended in time; for the callback of a ``DeadlineAlert``, run by the triggerer.

    Parameters
    ----------
    context
        What Airflow knows of a deadline: ``dag_run`` as its API describes it, and ``deadline``.
    """
    await asyncio.to_thread(_warn_of_late_run, context)


def warn(run: RunContext, *troubles: Trouble) -> None:
    """Queue and deliver warnings while a run goes on; trouble with the mails stays in the log."""
    from xgoals.mail.enqueue import enqueue_warnings

    try:
        enqueue_warnings(run, *troubles)
    except StoreError as problem:
        log.warning("A warning could not be written down: %s", problem)
    else:
        _deliver(run)


def _warn_of_late_run(context: Mapping[str, Any]) -> None:
    from xgoals.mail.compose import mail_language
    from xgoals.mail.content.troubles import late_trouble

    run = _run_of_deadline(context["dag_run"])
    due = context["deadline"]["deadline_time"]
    deadline = datetime.fromisoformat(due) if isinstance(due, str) else due
    warn(run, late_trouble(deadline, mail_language(run.settings)))


def _enqueue_failure(run: RunContext, failure: TaskFailure) -> None:
    from xgoals.mail.enqueue import end_failed_run, enqueue_failure_of_part

    if failure.task == PART_OF_RUN:
        enqueue_failure_of_part(run, failure)
    else:
        end_failed_run(run, failure)


def _deliver(run: RunContext) -> None:
    from xgoals.mail.delivery.deliver import deliver_waiting
    from xgoals.orchestration.mail_server import configured_server

    try:
        deliver_waiting(run.settings, run.database, configured_server(run.settings))
    except Exception:  # whatever it is, the run has ended as it has
        log.exception("Mails could not be sent; the next task's end tries again")


def _deliver_unqueued(run: RunContext, failure: TaskFailure, started_at: datetime | None) -> None:
    from xgoals.mail.delivery.deliver import deliver_unqueued
    from xgoals.mail.enqueue import mails_without_database
    from xgoals.orchestration.mail_server import configured_server

    mails = mails_without_database(run, failure, started_at)
    deliver_unqueued(mails, run.settings, configured_server(run.settings))


def _failure(context: Mapping[str, Any]) -> TaskFailure:
    from xgoals.mail.content.failure import TaskFailure

    ti, error = context["ti"], context.get("exception")
    # What people can act on was raised as such and made into Airflow's own error on the way.
    known = error if isinstance(error, XgoalsError) else getattr(error, "__context__", None)
    if not isinstance(known, XgoalsError):
        known = XgoalsError(sentence(error))
    map_index = getattr(ti, "map_index", None)
    return TaskFailure(
        task=ti.task_id,
        error=known,
        map_index=-1 if map_index is None else map_index,
        label=str(getattr(ti, "rendered_map_index", None) or ""),
        try_number=ti.try_number,
    )


def _run_of_deadline(dag_run: Mapping[str, Any]) -> RunContext:
    from xgoals.steps.run_context import FeedSource, RunContext

    settings, conf = load_settings(), dag_run.get("conf") or {}
    feed, source = conf.get("feed") or "statsbomb", conf.get("source")
    database: Database = conf.get("database") or "main"
    return RunContext(
        settings=settings,
        database=database,
        run_id=dag_run.get("run_id") or dag_run["dag_run_id"],
        sources=(FeedSource(feed, Path(source) if source else settings.inbox(feed, database)),),
    )
