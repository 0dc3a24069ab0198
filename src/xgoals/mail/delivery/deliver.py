"""Queued mails are delivered to the mail server, each in a transaction of its own: claim, send, settle.

A mail server that is dead, hangs or refuses never makes a run fail, and delays it by ``email.patience_s`` at most
for each task that ends.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from xgoals.domain.errors import StoreError
from xgoals.mail.delivery.attempt_log import log_attempt, log_lost, log_unkept
from xgoals.mail.delivery.outbox import write_to_outbox
from xgoals.mail.delivery.server import Server
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.settings import Database, Settings
from xgoals.storage import OUTBOX, storage_of, where_is
from xgoals.store import notifications as store
from xgoals.store.database import connect

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=60)
"""Tasks that end in quick succession do not try the same mail each time."""


def deliver_waiting(
    settings: Settings,
    database: Database,
    server: Server,
    *,
    retry_after: timedelta = RETRY_AFTER,
    states: tuple[store.State, ...] = store.WAITING,
    patience_s: float | None = None,
) -> Counter[store.State]:
    """Deliver what waits; how many mails ended in which state.

    Parameters
    ----------
    settings
        Name the outbox, and how long to wait.
    server
        Who takes the mails; asked only if there are any.
    retry_after
        Leave out mails that were tried more recently.
    states
        Which mails to deliver; those in the outbox too, if their states are named.
    patience_s
        For all of them together; ``email.patience_s`` by default.
    """
    deadline = time.monotonic() + (settings.email.patience_s if patience_s is None else patience_s)
    engine = connect(settings, database, application="xgoals mail")
    try:
        since = datetime.now(UTC) - retry_after
        with engine.connect() as connection:
            due = store.waiting_ids(connection, states=states, untouched_since=since)
        return _Delivery(engine, server, settings, states, since, deadline).deliver(due) if due else Counter()
    finally:
        engine.dispose()


def deliver_unqueued(mails: Sequence[store.Mail], settings: Settings, server: Server) -> None:
    """Deliver mails that could not be queued, once; what is not taken lies in the outbox, or stands in the log."""
    email = settings.email
    with server:
        for mail in mails:
            attempt = server.send(mail.message, email.sender, mail.recipient, email.patience_s)
            state: store.State = "sent"
            if attempt.outcome is not Outcome.ACCEPTED:
                try:
                    write_to_outbox(mail, storage_of(settings))
                except StoreError as error:  # the others may be taken, or be smaller
                    log_lost(mail, error)
                    continue
                state = "outbox" if attempt.outcome is Outcome.NO_SERVER else "given_up"
            log_attempt(mail, state, attempt, server, where_is(settings, OUTBOX))


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One round over the queue; ``deadline`` is a moment of the monotonic clock, in seconds.

    What another process has tried after ``untouched_since`` is not tried again at once, though it was waiting when this
    round began.
    """

    engine: Engine
    server: Server
    settings: Settings
    states: tuple[store.State, ...]
    untouched_since: datetime
    deadline: float

    def deliver(self, message_ids: Sequence[str]) -> Counter[store.State]:
        """Mail after mail, until the time is over or nobody answers."""
        ended: Counter[store.State] = Counter()
        with self.server:
            for n, message_id in enumerate(message_ids):
                n_left, left_s = len(message_ids) - n, self.deadline - time.monotonic()
                if left_s <= 0:
                    log.warning(
                        "The time for mails is over; waiting for the end of the next task: %d", n_left
                    )
                    break
                attempt = self._deliver_one(message_id, left_s, ended)
                if attempt and attempt.outcome is Outcome.UNREACHABLE:
                    log.warning("Mails that wait until the server answers: %d", n_left)
                    break
        return ended

    def _deliver_one(self, message_id: str, left_s: float, ended: Counter[store.State]) -> Attempt | None:
        """Claim, send, settle; None if another process has the mail, or has had it."""
        claim = store.claim(
            self.engine,
            message_id,
            datetime.now(UTC),
            states=self.states,
            untouched_since=self.untouched_since,
        )
        with claim as claimed:
            if claimed is None:
                return None
            mail = claimed.mail
            attempt = self.server.send(mail.message, self.settings.email.sender, mail.recipient, left_s)
            state = _state_after(attempt, claimed, timedelta(days=self.settings.email.keep_trying_days))
            unkept: StoreError | None = None
            if state in ("outbox", "given_up"):
                try:
                    write_to_outbox(mail, storage_of(self.settings))
                except StoreError as error:
                    state, attempt, unkept = "failed", replace(attempt, detail=str(error)), error
            store.settle(
                self.engine,
                message_id,
                state,
                datetime.now(UTC),
                error=" ".join(filter(None, [attempt.detail, attempt.advice])) or None,
                unanswered=attempt.outcome is Outcome.UNANSWERED,
            )
            if unkept is not None:
                log_unkept(mail, unkept)
            else:
                log_attempt(mail, state, attempt, self.server, where_is(self.settings, OUTBOX))
            ended[state] += 1
        return attempt


def _state_after(attempt: Attempt, claimed: store.Claimed, keep_trying: timedelta) -> store.State:
    if attempt.outcome is Outcome.ACCEPTED:
        return "sent"
    if attempt.outcome is Outcome.NO_SERVER:
        return "outbox"
    is_too_old = datetime.now(UTC) - claimed.created_at > keep_trying
    return "given_up" if attempt.outcome is Outcome.REJECTED or is_too_old else "failed"
