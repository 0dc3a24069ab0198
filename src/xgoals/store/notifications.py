"""The queue of mails: rows that are written before anything is sent, one for each outcome and recipient.

Whoever delivers a mail claims its row first: an advisory lock keeps other processes away, and the attempt is
counted and committed before the server hears of it. So whatever dies in between, the row knows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from xgoals.domain.pipeline import DAG_ID
from xgoals.domain.secrets import redacted
from xgoals.store.locks import lock_until_end

State = Literal["pending", "sent", "outbox", "failed", "given_up"]
WAITING: tuple[State, ...] = ("pending", "failed")
# Of some only the record is kept. What is asked when a mail is listed is asked again when it is claimed.
_IS_DUE = """state = any(:states) and message <> ''
    and (attempts = 0 or cast(:since as timestamptz) is null
         or changed_at not between :since and cast(:since as timestamptz) + interval '1 day')"""
"""States of mails that are still to be sent."""

_DELIVERY_LOCK = 0x78676F6D
"""First half of the advisory lock on a mail; the second is the hash of its Message-ID."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail about one outcome of a run (kind, matter, state) to one recipient."""

    message_id: str
    run_id: str
    kind: str
    matter: str
    recipient: str
    subject: str
    message: bytes
    state_key: str | None = None
    dag_id: str = DAG_ID


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this process may deliver; ``attempts`` includes the one that begins."""

    mail: Mail
    attempts: int
    created_at: datetime


def enqueue(connection: Connection, mails: Iterable[Mail], now: datetime) -> int:
    """Add mails that are to be sent; one that is known already stays as it is. How many were new."""
    added = 0
    for mail in mails:
        added += connection.execute(
            text(
                """insert into notification (message_id, dag_id, run_id, kind, matter, state_key, recipient, subject,
                                             message, created_at, changed_at)
                   values (:message_id, :dag_id, :run_id, :kind, :matter, :state_key, :recipient, :subject,
                           :message, :now, :now)
                   on conflict do nothing"""
            ),
            {name: getattr(mail, name) for name in Mail.__slots__} | {"now": now},
        ).rowcount
    return added


def lock_warnings(connection: Connection, tell: Callable[[str], None]) -> None:
    """Let one transaction at a time look which states are told and tell more: what two runs find is told once."""
    lock_until_end(connection, "warnings", "is looking what there is to warn of", tell)


def state_is_known(connection: Connection, matter: str, state_key: str) -> bool:
    """Whether any run has queued a warning of this state of something that lasts."""
    query = text(
        """select exists (select from notification
                          where kind = 'warning' and matter = :matter and state_key = :state_key)"""
    )
    return bool(connection.scalar(query, {"matter": matter, "state_key": state_key}))


def end_is_enqueued(connection: Connection, run_id: str) -> bool:
    """Whether the mails about the good end of a run are queued."""
    query = text(
        "select exists (select from notification where run_id = :run_id and kind in ('digest', 'health'))"
    )
    return bool(connection.scalar(query, {"run_id": run_id}))


def failure_is_told(connection: Connection, dag_id: str, run_id: str, matter: str) -> bool:
    """Whether mails about a failure of a run are queued or sent; ``matter``: what that of the failure begins with."""
    query = text(
        """select exists (select from notification
                          where (dag_id, run_id) = (:dag_id, :run_id) and kind = 'failure'
                            and starts_with(matter, :matter))"""
    )
    return bool(connection.scalar(query, {"dag_id": dag_id, "run_id": run_id, "matter": matter}))


def waiting_ids(
    connection: Connection, *, states: Sequence[State] = WAITING, untouched_since: datetime | None = None
) -> list[str]:
    """The Message-IDs of mails to be sent, the oldest first.

    Parameters
    ----------
    states
        Which to look for.
    untouched_since
        Leave out what was tried after this moment; what was never tried is always among them, and so is what a clock
        that was ahead says will be tried more than a day later.
    """
    rows = connection.scalars(
        text(
            f"""select message_id from notification
               where {_IS_DUE}
               order by created_at, message_id"""  # noqa: S608
        ),
        {"states": list(states), "since": untouched_since},
    )
    return list(rows)


@contextmanager
def claim(
    engine: Engine,
    message_id: str,
    now: datetime,
    *,
    states: Sequence[State] = WAITING,
    untouched_since: datetime | None = None,
) -> Iterator[Claimed | None]:
    """Begin an attempt; None if another process is at it, or it is no longer one of those that `waiting_ids` names.

    An attempt that was begun and never settled (its process is gone, or nobody would have got the lock) may have
    reached the server: it is counted as unanswered.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"lock": _DELIVERY_LOCK, "message_id": message_id}
        if not connection.scalar(text("select pg_try_advisory_lock(:lock, hashtext(:message_id))"), key):
            yield None
            return
        try:
            row = connection.execute(
                text(
                    f"""update notification set attempts = attempts + 1, sending_since = :now, changed_at = :now,
                           unanswered = unanswered + (sending_since is not null)::integer
                       where message_id = :message_id and {_IS_DUE}
                       returning message_id, dag_id, run_id, kind, matter, state_key, recipient, subject, message,
                                 attempts, created_at"""  # noqa: S608
                ),
                {"message_id": message_id, "states": list(states), "now": now, "since": untouched_since},
            ).one_or_none()
            yield _claimed(row) if row else None
        finally:
            connection.execute(text("select pg_advisory_unlock(:lock, hashtext(:message_id))"), key)


def settle(
    engine: Engine,
    message_id: str,
    state: State,
    now: datetime,
    *,
    error: str | None = None,
    unanswered: bool = False,
) -> None:
    """Note how an attempt ended."""
    with engine.begin() as connection:
        connection.execute(
            text(
                """update notification set state = :state, last_error = :error, changed_at = :now,
                       sending_since = null, unanswered = unanswered + :unanswered,
                       message = case when :state = 'sent' then null else message end
                   where message_id = :message_id"""
            ),
            {
                "message_id": message_id,
                "state": state,
                "error": error and redacted(error),
                "now": now,
                "unanswered": int(unanswered),
            },
        )


def list_notifications(
    connection: Connection, *, states: Sequence[State] | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The newest mails, without their texts."""
    rows = connection.execute(
        text(
            """select message_id, dag_id, run_id, kind, matter, state_key, recipient, subject, state, attempts,
                      unanswered, last_error, created_at, changed_at
               from notification
               where cast(:states as text[]) is null or state = any(:states)
               order by created_at desc, kind, matter, recipient limit :limit"""
        ),
        {"states": list(states) if states else None, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def _claimed(row: Any) -> Claimed:
    values = {name: getattr(row, name) for name in Mail.__slots__}
    return Claimed(Mail(**values | {"message": bytes(row.message)}), row.attempts, row.created_at)
