"""Trying a feed in a process of its own, which is ended when it takes too long."""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from types import TracebackType

from xgoals.feed_check.attempt import Attempt, Outcome

START_S = 120.0
"""At most, for imports and the first attempt: a cold disk, a busy machine."""
ENDS_WITHIN_S = 5.0
"""A process that has closed its answers is about to end."""
HASH_SEED = "1863"
"""Another order of sets than in the process that checks."""


class Attempts:
    """A process for attempts, started anew where it has ended; it ends with this."""

    def __init__(self, feed: str, limit_s: float, start_s: float = START_S) -> None:
        self._feed = feed
        self._limit_s = limit_s
        self._start_s = start_s
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Attempts":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._end()

    def attempt(self, source: str, *, backwards: bool = False) -> Outcome:
        """What comes of a source; a process that hangs or ends is a fault."""
        is_new = self._process is None
        process = self._process = self._process or self._start()
        limit_s = self._limit_s + (self._start_s if is_new else 0.0)
        is_too_late = threading.Event()

        def end() -> None:
            is_too_late.set()
            process.kill()

        timer = threading.Timer(limit_s, end)
        timer.start()
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101  (pipes)
            pickle.dump(Attempt(self._feed, source, backwards), process.stdin)
            process.stdin.flush()
            outcome: Outcome = pickle.load(process.stdout)  # noqa: S301  (written by our own process)
        except (EOFError, OSError, pickle.UnpicklingError):
            how = _hangs(limit_s) if is_too_late.is_set() else _has_ended(process)
            self._end()
            return Outcome(faults=[how])
        finally:
            timer.cancel()
        return outcome

    def _start(self) -> "subprocess.Popen[bytes]":
        path = os.pathsep.join(entry for entry in sys.path if entry)
        return subprocess.Popen(
            [sys.executable, "-m", "xgoals.feed_check.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": HASH_SEED, "OMP_NUM_THREADS": "1"},
        )

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _hangs(limit_s: float) -> str:
    return f"it does not come to an end within {limit_s:.0f} s"


def _has_ended(process: "subprocess.Popen[bytes]") -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ENDS_WITHIN_S)
    return (
        f"the process that reads it ends (exit code {process.returncode}): out of memory, or a broken library"
    )
