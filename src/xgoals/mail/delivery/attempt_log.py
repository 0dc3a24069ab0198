"""What the log says of an attempt, and to whom it is of use."""

import logging

from xgoals.domain.errors import StoreError
from xgoals.mail.delivery.server import Server
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.store.notifications import Mail, State

log = logging.getLogger(__name__)


def log_attempt(mail: Mail, state: State, attempt: Attempt, server: Server, outbox: str) -> None:
    """Say what became of a mail, and what to do about it where that is for a person."""
    if state == "sent":
        log.info("Mail sent to %s: %s", mail.recipient, mail.subject)
    elif state == "outbox":
        log.info("No mail server is configured: the mail to %s lies in %s", mail.recipient, outbox)
    elif state == "given_up":
        log.warning(
            "The mail server will not take the mail to %s (%s). It is not tried again and lies in %s. %s",
            mail.recipient, attempt.detail, outbox, _advice(attempt, mail, server),
        )  # fmt: skip
    else:
        log.warning(
            "The mail server did not take the mail to %s (%s). It will be tried again. %s",
            mail.recipient, attempt.detail, _advice(attempt, mail, server),
        )  # fmt: skip


def log_unkept(mail: Mail, error: StoreError) -> None:
    """Say that a mail that no server takes found no place in the outbox either."""
    log.warning(
        "The mail to %s could not be laid into the outbox (%s). It will be tried again.",
        mail.recipient,
        error,
    )


def log_lost(mail: Mail, error: StoreError) -> None:
    """Say the same of a mail that stands in no database: this line is all that is left of it."""
    log.error(
        "The mail to %s could be sent, queued and laid into the outbox by nobody (%s): %s",
        mail.recipient, error, mail.subject,
    )  # fmt: skip


def _advice(attempt: Attempt, mail: Mail, server: Server) -> str:
    if attempt.advice:
        return attempt.advice
    if attempt.outcome is Outcome.REJECTED:
        return f"Check the address {mail.recipient} in the section [email] of xgoals.toml."
    if attempt.outcome is Outcome.UNREACHABLE:
        return server.advice()
    return "See: xgoals notifications list"
