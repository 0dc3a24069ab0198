"""Reading files in a process that may not take more memory or time than it should, and that tells what it touched."""

import os
import resource
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from warm import run_warm

from xgoals.feed_check.attempt import Attempt, Outcome, tried

MORE_MEMORY_BYTES = 3 << 29
"""A process that has everything loaded may take 1.5 GB more, whatever the files of a match are."""
CPU_S = 30
"""So long may it compute."""
_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request")
_PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


@dataclass(frozen=True)
class Touched:
    """What came of a source, which files outside of it were opened, and what else should not have been done."""

    outcome: Outcome
    outside: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)


def read_limited(feed: str, source: Path) -> Touched:
    """List a source and read its matches in a process of its own.

    Raises
    ------
    AssertionError
        If that process does not come to its end: it was killed, or computed for too long.
    """
    touched: Touched = run_warm(_read, feed, str(source)).result()
    return touched


def _read(feed: str, source: str) -> Touched:
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps a gigabyte of addresses in reserve
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MORE_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    code = map(os.path.realpath, (*sys.path[1:], "src"))
    allowed = (os.path.realpath(source), source, sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", *code)
    outside, forbidden = list[str](), list[str]()

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | bytes):
            name = os.fsdecode(args[0])
            if not name.startswith(allowed):
                outside.append(name)
        elif event in _NETWORK or event in _PROCESSES:
            forbidden.append(f"{event} {args[1:2]}")

    sys.addaudithook(heard)
    outcome = tried(Attempt(feed, source))
    return Touched(outcome, list(outside), list(forbidden))


class Listener:
    """A port of this machine that notes whether anybody has come."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def has_been_called(self) -> bool:
        """Whether there was a connection since it was last asked."""
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Nobody can come any more."""
        self._socket.close()
