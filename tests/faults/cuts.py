"""What happens to a database while a task works: sessions end, answers break off, servers die and come back."""

import os
import random
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

import psycopg2
import pytest
from chain import TASKS, Run
from moments import Kind, Moment, watch

import leagues
from xgoals.settings import load_settings
from xgoals.store.outages import outages_told


class Cut(StrEnum):
    """What is done to the database."""

    TERMINATED = "its sessions are ended"
    UNHEARD = "the connection is lost after a commit, before its answer"
    MID_ANSWER = "the connection breaks off in the middle of an answer"
    BACKEND_KILLED = "a backend is killed, and the server recovers"
    FAST = "the server is stopped fast"
    IMMEDIATE = "the server is stopped at once"
    POSTMASTER_KILLED = "the postmaster is killed"


STOPS = {Cut.FAST: signal.SIGINT, Cut.IMMEDIATE: signal.SIGQUIT, Cut.POSTMASTER_KILLED: signal.SIGKILL}


def work_until_cut(
    task: str, run: Run, cut: Cut | None, moment: Moment | None, postmaster: int | None
) -> list[Moment]:
    """A task, whose database suffers a cut at a moment; the moments that it had, as far as it came.

    As under Airflow, an outage comes out as a `StoreError`.
    """
    patch = pytest.MonkeyPatch()
    leagues.small_models(patch)
    leagues.plain_pages(patch)
    moments: list[Moment] = []

    def at(now: Moment) -> None:
        moments.append(now)
        if now == moment and cut is not None:
            _do(cut, postmaster)

    with outages_told():
        opened = run.opened()
        watch(at)
        TASKS[task](opened)
    return moments


def _do(cut: Cut, postmaster: int | None) -> None:
    if cut in STOPS:
        assert postmaster
        os.kill(postmaster, STOPS[cut])
    elif cut is Cut.UNHEARD:
        raise psycopg2.OperationalError("server closed the connection unexpectedly")
    else:
        url = load_settings().database_url
        assert url
        dsn = url.get_secret_value().replace("+psycopg2", "")
        with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            if cut is Cut.TERMINATED:
                cursor.execute(f"select pg_terminate_backend(pid, 5000) {others}")
            else:
                cursor.execute(f"select pid {others}")
                for (pid,) in cursor.fetchall()[:1]:
                    os.kill(pid, signal.SIGKILL)


def moment_for(cut: Cut, moments: list[Moment], chance: random.Random) -> Moment:
    """One of those that a task has; what is lost after a commit is lost there."""
    kinds = (
        (Kind.AFTER_COMMIT,) if cut is Cut.UNHEARD else (Kind.WRITE, Kind.BEFORE_COMMIT, Kind.AFTER_COMMIT)
    )
    fitting = [moment for moment in moments if moment.kind in kinds]
    return chance.choice(fitting) if fitting else Moment(Kind.START, 0)


@dataclass
class Proxy:
    """Between a client and a server on loopback; counts what the server has said, and may stop in the middle of it.

    Attributes
    ----------
    cut_after
        So many bytes of answers go through, then all connections break off.
    silent_after
        So many, then nothing does, and the connections stay.
    """

    port_of_server: int
    cut_after: float = float("inf")
    silent_after: float = float("inf")
    said: int = 0
    port: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator["Proxy"]:
        """Take connections until the end."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            accepts = threading.Thread(target=self._accept, args=(listener,))
            accepts.start()
            try:
                yield self
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                accepts.join()
        self._break_off()
        for thread in self._threads:
            thread.join()
        for connection in self._open:
            connection.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                self._open.append(client := listener.accept()[0])
                self._open.append(server := socket.create_connection(("127.0.0.1", self.port_of_server)))
                for source, target in ((client, server), (server, client)):
                    self._threads.append(threading.Thread(target=self._pass_on, args=(source, target)))
                    self._threads[-1].start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        is_answer = source.getpeername()[1] == self.port_of_server
        with suppress(OSError):
            while data := source.recv(65536):
                if is_answer:
                    left = int(min(self.cut_after - self.said, self.silent_after - self.said, len(data)))
                    self.said += len(data)
                    target.sendall(data[: max(left, 0)])
                    if self.said >= self.cut_after:
                        self._break_off()
                        return
                elif self.said < self.silent_after:
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _break_off(self) -> None:
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
