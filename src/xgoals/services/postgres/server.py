"""An own Postgres under ``XGOALS_HOME``: nothing to install, nothing to configure, nobody else gets in.

The server listens on loopback only, asks for a password (SCRAM), and keeps its data over restarts. Several
processes may ask for it at once: one starts it, the others wait for that. As root the server runs as user
``nobody`` (`service_account`); `cluster_files` says what lies where.
"""

import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock
import psutil
import psycopg2
from psycopg2 import errors, sql

from xgoals.domain.errors import ServiceError
from xgoals.services.postgres.cluster_files import ClusterFiles, write_secret
from xgoals.services.postgres.service_account import ServiceAccount, installed_binaries, usable_binaries

log = logging.getLogger(__name__)

DATABASE_USER = "xgoals"
_FIRST_PORT, _N_PORTS = 15_432, 1_000
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 60.0
# For a small machine shared with Airflow and a training run. fsync stays on: results are somebody's work.
_SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Two reasons not to start pass by themselves: somebody took the port in between, and the children of a
# server that was killed have not all gone yet.
_PASSING = ("could not bind", "still in use")


@dataclass(frozen=True, slots=True)
class PostgresStatus:
    """What a person wants to know about the server; ``user`` is the system's account that runs it."""

    running: bool
    port: int | None
    data_folder: Path
    version: str
    user: str


@dataclass(frozen=True, slots=True)
class _Postmaster:
    process: psutil.Process
    port: int
    ready: bool


class EmbeddedPostgres:
    """The Postgres server of one ``XGOALS_HOME``.

    Parameters
    ----------
    home
        The folder ``XGOALS_HOME``; created if missing.
    state_root
        Where clusters go whose ``home`` the server's account may not enter (root only).
    """

    def __init__(self, home: Path, *, state_root: Path = Path("/var/lib/xgoals")) -> None:
        self._files = ClusterFiles(home.expanduser().resolve(), state_root)

    def ensure_started(self) -> None:
        """Start the server if it does not run yet, and return when it takes connections.

        Raises
        ------
        ServiceError
            If it does not start; the message ends with the last lines of its log.
        """
        if self.runs():
            return
        with self._one_process_at_a_time():
            account = ServiceAccount.for_this_process()
            base = self._files.prepare(account)
            binaries = usable_binaries(account, base)
            if not self._files.data.is_dir():
                self._initialise(account, binaries)
            self._check_cluster(account, binaries)
            self._start(account, binaries)

    def stop(self) -> None:
        """Stop the server cleanly: open transactions are rolled back, all that was committed is on disk.

        Raises
        ------
        ServiceError
            If it still runs after a minute.
        """
        if not self._files.folder.is_dir():
            return
        with self._one_process_at_a_time():
            postmaster = self._postmaster()
            if postmaster is None:
                return
            with suppress(psutil.NoSuchProcess):  # it has just ended by itself
                postmaster.process.send_signal(signal.SIGINT)  # what Postgres calls a fast shutdown
            deadline = time.monotonic() + _STOP_TIMEOUT_S
            while _is_alive(postmaster.process):
                if time.monotonic() > deadline:
                    raise ServiceError(
                        f"Postgres, process {postmaster.process.pid}, runs on after {_STOP_TIMEOUT_S:.0f} s",
                        where=str(self._files.server_log),
                        advice="Its log says what it waits for",
                    )
                time.sleep(0.02)

    def status(self) -> PostgresStatus:
        """Whether the server runs, on which port, which version, and where its data lies."""
        postmaster = self._postmaster()
        return PostgresStatus(
            running=bool(postmaster and postmaster.ready),
            port=postmaster.port if postmaster else self._files.port(),
            data_folder=self._files.data,
            version=_version(installed_binaries()),
            user=ServiceAccount.for_this_process().name,
        )

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server, with user and password.

        Raises
        ------
        ServiceError
            If the server was never started.
        """
        postmaster = self._postmaster()
        port = postmaster.port if postmaster else self._files.port()
        if port is None:
            raise ServiceError("the embedded Postgres was never started", advice="Run 'xgoals up' first")
        return f"postgresql+psycopg2://{DATABASE_USER}:{self._files.password()}@127.0.0.1:{port}/{database}"

    def runs(self) -> bool:
        """Whether the server takes connections."""
        postmaster = self._postmaster()
        return bool(postmaster and postmaster.ready)

    def has_database(self, name: str) -> bool:
        """Whether a database exists; the server must run."""
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", (name,))
            return cursor.fetchone() is not None

    def create_database(self, name: str) -> None:
        """Create a database, unless it exists; the server must run."""
        if self.has_database(name):
            return
        with closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                try:
                    cursor.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
                except (errors.DuplicateDatabase, errors.UniqueViolation):
                    log.debug("another process has created the database %s in between", name)

    def change_password(self) -> None:
        """Give the database's user a new password; the server must run."""
        password = secrets.token_urlsafe(24)
        with closing(self._connect()) as connection:
            with connection.cursor() as cursor:
                statement = sql.SQL("alter role {} password {}")
                cursor.execute(statement.format(sql.Identifier(DATABASE_USER), sql.Literal(password)))
            self._files.write_password(password)
            connection.commit()

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(self.url("postgres").replace("+psycopg2", ""))

    @contextmanager
    def _one_process_at_a_time(self) -> Iterator[None]:
        self._files.folder.mkdir(parents=True, exist_ok=True)
        path = self._files.folder / "lock"
        try:
            with filelock.FileLock(path, timeout=_START_TIMEOUT_S + _STOP_TIMEOUT_S):
                yield
        except filelock.Timeout:
            raise ServiceError(
                "another process has been starting or stopping Postgres for minutes",
                where=str(path),
                advice="See the processes that have this file open",
            ) from None

    def _initialise(self, account: ServiceAccount, binaries: Path) -> None:
        """Run initdb into a folder that gets its name only when it is complete: a killed run leaves none."""
        cluster = self._files.data.parent
        # A name of its own: the initdb of a starter that was killed a moment ago may still be at work.
        unfinished, password_file = cluster / f"data.unfinished.{os.getpid()}", cluster / "password.once"
        cluster.mkdir(exist_ok=True)
        account.give(cluster, 0o700)
        for left_over in cluster.glob("data.unfinished*"):
            shutil.rmtree(left_over, ignore_errors=True)
        password = secrets.token_urlsafe(24)
        self._files.write_password(password)
        write_secret(password_file, password)
        account.give(password_file, 0o600)
        options = {
            "pgdata": str(unfinished),
            "pwfile": str(password_file),
            "username": DATABASE_USER,
            "auth": "scram-sha-256",
            "encoding": "UTF8",
            "locale": "C",
            "locale-provider": "builtin",
            "builtin-locale": "C.UTF-8",
        }
        command = [str(binaries / "initdb"), *(f"--{name}={value}" for name, value in options.items())]
        try:
            done = account.run(command, timeout_s=_START_TIMEOUT_S)
        finally:
            password_file.unlink()
        if done.returncode:
            raise ServiceError(f"initdb failed:\n{_tail(done.stdout + done.stderr)}", where=str(cluster))
        unfinished.rename(self._files.data)

    def _check_cluster(self, account: ServiceAccount, binaries: Path) -> None:
        data = self._files.data
        owner = data.stat().st_uid
        if owner != account.uid:
            raise ServiceError(
                f"the database belongs to user id {owner}, but Postgres would run as '{account.name}'",
                where=str(data),
                advice="Run xgoals as the user who did so before, or set XGOALS_HOME to another folder",
            )
        written_by, installed = (data / "PG_VERSION").read_text().strip(), _version(binaries)
        if written_by != installed.split(".")[0]:
            raise ServiceError(
                f"the database was written by Postgres {written_by}, installed is {installed}",
                where=str(data),
                advice="Dump it with the environment of before, load it with this one: docs/operations.md",
            )

    def _postmaster(self) -> _Postmaster | None:
        """The running server, found through ``postmaster.pid``; None if that file is missing or stale."""
        data = self._files.data
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            port = int(lines[3])
            if str(data) not in process.cmdline() or not _is_alive(process):
                return None
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            return None
        return _Postmaster(process, port, ready=len(lines) > 7 and lines[7].strip() == "ready")

    def _start(self, account: ServiceAccount, binaries: Path) -> None:
        """Start the server, or wait for one whose starter was killed; try again while that makes sense."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        postmaster = self._postmaster()
        if postmaster and self._becomes_ready(postmaster.process, deadline):
            return
        while True:
            port = self._choose_port()
            log_size = self._files.roll_log()
            if self._becomes_ready(self._launch(account, binaries, port), deadline):
                self._files.write_port(port)
                return
            with self._files.server_log.open("rb") as file:
                file.seek(log_size)
                said = file.read().decode(errors="replace")
            if time.monotonic() > deadline or not any(reason in said for reason in _PASSING):
                raise ServiceError(
                    f"Postgres did not start. It said:\n{_tail(said)}", where=str(self._files.server_log)
                )
            time.sleep(0.2)

    def _choose_port(self) -> int:
        """The port of the last start if it is free, else the next free one, which is said aloud."""
        before = self._files.port()
        own_place = zlib.crc32(str(self._files.home).encode()) % _N_PORTS  # spreads several homes
        candidates = [_FIRST_PORT + (own_place + i) % _N_PORTS for i in range(_N_PORTS)]
        for port in [before, *candidates] if before else candidates:
            if _is_free(port):
                if before and port != before:
                    log.warning("port %d is taken by another program: Postgres listens on %d", before, port)
                return port
        raise ServiceError(f"no free port between {_FIRST_PORT} and {_FIRST_PORT + _N_PORTS - 1}")

    def _launch(self, account: ServiceAccount, binaries: Path, port: int) -> psutil.Process | None:
        """Start the server in a session of its own, which outlives us; None if it has ended already."""
        self._remove_misleading_pid_file()
        settings = [f"--{name}={value}" for name, value in _SERVER_SETTINGS.items()]
        command = [str(binaries / "postgres"), "-D", str(self._files.data), f"--port={port}", *settings]
        with self._files.server_log.open("a") as log_file:
            shell = account.run(  # the shell returns at once and leaves the server to the init process
                ["/bin/sh", "-c", '"$0" "$@" >&2 & echo $!', *command],
                timeout_s=10,
                stderr=log_file.fileno(),
            )
        try:
            return psutil.Process(int(shell.stdout))
        except psutil.NoSuchProcess:
            return None

    def _remove_misleading_pid_file(self) -> None:
        """Remove the file of a killed server where its number would make Postgres believe that it lives.

        That is so if another program has got the number since, or if the dead server was not collected by its
        parent yet (in some containers it never is). In all other cases Postgres judges better than we.
        """
        path = self._files.data / "postmaster.pid"
        try:
            holder = psutil.Process(int(path.read_text().split()[0]))
            is_server = holder.name() == "postgres" and _is_alive(holder)
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            return
        if not is_server:
            path.unlink()

    def _becomes_ready(self, process: psutil.Process | None, deadline: float) -> bool:
        while process and _is_alive(process):
            postmaster = self._postmaster()
            if postmaster and postmaster.ready:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return False


def _is_alive(process: psutil.Process) -> bool:
    """Whether it runs; one that has ended but was not collected yet by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _version(binaries: Path) -> str:
    said = subprocess.run(  # noqa: S603 - our own binary
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout  # "postgres (PostgreSQL) 18.1"
    return said.split()[2]


def _tail(text: str, n_lines: int = 12) -> str:
    return "\n".join(text.strip().splitlines()[-n_lines:])
