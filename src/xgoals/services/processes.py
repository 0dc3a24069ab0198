"""Processes that outlive the command that starts them, and are ended by a later one.

A process is remembered by its number together with the time of its start, so that a number which the system
has given to somebody else since is never taken for ours: only what we started is ever ended.
"""

import json
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from xgoals.whole_files import writable, write_whole


@dataclass(frozen=True, slots=True)
class RememberedProcess:
    """A process that we started; ``started_s`` is the time of its start in seconds since 1970."""

    name: str
    pid: int
    started_s: float

    def find(self) -> psutil.Process | None:
        """The process itself while it runs, else None."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_s) < 0.5
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def launch(
    name: str, command: Sequence[str], *, environment: Mapping[str, str], log: Path
) -> RememberedProcess:
    """Start a command in a session of its own, its output appended to a file.

    The shell in between ends at once: the command is then nobody's child, closing the terminal does not end
    it, and it leaves no trace in our process.

    Raises
    ------
    UnwritableError
        If there is no room for its log.
    """
    with writable(log):
        log.parent.mkdir(parents=True, exist_ok=True)
        log_file = log.open("a")
    with log_file:
        shell = subprocess.run(  # noqa: S603 - commands come from this package
            ["/bin/sh", "-c", '"$0" "$@" >&2 & echo $!', *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log_file,
            env=dict(environment),
            text=True,
            start_new_session=True,
            check=True,
        )
    pid = int(shell.stdout)
    try:
        return RememberedProcess(name, pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:  # ended already: the caller sees that it does not run, and reads its log
        return RememberedProcess(name, pid, 0.0)


def end(processes: Iterable[RememberedProcess], *, patience_s: float = 15.0) -> None:
    """End processes and all their descendants: asked first, killed after ``patience_s`` seconds."""
    roots = [process for remembered in processes if (process := remembered.find())]
    family = [*roots, *(child for root in roots for child in _descendants(root))]
    for root in roots:
        _ask_to_end(root)
    _end_at_last(family, patience_s)


def end_processes(processes: Sequence[psutil.Process], *, patience_s: float) -> None:
    """End these processes and no others: asked first, killed after ``patience_s`` seconds."""
    for process in processes:
        _ask_to_end(process)
    _end_at_last(processes, patience_s)


def with_descendants(remembered: RememberedProcess) -> list[psutil.Process]:
    """A process and all that it and its children have started; empty if it does not run."""
    process = remembered.find()
    return [process, *_descendants(process)] if process else []


def _end_at_last(family: Sequence[psutil.Process], patience_s: float) -> None:
    _wait(family, patience_s)
    left_over = [process for process in family if is_alive(process)]
    for process in left_over:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    _wait(left_over, 5.0)


def remember(path: Path, processes: Sequence[RememberedProcess]) -> None:
    """Write down what was started."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps([asdict(process) for process in processes]))


def remembered(path: Path) -> list[RememberedProcess]:
    """What `remember` wrote down, running or not."""
    return [RememberedProcess(**entry) for entry in json.loads(path.read_text())] if path.is_file() else []


def memory_mib(process: psutil.Process) -> int:
    """Memory of a process and its descendants in MiB; what several share is divided among them (Linux)."""
    total = 0
    for member in [process, *_descendants(process)]:
        try:
            memory = member.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += getattr(memory, "pss", memory.rss)
    return round(total / 2**20)


def tail(log: Path, n_lines: int = 12) -> str:
    """The last lines of a log file."""
    return last_lines(log.read_text(errors="replace"), n_lines)


def last_lines(text: str, n_lines: int = 12) -> str:
    """The last lines of what a program has said."""
    return "\n".join(text.strip().splitlines()[-n_lines:])


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; one that has ended but was not collected yet by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        children: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return children


def _ask_to_end(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return


def _wait(processes: Sequence[psutil.Process], patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while any(map(is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
