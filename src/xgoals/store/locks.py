"""Advisory locks of the results database: who waits for whom among those that write, search or change the schema.

A lock belongs to a session of its own and ends with it, however its process ends. Each transaction of those who work
under it asks before it commits whether the lock is still held: who has lost it (the server was switched over, somebody
ended the session) commits nothing more, for another may have got it.

Others last as long as a transaction (`lock_until_end`): of a match, of what listings have found out, of warnings.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg2 import errors
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from xgoals.domain.errors import StoreError
from xgoals.store.outages import outage_of

_WRITERS_LOCK = 0x78676F616C73  # "xgoals" in ASCII: the key of the advisory lock
_SEARCHERS_LOCK = _WRITERS_LOCK + 1
_SCHEMA_LOCK = 0x78676D
PATIENCE = timedelta(hours=2)
"""How long somebody waits by default."""
_TURN_S = 2.0
"""So long it stands in the server's queue at once: between two turns it hears whether it is to be ended."""
_REMIND_S = 600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: what he does, since when he holds it, and which session of the server that is.

    Of another role's session the server says neither since when nor from where it is.
    """

    doing: str
    since: datetime | None
    pid: int
    host: str

    def __str__(self) -> str:
        if self.since is None:
            return f"{self.doing} (session {self.pid})"
        return f"{self.doing} (since {self.since.astimezone():%H:%M:%S}, session {self.pid} from {self.host})"


@contextmanager
def one_writer(
    engine: Engine,
    who: str,
    tell: Callable[[str], None],
    *,
    shared: bool = False,
    patience: timedelta = PATIENCE,
) -> Iterator[None]:
    """Let one step at a time write; whoever waits is told for whom.

    Parameters
    ----------
    engine
        Nothing is committed on it once the lock is lost.
    who
        What the others are told while they wait.
    tell
        Receives a sentence if it has to wait, and again every ten minutes.
    shared
        Whether others that say the same of themselves may write at the same time: they write other matches.
    patience
        How long to wait.

    Raises
    ------
    StoreError
        If it has waited in vain, or the lock was lost while it worked: the transaction in which that shows is undone.
    """
    with _holding(engine, _Lock(_WRITERS_LOCK, "is writing to this database", shared), who, tell, patience):
        yield


@contextmanager
def one_searcher(
    engine: Engine, who: str, tell: Callable[[str], None], *, patience: timedelta = PATIENCE
) -> Iterator[None]:
    """Let one search for parameters go on at a time, beside any writer: two would take each other's trials away.

    Parameters and errors are those of :func:`one_writer`.
    """
    with _holding(engine, _Lock(_SEARCHERS_LOCK, "is searching in this database"), who, tell, patience):
        yield


@contextmanager
def schema_lock(
    engine: Engine,
    who: str,
    tell: Callable[[str], None],
    *,
    shared: bool = False,
    patience: timedelta = PATIENCE,
) -> Iterator[None]:
    """Let one change the schema at a time, and nobody while others (``shared``) need it as it is: a backup, that is.

    Parameters and errors are those of :func:`one_writer`.
    """
    with _holding(engine, _Lock(_SCHEMA_LOCK, "holds the schema", shared), who, tell, patience):
        yield


def lock_until_end(connection: Connection, name: str, does: str, tell: Callable[[str], None]) -> None:
    """Hold a lock until the transaction ends; who has to wait is told for whom.

    Parameters
    ----------
    name
        Of what is locked, unlike any other.
    does
        What its holder does, as in "is writing match 7".
    tell
        Receives a sentence if it has to wait.
    """
    named = {"name": f"xgoals {name}"}
    if connection.scalar(text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))"), named):
        return
    key = connection.scalar(text("select hashtextextended(:name, 0)"), named)
    tell(f"waiting: {holder_of(connection, key)} {does}")
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})


@dataclass(frozen=True, slots=True)
class _Lock:
    """A lock, what its holder does, and whether others may hold it at the same time."""

    key: int
    what: str
    shared: bool = False

    @property
    def mode(self) -> str:
        """How Postgres' functions for it are called at the end."""
        return "_shared" if self.shared else ""


@contextmanager
def _holding(
    engine: Engine, lock: _Lock, who: str, tell: Callable[[str], None], patience: timedelta
) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        pid = _introduce(engine, session, who)
        _wait_for(session, lock, tell, patience)
        try:
            with _checked_before_commit(engine, lock, pid):
                yield
        finally:
            _release(session, lock)


def _introduce(engine: Engine, session: Connection, who: str) -> int:
    """Give the session the name that others are told; the number of its process on the server.

    Raises
    ------
    StoreError
        If two connections share one session: such a pooler would keep the lock for somebody else.
    """
    settings = "set_config('application_name', :who, false), set_config('lock_timeout', :turn, false)"
    row = session.execute(
        text(f"select pg_backend_pid(), {settings}"),
        {"who": who[:63], "turn": f"{_TURN_S * 1000:.0f}"},
    ).one()
    with engine.connect() as other:
        taken = other.scalar(text("select pg_backend_pid()"))
        if taken == row[0] or session.scalar(text("select pg_backend_pid()")) != row[0]:
            raise StoreError(
                "the server is behind a pooler that gives its sessions away between two transactions",
                where="XGOALS_DATABASE_URL",
                advice="Connect to the server itself, or let the pooler pool sessions (PgBouncer: pool_mode = session)",
            )
    return int(row[0])


def _wait_for(session: Connection, lock: _Lock, tell: Callable[[str], None], patience: timedelta) -> None:
    """Take the lock; in line with others, and not for ever."""
    began = told_s = time.monotonic()
    taken = bool(session.scalar(text(f"select pg_try_advisory_lock{lock.mode}(:key)"), {"key": lock.key}))
    told = False
    while not taken:
        now_s = time.monotonic()
        if now_s - began > patience.total_seconds():
            minutes, holder = f"{patience.total_seconds() / 60:.0f} minutes", holder_of(session, lock.key)
            raise StoreError(
                f"waited {minutes} in vain: {holder} {lock.what}",
                where="results database",
                advice="Let it end, or end it; a session whose program is gone: select pg_terminate_backend(number)",
            )
        if not told or now_s - told_s > _REMIND_S:
            tell(f"waiting: {holder_of(session, lock.key)} {lock.what}")
            told, told_s = True, now_s
        taken = _stand_in_line(session, lock)


def _stand_in_line(session: Connection, lock: _Lock) -> bool:
    try:
        session.execute(text(f"select pg_advisory_lock{lock.mode}(:key)"), {"key": lock.key})
    except OperationalError as error:
        if not isinstance(error.orig, errors.LockNotAvailable):
            raise
        return False
    return True


@contextmanager
def _checked_before_commit(engine: Engine, lock: _Lock, pid: int) -> Iterator[None]:
    """Let no transaction of the engine commit unless this session still holds the lock."""
    query = text(
        """select exists (select from pg_locks
                          where locktype = 'advisory' and granted and pid = :pid and objsubid = 1
                            and (classid::bigint << 32) | objid::bigint = :key
                            and database = (select oid from pg_database where datname = current_database()))"""
    )

    def check(connection: Connection) -> None:
        if not connection.scalar(query, {"pid": pid, "key": lock.key}):
            raise StoreError(
                "the lock was lost while this step worked: another may write now, so nothing more was stored",
                where="results database",
                advice="The server was restarted or switched over, or somebody ended the session. Try again",
            )

    event.listen(engine, "commit", check)
    try:
        yield
    finally:
        event.remove(engine, "commit", check)


def _release(session: Connection, lock: _Lock) -> None:
    """Give the lock back and end the session; what goes wrong here changes nothing of what was done."""
    try:
        session.execute(text(f"select pg_advisory_unlock{lock.mode}(:key)"), {"key": lock.key})
    except DBAPIError as error:
        log.warning("%s", outage_of(error) or error)
    if not session.invalidated:
        session.detach()  # it bears our name, and is less patient than others: it goes back into no pool


def holder_of(session: Connection, key: int) -> Holder | str:
    """Who holds an advisory lock with a key of 64 bits in this database, in the longest of the sessions that do."""
    query = text(
        """select a.application_name as doing, coalesce(case a.state when 'idle' then a.state_change end, a.xact_start,
                      a.backend_start) as since, a.pid, coalesce(host(a.client_addr), 'this machine') as host
           from pg_locks l join pg_stat_activity a using (pid)
           where l.locktype = 'advisory' and l.granted and l.objsubid = 1
             and (l.classid::bigint << 32) | l.objid::bigint = :key
             and l.database = (select oid from pg_database where datname = current_database())
           order by since limit 1"""
    )
    row = session.execute(query, {"key": key}).one_or_none()
    return Holder(row.doing, row.since, row.pid, row.host) if row else "another run"
