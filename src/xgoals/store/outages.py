"""A database that goes away: connections that notice it, waits that come to an end, and sentences about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg2
from psycopg2 import errors
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from xgoals.domain.errors import ForbiddenError, StoreError
from xgoals.store.sessions.silence import GRACE_S, WatchedConnection

NOTICES_LOSS = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 4,
    "tcp_user_timeout": 70_000,
    "connect_timeout": 20,
}
"""After half a minute of silence the system asks whether the server is still there: firewalls let the session live.

What is sent and not acknowledged counts as lost after as long as that; by default a quarter of an hour.
"""

# The server ends the session of a client whose machine is gone, after two minutes, and frees what it has locked.
# A session that waits while its step computes is no idle one. How values are written and read is ours to say: a server,
# a database or a role may have other defaults, and a number rounded on its way is another number. What a server does
# not know is left out; standard_conforming_strings, too: the driver quotes by what it was when connected.
_OF_A_SESSION = {
    "search_path": "xgoals, public",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
    "statement_timeout": "0",
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "array_nulls": "on",
    "transform_null_equals": "off",
    "quote_all_identifiers": "off",
    "xmloption": "content",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
}
_SET = """select set_config(name, value, false)
          from unnest(%s::text[], %s::text[]) as wanted (name, value)
          where name in (select name from pg_settings)"""


def prepare_sessions(
    engine: Engine,
    *,
    lock_timeout: timedelta = timedelta(0),
    statement_timeout_s: float | None = None,
    is_read_only: bool = False,
) -> None:
    """Set for each session of an engine what is found where, and how long it waits.

    It is set when connected, not asked for while connecting: a pooler that pools sessions takes it, too.

    Parameters
    ----------
    lock_timeout
        How long a statement waits for rows or tables that another session holds; by default for ever.
    statement_timeout_s
        How long a statement may take; None: as long as it takes. A server that has not given up itself by then is
        given up, see `silence`.
    is_read_only
        Whether the server is to refuse whatever writes.
    """
    wanted = _OF_A_SESSION | {"lock_timeout": f"{lock_timeout.total_seconds() * 1000:.0f}"}
    if is_read_only:
        wanted |= {"default_transaction_read_only": "on"}
    if statement_timeout_s is not None:
        wanted |= {"statement_timeout": f"{statement_timeout_s * 1000:.0f}"}

    @event.listens_for(engine, "connect")
    def prepare(session: Any, _: object) -> None:
        before, session.autocommit = session.autocommit, True
        session.set_client_encoding("UTF8")
        with session.cursor() as cursor:
            cursor.execute(_SET, (list(wanted), list(wanted.values())))
        session.autocommit = before
        if isinstance(session, WatchedConnection):
            session.patience_s = None if statement_timeout_s is None else statement_timeout_s + GRACE_S


@dataclass(frozen=True, slots=True)
class _Outage:
    """What is wrong with the server, and what to do."""

    what: str
    advice: str


_GONE = _Outage(
    "the database went away while it was needed",
    "What was committed stays, the rest was undone. Does it run ('xgoals status')? Then try again",
)
_LIMIT_OF_STATEMENTS = _Outage(
    "a statement took longer than it may",
    "Is the server overloaded? Its limit is that of the task, limits.task_minutes",
)
_BY_STATE = {
    "25006": _Outage(
        "the database may only be read",
        "Is it a standby, since the server was switched over? Then let the address lead to the new primary; else see"
        " default_transaction_read_only of the server, the database and the role",
    ),
    "25P03": _Outage(
        "the server ended the session because its transaction was idle for too long",
        "Raise idle_in_transaction_session_timeout of the role that xgoals logs in as",
    ),
    "25P04": _Outage(
        "the server ended the session because its transaction took too long",
        "Raise transaction_timeout of the role that xgoals logs in as",
    ),
    "40001": _Outage(
        "two transactions were in each other's way", "Nothing of this one was stored. Try again"
    ),
    "40P01": _Outage("two transactions waited for each other", "Nothing of this one was stored. Try again"),
    "53100": _Outage(
        "the disk of the database is full",
        "Make room on the server's disk ('xgoals clean' removes what may go). What was committed stays, the rest was"
        " undone; then try again",
    ),
    "53200": _Outage(
        "the server of the database is out of memory",
        "Its log says of which; raise max_locks_per_transaction or its memory. Then try again",
    ),
    "53300": _Outage(
        "the server of the database takes no more connections",
        "See pg_stat_activity for who has them; raise max_connections, or the limit of the role or the database",
    ),
    "55P03": _Outage(
        "another session held a table or row for too long",
        "See docs/processes.md, 'Who waits for whom', for the query that names it; then try again",
    ),
    "57014": _LIMIT_OF_STATEMENTS,
    "57P04": _Outage(
        "the database was dropped while it was needed",
        "Put a backup back: xgoals restore FILE, then try again",
    ),
}
_BY_CLASS = {
    "08": _GONE,
    "40": _GONE,
    "53": _Outage("the server of the database lacks what it needs", "Its log says what. Then try again"),
    "55": _Outage(
        "something in the database is in use", "See who uses it in pg_stat_activity, then try again"
    ),
    "57": _GONE,
    "58": _Outage(
        "the server of the database cannot read or write its files",
        "Look at its disk and its log before anything else. What was committed stays",
    ),
    "XX": _Outage(
        "the server of the database found its data damaged, or failed itself",
        "Its log says more. Look at the disk, and keep your backups",
    ),
}
"""Classes of SQLSTATE: connection, rollback by another's fault, resources, locks, operator, system, corruption."""
_CANCELLED_BY_SOMEBODY = _Outage(
    "somebody cancelled a statement", "What was committed stays, the rest was undone. Try again"
)
_NO_MORE_CONNECTIONS = _Outage(
    "all connections that this process may have are in use", "Many ask at once. Try again in a minute"
)


def outage_of(error: BaseException) -> StoreError | None:
    """The sentence about an error that says nothing of the rows at hand: the database is away, overtaxed or closed.

    Trying again may mend it, but where the role lacks a right (`ForbiddenError`). None for any other error.
    """
    if isinstance(error, PendingRollbackError):
        return _told(_GONE, "its connection was lost")
    if isinstance(error, PoolTimeoutError):
        return _told(_NO_MORE_CONNECTIONS, _reason(error))
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg2.Error):
        return None
    reason = _reason(cause)
    if isinstance(cause, errors.InsufficientPrivilege):
        return ForbiddenError(
            f"this role lacks a right in the database ({reason})",
            where="results database",
            advice="Log in as the role that the step needs, or run 'xgoals db upgrade' as the owner: it grants rights"
            " (docs/more-than-one-machine.md)",
        )
    if isinstance(cause, errors.QueryCanceled) and "timeout" not in reason and "user request" in reason:
        return _told(_CANCELLED_BY_SOMEBODY, reason)
    if cause.pgcode is not None:
        known = _BY_STATE.get(cause.pgcode) or _BY_CLASS.get(cause.pgcode[:2])
        if known is not None:
            return _told(known, reason)
    is_cut = isinstance(error, DBAPIError) and error.connection_invalidated
    is_silent = cause.pgcode is None and isinstance(
        cause, psycopg2.OperationalError | psycopg2.InterfaceError
    )
    return _told(_GONE, reason) if is_cut or is_silent or _is_of_a_lost_connection(cause) else None


def _is_of_a_lost_connection(cause: psycopg2.Error) -> bool:
    """COPY tells of a connection that is cut in the middle with an error of no kind."""
    return cause.pgcode is None and type(cause) in (psycopg2.DatabaseError, psycopg2.Error)


@contextmanager
def outages_told() -> Iterator[None]:
    """A database that goes away meanwhile is told in a sentence.

    Raises
    ------
    StoreError
        In place of what the driver raises.
    """
    try:
        yield
    except (DBAPIError, PendingRollbackError, PoolTimeoutError, psycopg2.Error) as error:
        if outage := outage_of(error):
            raise outage from error
        raise


def _reason(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "no reason given")


def _told(outage: _Outage, reason: str) -> StoreError:
    return StoreError(f"{outage.what} ({reason})", where="results database", advice=outage.advice)
