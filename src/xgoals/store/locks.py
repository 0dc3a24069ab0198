"""Advisory locks of the results database: who waits for whom among those that write or search.

They belong to a connection and end with it, however its process ends. `xgoals.store.deliveries` locks single matches,
`xgoals.store.notifications` single mails, `xgoals.store.migrate` the schema.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

_WRITERS_LOCK = 0x78676F616C73  # "xgoals" in ASCII: the key of the advisory lock
_SEARCHERS_LOCK = _WRITERS_LOCK + 1
_POLL_S = 0.5


@contextmanager
def one_writer(
    engine: Engine, who: str, tell: Callable[[str], None], *, shared: bool = False
) -> Iterator[None]:
    """Let one step at a time write; whoever waits is told for whom.

    Parameters
    ----------
    who
        What the others are told while they wait.
    tell
        Receives one sentence, once, if it has to wait.
    shared
        Whether others that say the same of themselves may write at the same time: they write other matches.
    """
    suffix = "_shared" if shared else ""
    with _holding(engine, _WRITERS_LOCK, who, "is writing to this database", tell, suffix=suffix):
        yield


@contextmanager
def one_searcher(engine: Engine, who: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Let one search for parameters go on at a time, beside any writer: two would take each other's trials away.

    Parameters
    ----------
    who, tell
        As in :func:`one_writer`.
    """
    with _holding(engine, _SEARCHERS_LOCK, who, "is searching in this database", tell):
        yield


@contextmanager
def _holding(
    engine: Engine, key: int, who: str, what: str, tell: Callable[[str], None], *, suffix: str = ""
) -> Iterator[None]:
    attempt = text(f"select pg_try_advisory_lock{suffix}(:key)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select set_config('application_name', :who, false)"), {"who": who[:63]})
        told = False
        while not connection.scalar(attempt, {"key": key}):
            if not told:
                tell(f"waiting: {_holder(connection, key) or 'another run'} {what}")
                told = True
            time.sleep(_POLL_S)
        try:
            yield
        finally:
            connection.execute(text(f"select pg_advisory_unlock{suffix}(:key)"), {"key": key})


def _holder(connection: Connection, key: int) -> str | None:
    query = text(
        """select a.application_name from pg_locks l join pg_stat_activity a using (pid)
           where l.locktype = 'advisory' and l.granted
             and (l.classid::bigint << 32) | l.objid::bigint = :key
             and l.database = (select oid from pg_database where datname = current_database())
           limit 1"""
    )
    holder: str | None = connection.scalar(query, {"key": key})
    return holder
