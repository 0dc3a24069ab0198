"""Connections to a server that says nothing any more are cut, after as long as it may take to answer.

Keepalives find out that a machine is gone. A server that was stopped, or something in between that has lost a session
and keeps the connection, goes on acknowledging for ever; and who waits for it waits inside the driver, where neither
Airflow's time limit nor Ctrl-C reaches.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2
from psycopg2.extensions import connection, cursor

GRACE_S = 60.0
"""So much later than the server should have given up by itself."""


class WatchedConnection(connection):
    """Who asks over it is answered in time, or finds it cut.

    Attributes
    ----------
    patience_s
        How long an answer may take; None: as long as it takes.
    """

    patience_s: float | None = GRACE_S

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """As psycopg2's, and watched."""
        return super().cursor(*args, **{"cursor_factory": _WatchedCursor} | kwargs)

    def commit(self) -> None:
        """As psycopg2's, and watched."""
        with _watched(self):
            super().commit()

    def rollback(self) -> None:
        """As psycopg2's, and watched."""
        with _watched(self):
            super().rollback()


class _WatchedCursor(cursor):
    """Of such a connection."""

    connection: WatchedConnection

    def execute(self, *args: Any, **kwargs: Any) -> None:
        """As psycopg2's, and watched."""
        with _watched(self.connection):
            super().execute(*args, **kwargs)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        """As psycopg2's, and watched."""
        with _watched(self.connection):
            super().copy_expert(*args, **kwargs)


class _Watchman:
    """A thread that cuts what is overdue; one a process, started when it is needed."""

    def __init__(self, look_every_s: float) -> None:
        self.look_every_s = look_every_s
        self._due: dict[WatchedConnection, float] = {}
        self._pid: int | None = None

    def expect(self, of: WatchedConnection, within_s: float) -> None:
        """An answer is waited for."""
        if self._pid != os.getpid():  # a child of fork has no threads
            self._due, self._pid = {}, os.getpid()
            threading.Thread(target=self._watch, name="silent databases", daemon=True).start()
        self._due[of] = time.monotonic() + within_s

    def answered(self, of: WatchedConnection) -> None:
        """It came, or will not come."""
        self._due.pop(of, None)

    def _watch(self) -> None:
        while True:
            time.sleep(self.look_every_s)
            now_s = time.monotonic()
            for overdue in [of for of, due_s in list(self._due.items()) if due_s < now_s]:
                self.answered(overdue)
                _cut(overdue)


def _cut(overdue: WatchedConnection) -> None:
    """End it below the driver, which then returns to who waits in it."""
    with suppress(OSError, psycopg2.Error), socket.socket(fileno=os.dup(overdue.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)


WATCHMAN = _Watchman(look_every_s=10.0)


@contextmanager
def _watched(asked: WatchedConnection) -> Iterator[None]:
    if asked.patience_s is None:
        yield
        return
    WATCHMAN.expect(asked, asked.patience_s)
    try:
        yield
    finally:
        WATCHMAN.answered(asked)
