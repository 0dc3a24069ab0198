"""An own Postgres under ``XGOALS_HOME``: nothing to install, nothing to configure, nobody else gets in.

The server listens on loopback only, asks for a password (SCRAM), and keeps its data over restarts. Several
processes may ask for it at once: one starts it, the others wait for that. As root the server runs as user
``nobody`` (`service_account`); `cluster_files` says what lies where, `initialise` makes the cluster, `start` starts
the process, `postmaster` finds it.
"""

import logging
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock
import psutil
import psycopg2
from psycopg2 import errors, sql

from xgoals.domain.errors import ServiceError
from xgoals.services.postgres.binaries import usable_binaries
from xgoals.services.postgres.cluster_files import ClusterFiles
from xgoals.services.postgres.initialise import check_cluster, make_cluster, server_version
from xgoals.services.postgres.postmaster import find_postmaster
from xgoals.services.postgres.service_account import ServiceAccount
from xgoals.services.postgres.start import START_TIMEOUT_S, start_server
from xgoals.services.processes import is_alive
from xgoals.services.secret_files import write_secret
from xgoals.settings import DatabaseRole
from xgoals.store.embedded_address import DATABASE_USER, MEMBERS, EmbeddedAddress, password_file
from xgoals.store.schema.group_roles import READER_ROLE, WRITER_ROLE
from xgoals.store.upkeep.postgres_programs import installed_binaries

log = logging.getLogger(__name__)

_STOP_TIMEOUT_S = 60.0
_MEMBERS_LOCK = 0x78676D62
GROUPS: dict[DatabaseRole, str] = {"writer": WRITER_ROLE, "reader": READER_ROLE}


@dataclass(frozen=True, slots=True)
class PostgresStatus:
    """What a person wants to know about the server; ``user`` is the system's account that runs it."""

    running: bool
    port: int | None
    data_folder: Path
    version: str
    user: str


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

        Its port is left where `xgoals.store` looks for it, also if it is found running.

        Raises
        ------
        ServiceError
            If it does not start; the message ends with the last lines of its log.
        """
        if not self.runs():
            with self._one_process_at_a_time():
                account = ServiceAccount.for_this_process()
                binaries = usable_binaries(account, self._files.prepare(account))
                if not self._files.data.is_dir():
                    make_cluster(self._files, account, binaries)
                check_cluster(self._files.data, account, binaries)
                start_server(self._files, account, binaries)
        self._leave_port()
        self._settle_password()

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
            postmaster = find_postmaster(self._files.data)
            if postmaster is None:
                return
            with suppress(psutil.NoSuchProcess):  # it has just ended by itself
                postmaster.process.send_signal(signal.SIGINT)  # what Postgres calls a fast shutdown
            deadline = time.monotonic() + _STOP_TIMEOUT_S
            while is_alive(postmaster.process):
                if time.monotonic() > deadline:
                    raise ServiceError(
                        f"Postgres, process {postmaster.process.pid}, runs on after {_STOP_TIMEOUT_S:.0f} s",
                        where=str(self._files.server_log),
                        advice="Its log says what it waits for",
                    )
                time.sleep(0.02)

    def status(self) -> PostgresStatus:
        """Whether the server runs, on which port, which version, and where its data lies."""
        postmaster = find_postmaster(self._files.data)
        return PostgresStatus(
            running=bool(postmaster and postmaster.ready),
            port=postmaster.port if postmaster else self._files.port(),
            data_folder=self._files.data,
            version=server_version(installed_binaries()),
            user=ServiceAccount.for_this_process().name,
        )

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server, with user and password.

        Raises
        ------
        ServiceError
            If the server was never started.
        """
        postmaster = find_postmaster(self._files.data)
        port = postmaster.port if postmaster else self._files.port()
        if port is None:
            raise ServiceError("the embedded Postgres was never started", advice="Run 'xgoals up' first")
        return EmbeddedAddress(port, self._files.password()).url(database)

    def runs(self) -> bool:
        """Whether the server takes connections."""
        postmaster = find_postmaster(self._files.data)
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

    def has_cluster(self) -> bool:
        """Whether there is a database, running or not."""
        return self._files.data.is_dir()

    def change_password(self) -> None:
        """Give the database's user a new password; the server must run.

        Killed at any point, the next start finds out which of the two passwords counts.
        """
        password = secrets.token_urlsafe(24)
        with closing(self._connect()) as connection:
            write_secret(self._files.next_password, password)
            with connection.cursor() as cursor:
                statement = sql.SQL("alter role {} password {}")
                cursor.execute(statement.format(sql.Identifier(DATABASE_USER), sql.Literal(password)))
            connection.commit()
        self._files.next_password.replace(password_file(self._files.home))

    def make_members(self, *, anew: bool = False) -> None:
        """Let tasks and pages log in as members of the group roles, which a database of ours has made.

        The server must run. What the files say counts: whoever was killed between file and server is mended here.

        Parameters
        ----------
        anew
            With new passwords.
        """
        with closing(self._connect()) as connection, connection, connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", (_MEMBERS_LOCK,))  # `up` and `run` at once
            for role, name in MEMBERS.items():
                path = password_file(self._files.home, role)
                if anew or not path.is_file():
                    write_secret(path, secrets.token_urlsafe(24))
                cursor.execute("select 1 from pg_roles where rolname = %s", (name,))
                verb = "alter" if cursor.fetchone() else "create"
                statement = sql.SQL(f"{verb} role {{}} login password {{}}")
                cursor.execute(statement.format(sql.Identifier(name), sql.Literal(path.read_text().strip())))
                cursor.execute(sql.SQL("grant {} to {}").format(*map(sql.Identifier, (GROUPS[role], name))))

    def _settle_password(self) -> None:
        """Whoever changed the password was killed over it: keep the one that opens."""
        upcoming = self._files.next_password
        if not upcoming.is_file():
            return
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            upcoming.replace(password_file(self._files.home))
            self._connect().close()
        else:
            upcoming.unlink(missing_ok=True)

    def _leave_port(self) -> None:
        """A starter may have been killed before it wrote the port down."""
        postmaster = find_postmaster(self._files.data)
        if postmaster and postmaster.port != self._files.port():
            self._files.write_port(postmaster.port)

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(self.url("postgres").replace("+psycopg2", ""))

    @contextmanager
    def _one_process_at_a_time(self) -> Iterator[None]:
        self._files.folder.mkdir(parents=True, exist_ok=True)
        path = self._files.folder / "lock"
        try:
            with filelock.FileLock(path, timeout=START_TIMEOUT_S + _STOP_TIMEOUT_S):
                yield
        except filelock.Timeout:
            raise ServiceError(
                "another process has been starting or stopping Postgres for minutes",
                where=str(path),
                advice="See the processes that have this file open",
            ) from None
