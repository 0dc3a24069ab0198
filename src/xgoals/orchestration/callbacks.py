"""The news of a run: how it ended is written down, and mails tell the people concerned.

Both happen in the process of the task that ended the run, not in the DAG processor: there the error of a
failed task is known, and what was done stands in that task's own log. Airflow calls the ``tell_`` functions
when the state of the task is already settled, so that trouble with a mail never changes how a run ended.
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
from xgoals.settings import load_settings

if TYPE_CHECKING:
    from xgoals.mail.content import Trouble
    from xgoals.mail.run_mails import Failure
    from xgoals.steps.run_context import RunContext

log = logging.getLogger(__name__)

PART_OF_RUN = "ingest"
"""The task whose failure does not end the run: a broken match is one of many, and the others go on."""


def tell_success(context: Mapping[str, Any]) -> None:
    """Send the mails about a run that has reached its end; for the last task's ``on_success_callback``."""
    from xgoals.mail.run_mails import end_run

    run = run_of(context)
    end_run(run)  # the task has done so itself; that its process may have been killed before, this mends
    _send(run)


def tell_failure(context: Mapping[str, Any]) -> None:
    """Write down that a run failed and send the mails about it; for every task's ``on_failure_callback``."""
    from xgoals.mail.run_mails import end_failed_run, mails_without_database, tell_failure_of_part

    run, failure = run_of(context), _failure(context)
    try:
        try:
            if failure.task == PART_OF_RUN:
                tell_failure_of_part(run, failure)
            else:
                end_failed_run(run, failure)
        except StoreError as problem:  # people are told all the more
            from xgoals.mail.delivery.send import send_unwritten
            from xgoals.orchestration.mail_server import configured_server

            log.warning("The end of the run could not be written down: %s", problem)
            mails = mails_without_database(run, failure, context["dag_run"].start_date)
            send_unwritten(mails, run.settings, configured_server(run.settings))
        else:
            _send(run)
    finally:
        log.error("%s failed: %s", failure.task, failure.sentence)  # again: it is the last line of the log


def tell_waiting(context: Mapping[str, Any]) -> None:
    """Send what earlier tasks or runs could not; for every other task's ``on_success_callback``."""
    _send(run_of(context))


async def tell_late(context: Mapping[str, Any], **_: object) -> None:
    """Warn that a run has not ended in time; for the callback of a ``DeadlineAlert``, run by the triggerer.

    Parameters
    ----------
    context
        What Airflow knows of a deadline: ``dag_run`` as its API describes it, and ``deadline``.
    """
    await asyncio.to_thread(_tell_late, context)


def _tell_late(context: Mapping[str, Any]) -> None:
    from xgoals.language import language
    from xgoals.mail.content.trouble_news import late_trouble

    run = _run_of_deadline(context["dag_run"])
    due = context["deadline"]["deadline_time"]
    deadline = datetime.fromisoformat(due) if isinstance(due, str) else due
    tell_warning(run, late_trouble(deadline, language(run.settings.email.language)))


def tell_warning(run: RunContext, *troubles: Trouble) -> None:
    """Write down and send warnings while a run goes on; trouble with the mails stays in the log."""
    from xgoals.mail.run_mails import warn

    try:
        warn(run, *troubles)
    except StoreError as problem:
        log.warning("A warning could not be written down: %s", problem)
    else:
        _send(run)


def _send(run: RunContext) -> None:
    from xgoals.mail.delivery.send import send_waiting_mails
    from xgoals.orchestration.mail_server import configured_server

    try:
        send_waiting_mails(run.settings, run.database, configured_server(run.settings))
    except Exception:  # whatever it is, the run has ended as it has
        log.exception("Mails could not be sent; the next task's end tries again")


def _failure(context: Mapping[str, Any]) -> Failure:
    from xgoals.mail.run_mails import Failure

    ti, error = context["ti"], context.get("exception")
    # What people can act on was raised as such and made into Airflow's own error on the way.
    known = error if isinstance(error, XgoalsError) else getattr(error, "__context__", None)
    if not isinstance(known, XgoalsError):
        known = XgoalsError(sentence(error))
    map_index = getattr(ti, "map_index", None)
    return Failure(
        task=ti.task_id,
        what=known.what,
        where=known.where,
        advice=known.advice,
        map_index=-1 if map_index is None else map_index,
        label=str(getattr(ti, "rendered_map_index", None) or ""),
        try_number=ti.try_number,
    )


def _run_of_deadline(dag_run: Mapping[str, Any]) -> RunContext:
    from xgoals.steps.run_context import FeedSource, RunContext

    settings, conf = load_settings(), dag_run.get("conf") or {}
    feed, source = conf.get("feed") or "statsbomb", conf.get("source")
    return RunContext(
        settings=settings,
        database=conf.get("database") or "main",
        run_id=dag_run.get("run_id") or dag_run["dag_run_id"],
        sources=(FeedSource(feed, Path(source) if source else settings.inbox(feed)),),
    )
