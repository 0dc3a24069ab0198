"""The news of a run: how it ended is written down, and a mail tells the people concerned.

Both happen in the process of the task that ended the run, not in the DAG processor: there the error of a
failed task is known, and what was done stands in that task's own log. Airflow calls the two ``tell_`` functions
when the state of the task is already settled, so that trouble with a mail never changes how a run ended.
"""

import asyncio
import logging
import re
import smtplib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from xgoals.domain.errors import StoreError
from xgoals.orchestration.tasks import run_of, sentence
from xgoals.settings import Settings, load_settings

log = logging.getLogger(__name__)


def tell_success(context: Mapping[str, Any]) -> None:
    """Send the mail about a run that has reached its end; for the last task's ``on_success_callback``."""
    from xgoals import steps

    run = run_of(context)
    _tell(run.settings, steps.close_run(run, "success"))


def tell_failure(context: Mapping[str, Any]) -> None:
    """Write down that a run failed and send the mail about it; for every task's ``on_failure_callback``."""
    from xgoals import steps

    run, task = run_of(context), context["ti"].task_id
    step = "ingest" if task == "find_matches" else task  # the list of matches is a part of ingest to people
    error = sentence(context.get("exception"))
    summary = {
        "run_id": run.run_id,
        "database": run.database,
        "feed": run.feed,
        "source": str(run.source),
        "state": "failed",
        "started_at": context["dag_run"].start_date,
        "ended_at": datetime.now(UTC),
        "figures": {},
        "is_simulated": run.database == "demo",
        "failed_task": step,
        "error": {"what": error},
    }
    try:
        # A broken match does not end the run: the others go on.
        goes_on = task == "ingest"
        summary |= steps.describe_run(run) if goes_on else steps.close_run(run, "failed", step, error)
    except StoreError as problem:  # people are told all the more
        log.warning("The end of the run could not be written down: %s", problem)
    summary |= {"state": "failed", "failed_task": step, "error": {"what": error}}
    try:
        _tell(run.settings, summary)
    finally:
        log.error("%s failed: %s", task, error)  # again, so that it is the last line of the log


async def tell_late(context: Mapping[str, Any]) -> None:
    """Send the mail about a run that is late; for the deadline of the DAG, called by the triggerer."""
    await asyncio.to_thread(_tell_late, context)


def _tell_late(context: Mapping[str, Any]) -> None:
    settings, run = load_settings(), context["dag_run"]
    minutes = settings.schedule.late_after_minutes
    message = EmailMessage()
    message["From"], message["To"] = settings.email.sender, ", ".join(settings.email.recipients)
    message["Subject"] = f"xgoals: run {run['dag_run_id']} is late"
    message.set_content(
        f"Run {run['dag_run_id']} is not over {minutes:g} minutes after it was due.\n\n"
        "Look into the Airflow UI: which task is at work, or which run does it wait for?\n"
    )
    deliver(message, settings, f"{run['dag_run_id']}.late")


def deliver(message: EmailMessage, settings: Settings, name: str) -> None:
    """Send a message through Airflow's SMTP connection, or lay it into the outbox where there is none.

    A server that does not take it is a warning that says what to do, and the message goes into the outbox.

    Parameters
    ----------
    message
        Complete, with sender and recipients.
    settings
        Name the connection and the outbox.
    name
        Of the file in the outbox, without ending.
    """
    connection = settings.email.connection_id
    try:
        with MessageHook(connection) as hook:
            hook.send(message)
    except (OSError, smtplib.SMTPException, AirflowException) as error:
        path = _to_outbox(message, settings.outbox, name)
        if _is_configured(connection):
            log.warning(
                "The mail server did not take the message (%s). It lies in %s. Check the connection '%s'"
                " (variable AIRFLOW_CONN_%s, or Admin > Connections in the UI): host, port, user, password.",
                error,
                path,
                connection,
                connection.upper(),
            )
        else:
            log.info("No mail server is configured: the message lies in %s", path)
    else:
        log.info("Mail sent to %s: %s", message["To"], message["Subject"])


class MessageHook(SmtpHook):  # type: ignore[misc]
    """Airflow's SMTP hook for a message that is complete: its own method builds messages of HTML only."""

    def send(self, message: EmailMessage) -> None:
        """Send a message to its recipients."""
        self._smtp_client.send_message(message)


def _tell(settings: Settings, summary: Mapping[str, Any]) -> None:
    from xgoals.notify import build_run_message

    email, failed = settings.email, summary.get("failed_task")
    recipients = next(
        (who for step, who in email.recipients_by_step.items() if step == failed), email.recipients
    )
    message = build_run_message(summary, sender=email.sender, recipients=recipients)
    deliver(message, settings, f"{summary['run_id']}.{summary['state']}")


def _is_configured(connection_id: str) -> bool:
    try:
        SmtpHook.get_connection(connection_id)
    except AirflowNotFoundException:
        return False
    return True


def _to_outbox(message: EmailMessage, outbox: Path, name: str) -> Path:
    outbox.mkdir(parents=True, exist_ok=True)
    path = outbox / f"{re.sub(r'[^A-Za-z0-9.+-]', '_', name)}.eml"
    path.write_bytes(bytes(message))
    return path
