"""A database that goes away: connections that notice it, waits that come to an end, and sentences about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from psycopg2 import errors
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError

from xgoals.domain.errors import StoreError

KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 4}
"""After half a minute of silence the system asks whether the server is still there: firewalls let the session live."""

# The server ends the session of a client whose machine is gone, after two minutes, and frees what it has locked.
# A session that waits while its step computes is no idle one. What a server does not know is left out.
_OF_A_SESSION = {
    "search_path": "xgoals, public",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
    "idle_session_timeout": "0",
}
_SET = """select set_config(name, value, false)
          from unnest(%s::text[], %s::text[]) as wanted (name, value)
          where name in (select name from pg_settings)"""


def prepare_sessions(
    engine: Engine,
    *,
    lock_timeout: timedelta,
    statement_timeout_s: float | None = None,
    is_read_only: bool = False,
) -> None:
    """Set for each session of an engine what is found where, and how long it waits.

    It is set when connected, not asked for while connecting: a pooler that pools sessions takes it, too.

    Parameters
    ----------
    lock_timeout
        How long a statement waits for rows or tables that another session holds.
    statement_timeout_s
        How long a statement may take; None: as long as it takes.
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
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(_SET, (list(wanted), list(wanted.values())))
        session.autocommit = False


def outage_of(error: BaseException) -> StoreError | None:
    """The sentence about an error that trying again may mend: the database went away, or another held what was needed.

    None for any other error.
    """
    if isinstance(error, PendingRollbackError):
        return _gone("its connection was lost")
    if not isinstance(error, DBAPIError):
        return None
    if not (error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)):
        return None
    reason = next(iter(str(error.orig).strip().splitlines()), "no reason given")
    if isinstance(error.orig, errors.LockNotAvailable):
        return StoreError(
            f"another session held a table or row for too long ({reason})",
            where="results database",
            advice="See docs/processes.md, 'Who waits for whom', for the query that names it; then try again",
        )
    if isinstance(error.orig, errors.QueryCanceled):
        return StoreError(
            f"a statement took longer than it may ({reason})",
            where="results database",
            advice="Is the server overloaded? Its limit is that of the task, limits.task_minutes",
        )
    return _gone(reason)


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
    except (DBAPIError, PendingRollbackError) as error:
        if outage := outage_of(error):
            raise outage from error
        raise


def _gone(reason: str) -> StoreError:
    return StoreError(
        f"the database went away while it was needed: {reason}",
        where="results database",
        advice="What was committed stays, the rest was undone. Does it run ('xgoals status')? Then try again",
    )
