"""One in-process run at a time in an ``XGOALS_HOME``; who waits can say for whom."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import filelock
import psutil

from xgoals.domain.errors import ServiceError
from xgoals.services.processes import RememberedProcess
from xgoals.whole_files import write_whole

PATIENCE = timedelta(hours=2)
"""How long somebody waits by default."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: what he does, since when (seconds since 1970), and in which process."""

    doing: str
    since_s: float
    pid: int
    started_s: float

    def __str__(self) -> str:
        since = time.strftime("%H:%M:%S", time.localtime(self.since_s))
        return f"{self.doing} (process {self.pid}, since {since})"


def holder(home: Path) -> Holder | None:
    """Who holds the lock at the moment, or None if nobody does."""
    try:
        written = Holder(**json.loads(_holder_path(home).read_text()))
    except (FileNotFoundError, ValueError):
        return None
    return written if RememberedProcess("", written.pid, written.started_s).find() else None


@contextmanager
def run_lock(
    home: Path, doing: str, on_wait: Callable[[str], None], *, patience: timedelta = PATIENCE
) -> Iterator[None]:
    """Hold the lock for the body; the system releases it when the process ends, however it ends.

    Parameters
    ----------
    home
        ``XGOALS_HOME``.
    doing
        What this process does, for those who wait for it.
    on_wait
        Called once, before the waiting begins, with who holds the lock.
    patience
        How long to wait.

    Raises
    ------
    ServiceError
        If it has waited in vain.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(home / "run.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        on_wait(str(holder(home) or "another process"))
        try:
            lock.acquire(timeout=patience.total_seconds(), poll_interval=0.2)
        except filelock.Timeout:
            raise ServiceError(
                f"waited {patience.total_seconds() / 60:.0f} minutes in vain: "
                f"{holder(home) or 'another process'} is at work in this home",
                where=str(home),
                advice="Let it end, or end that process; 'xgoals status' shows what is under way",
            ) from None
    path = _holder_path(home)
    try:
        me = Holder(doing, time.time(), os.getpid(), psutil.Process().create_time())
        write_whole(path, json.dumps(asdict(me)))
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def _holder_path(home: Path) -> Path:
    return home / "run.holder.json"
