"""Mails that are written down are handed to the mail server, each in a transaction of its own.

A mail server that is dead, hangs or refuses never makes a run fail, and delays it by ``email.patience_s`` at most
for each task that ends.
"""

import logging
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

from sqlalchemy import Engine

from xgoals.mail.delivery.smtp import Answer, Receipt
from xgoals.settings import Database, Settings
from xgoals.store import notifications as store
from xgoals.store.database import connect

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=60)
"""Tasks that end in quick succession do not try the same mail each time."""


class Server(Protocol):
    """A conversation with a mail server: entered before the first mail, and left after the last."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Receipt:
        """Hand a mail over; comes back after ``patience_s`` at the latest, whatever the server does."""

    def advice(self) -> str:
        """Where the person who can help finds what to correct."""


def send_waiting_mails(
    settings: Settings,
    database: Database,
    server: Server,
    *,
    retry_after: timedelta = RETRY_AFTER,
    states: tuple[store.State, ...] = store.WAITING,
    patience_s: float | None = None,
) -> Counter[store.State]:
    """Send what waits; how many mails ended in which state.

    Parameters
    ----------
    settings
        Name the outbox, and how long to wait.
    server
        Who takes the mails; asked only if there are any.
    retry_after
        Leave out mails that were tried more recently.
    states
        Which mails to send; those in the outbox too, if their states are named.
    patience_s
        For all of them together; ``email.patience_s`` by default.
    """
    deadline = time.monotonic() + (settings.email.patience_s if patience_s is None else patience_s)
    engine = connect(settings, database, application="xgoals mail")
    try:
        with engine.connect() as connection:
            found = store.waiting(connection, states=states, untouched_since=datetime.now(UTC) - retry_after)
        return _send_all(engine, found, server, settings, states, deadline) if found else Counter()
    finally:
        engine.dispose()


def send_unwritten(mails: list[store.Mail], settings: Settings, server: Server) -> None:
    """Send mails that could not be written down, once; what is not taken lies in the outbox."""
    email = settings.email
    with server:
        for mail in mails:
            receipt = server.send(mail.message, email.sender, mail.recipient, email.patience_s)
            state: store.State = "sent"
            if receipt.answer is not Answer.TAKEN:
                lay_into_outbox(mail, settings.outbox)
                state = "outbox" if receipt.answer is Answer.NO_SERVER else "given_up"
            _say(mail, state, receipt, server, settings)


def lay_into_outbox(mail: store.Mail, outbox: Path) -> Path:
    """Write a mail as a file that any mail program opens."""
    outbox.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9.+-]", "_", f"{mail.run_id}.{mail.kind}.{mail.matter}"[:150])
    path = outbox / f"{name}.{mail.message_id[1:9]}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(mail.message)
    unfinished.replace(path)
    return path


def _send_all(
    engine: Engine,
    found: list[str],
    server: Server,
    settings: Settings,
    states: tuple[store.State, ...],
    deadline: float,
) -> Counter[store.State]:
    """Mail after mail, until the time is over or nobody answers."""
    ended: Counter[store.State] = Counter()
    with server:
        for n, message_id in enumerate(found):
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                log.warning(
                    "The time for mails is over; waiting for the end of the next task: %d", len(found) - n
                )
                break
            receipt = _send(engine, message_id, server, settings, states, left_s, ended)
            if receipt and receipt.answer is Answer.UNREACHABLE:
                log.warning("Mails that wait until the server answers: %d", len(found) - n)
                break
    return ended


def _send(
    engine: Engine,
    message_id: str,
    server: Server,
    settings: Settings,
    states: tuple[store.State, ...],
    left_s: float,
    ended: Counter[store.State],
) -> Receipt | None:
    """One mail; None if another process has it, or has had it."""
    with store.claim(engine, message_id, datetime.now(UTC), states=states) as claimed:
        if claimed is None:
            return None
        mail = claimed.mail
        receipt = server.send(mail.message, settings.email.sender, mail.recipient, left_s)
        state = _state(receipt, claimed, settings)
        if state in ("outbox", "given_up"):
            lay_into_outbox(mail, settings.outbox)
        store.settle(
            engine,
            message_id,
            state,
            datetime.now(UTC),
            error=receipt.said or None,
            unanswered=receipt.answer is Answer.UNANSWERED,
        )
        _say(mail, state, receipt, server, settings)
        ended[state] += 1
    return receipt


def _state(receipt: Receipt, claimed: store.Claimed, settings: Settings) -> store.State:
    if receipt.answer is Answer.TAKEN:
        return "sent"
    if receipt.answer is Answer.NO_SERVER:
        return "outbox"
    too_old = datetime.now(UTC) - claimed.created_at > timedelta(days=settings.email.keep_trying_days)
    return "given_up" if receipt.answer is Answer.REFUSED or too_old else "failed"


def _say(mail: store.Mail, state: store.State, receipt: Receipt, server: Server, settings: Settings) -> None:
    if state == "sent":
        log.info("Mail sent to %s: %s", mail.recipient, mail.subject)
    elif state == "outbox":
        log.info("No mail server is configured: the mail to %s lies in %s", mail.recipient, settings.outbox)
    elif state == "given_up":
        log.warning(
            "The mail server will not take the mail to %s (%s). It is not tried again and lies in %s. %s",
            mail.recipient, receipt.said, settings.outbox, _advice(receipt, mail, server),
        )  # fmt: skip
    else:
        log.warning(
            "The mail server did not take the mail to %s (%s). It will be tried again. %s",
            mail.recipient, receipt.said, _advice(receipt, mail, server),
        )  # fmt: skip


def _advice(receipt: Receipt, mail: store.Mail, server: Server) -> str:
    if receipt.answer is Answer.REFUSED:
        return f"Check the address {mail.recipient} in the section [email] of xgoals.toml."
    if receipt.answer is Answer.UNREACHABLE:
        return server.advice()
    return "See: xgoals notifications list"
