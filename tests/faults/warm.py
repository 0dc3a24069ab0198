"""Processes that begin with everything loaded: a server imports it once, and forks one for each piece of work.

What happens to such a process (it is killed, it runs out of memory) happens to nobody else.
"""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

PRELOADED = (
    "pandas", "xgboost", "sqlalchemy", "psycopg2", "leagues",
    "xgoals.feeds.archive", "xgoals.feeds.dfl", "xgoals.feeds.statsbomb", "xgoals.feeds.reading",
    "xgoals.mail.enqueue", "xgoals.mail.delivery.deliver", "xgoals.orchestration.dead_runs",
    "xgoals.mail.digest_facts", "xgoals.report",
    "xgoals.explain", "xgoals.steps.build_features", "xgoals.steps.compute_baseline", "xgoals.steps.explain",
    "xgoals.steps.find_matches",
    "xgoals.steps.ingest", "xgoals.steps.register", "xgoals.steps.report", "xgoals.steps.train",
    "xgoals.steps.upkeep.clean", "xgoals.steps.upkeep.matches",
)  # fmt: skip
PATIENCE_S = 300.0
"""So long a piece of work may take; whoever hangs longer is a finding."""


@dataclass(frozen=True)
class Ended:
    """How a process ended: ``code`` is its exit code, minus the signal that killed it; what it returned or raised."""

    code: int
    returned: Any = None
    error: BaseException | None = None

    def result(self) -> Any:
        """What it returned.

        Raises
        ------
        BaseException
            What it raised; `AssertionError` if it was killed.
        """
        if self.error is not None:
            raise self.error
        assert self.code == 0, f"the process ended with {self.code}"
        return self.returned


class Started:
    """A process at work."""

    def __init__(self, work: Callable[..., Any], *args: Any, env: Mapping[str, str]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        self._receives, sends = context.Pipe(duplex=False)
        self.process = context.Process(target=_run, args=(sends, dict(env), work, args))
        self.process.start()
        sends.close()

    def wait(self, patience_s: float = PATIENCE_S) -> Ended:
        """How it ended.

        Raises
        ------
        TimeoutError
            If it has not ended in time; it is killed.
        """
        said: tuple[Any, BaseException | None] = (None, None)
        try:
            has_ended = self._receives.poll(patience_s)
            if has_ended:
                said = self._receives.recv()
        except EOFError:  # killed
            has_ended = True
        self.process.join(patience_s if has_ended else 0)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            self.process.join()
            raise TimeoutError(f"process {self.process.pid} hangs")
        self._receives.close()
        self.process.close()
        return Ended(code, *said)


def run_warm(work: Callable[..., Any], *args: Any, env: Mapping[str, str] = os.environ) -> Ended:
    """Call a function of a module in a process of its own, with these variables and no others; how it ended."""
    return Started(work, *args, env=env).wait()


def _run(sends: Connection, env: dict[str, str], work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    os.environ.clear()
    os.environ.update(env)
    try:
        said: tuple[Any, BaseException | None] = (work(*args), None)
    except Exception as error:
        said = (None, error)
    try:
        sends.send(said)
    except Exception:
        sends.send((None, RuntimeError(repr(said[1]))))
