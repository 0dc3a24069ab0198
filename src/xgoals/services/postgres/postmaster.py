"""The server's process, found through the file ``postmaster.pid`` that Postgres keeps in its data folder."""

from dataclasses import dataclass
from pathlib import Path

import psutil

from xgoals.services.processes import is_alive


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A server that runs: its process, its port, and whether it takes connections yet."""

    process: psutil.Process
    port: int
    ready: bool


def find_postmaster(data: Path) -> Postmaster | None:
    """The server that runs on a data folder; None if its file is missing or stale."""
    try:
        lines = _pid_file(data).read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        port = int(lines[3])
        if str(data) not in process.cmdline() or not is_alive(process):
            return None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    return Postmaster(process, port, ready=len(lines) > 7 and lines[7].strip() == "ready")


def remove_misleading_pid_file(data: Path) -> None:
    """Remove the file of a killed server where its number would make Postgres believe that it lives.

    That is so if another program has got the number since, or if the dead server was not collected by its
    parent yet (in some containers it never is). In all other cases Postgres judges better than we.
    """
    path = _pid_file(data)
    try:
        holder = psutil.Process(int(path.read_text().split()[0]))
        is_server = holder.name() == "postgres" and is_alive(holder)
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return
    if not is_server:
        path.unlink()


def _pid_file(data: Path) -> Path:
    return data / "postmaster.pid"
