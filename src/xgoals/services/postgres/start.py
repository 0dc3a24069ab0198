"""Starting the server: on which port, with which settings, as a process that outlives whoever starts it."""

import logging
import time
import zlib
from pathlib import Path

import psutil

from xgoals.domain.errors import ServiceError
from xgoals.services.ports import is_free
from xgoals.services.postgres.cluster_files import ClusterFiles
from xgoals.services.postgres.postmaster import find_postmaster, remove_misleading_pid_file
from xgoals.services.postgres.service_account import ServiceAccount
from xgoals.services.processes import is_alive, last_lines

log = logging.getLogger(__name__)

START_TIMEOUT_S = 60.0
_FIRST_PORT, _N_PORTS = 15_432, 1_000
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


def start_server(files: ClusterFiles, account: ServiceAccount, binaries: Path) -> None:
    """Start the server, or wait for one whose starter was killed; try again while that makes sense.

    Raises
    ------
    ServiceError
        If it does not start; the message ends with the last lines of its log.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    postmaster = find_postmaster(files.data)
    if postmaster and _becomes_ready(files.data, postmaster.process, deadline):
        return
    while True:
        port = _choose_port(files)
        log_size = files.roll_log()
        if _becomes_ready(files.data, _launch(files, account, binaries, port), deadline):
            return
        with files.server_log.open("rb") as file:
            file.seek(log_size)
            said = file.read().decode(errors="replace")
        if time.monotonic() > deadline or not any(reason in said for reason in _PASSING):
            raise ServiceError(
                f"Postgres did not start. It said:\n{last_lines(said)}", where=str(files.server_log)
            )
        time.sleep(0.2)


def _choose_port(files: ClusterFiles) -> int:
    """The port of the last start if it is free, else the next free one, which is said aloud."""
    before = files.port()
    own_place = zlib.crc32(str(files.home).encode()) % _N_PORTS  # spreads several homes
    candidates = [_FIRST_PORT + (own_place + i) % _N_PORTS for i in range(_N_PORTS)]
    for port in [before, *candidates] if before else candidates:
        if is_free(port):
            if before and port != before:
                log.warning("port %d is taken by another program: Postgres listens on %d", before, port)
            return port
    raise ServiceError(f"no free port between {_FIRST_PORT} and {_FIRST_PORT + _N_PORTS - 1}")


def _launch(files: ClusterFiles, account: ServiceAccount, binaries: Path, port: int) -> psutil.Process | None:
    """Start the server in a session of its own, which outlives us; None if it has ended already."""
    remove_misleading_pid_file(files.data)
    settings = [f"--{name}={value}" for name, value in _SERVER_SETTINGS.items()]
    command = [str(binaries / "postgres"), "-D", str(files.data), f"--port={port}", *settings]
    with files.server_log.open("a") as log_file:
        shell = account.run(  # the shell returns at once and leaves the server to the init process
            ["/bin/sh", "-c", '"$0" "$@" >&2 & echo $!', *command],
            timeout_s=10,
            stderr=log_file.fileno(),
        )
    try:
        return psutil.Process(int(shell.stdout))
    except psutil.NoSuchProcess:
        return None


def _becomes_ready(data: Path, process: psutil.Process | None, deadline: float) -> bool:
    while process and is_alive(process):
        postmaster = find_postmaster(data)
        if postmaster and postmaster.ready:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return False
