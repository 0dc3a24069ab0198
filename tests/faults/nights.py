"""A night as the DAG works it, each task a process that may be killed, and what people got of it."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, Self

import pytest
from moments import Kind, Moment, die_at, tell, watch

import leagues
from xgoals.mail.delivery.deliver import deliver_waiting
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.mail.enqueue import end_run
from xgoals.settings import load_settings
from xgoals.steps import (
    build_features,
    compute_baseline,
    explain,
    find_matches,
    ingest,
    register,
    report,
    sum_up,
    train,
)
from xgoals.steps.run_context import FeedSource, RunContext, open_run

TAKEN = "MAILS_TAKEN"
"""The variable that names the file in which the mail server keeps what it took."""


@dataclass(frozen=True)
class Night:
    """A run, what it reads, and how much of its pages is real."""

    name: str
    feed: str
    source: Path
    has_real_pages: bool = False

    def opened(self) -> RunContext:
        """As a task of Airflow opens it; it began an hour ago, so that it may count as dead."""
        return open_run(
            load_settings(),
            database="main",
            sources=[FeedSource(self.feed, self.source)],
            dag_run_id=self.name,
            started_at=datetime.now(UTC) - timedelta(hours=1),
        )


@dataclass(frozen=True)
class Given:
    """What tasks hand on through XCom."""

    portions: tuple[Any, ...] = ()
    challenger: str | None = None
    champion: str = ""


@dataclass
class FileServer:
    """A mail server that keeps what it takes, whatever becomes of who has sent it."""

    path: Path = field(default_factory=lambda: Path(os.environ[TAKEN]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Attempt:
        """Take it; whoever sent it may be killed before he hears of that."""
        told = message_from_bytes(message, policy=default)
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("a") as file:
            file.write(json.dumps([str(told["Message-ID"]), str(told["Subject"])]) + "\n")
        tell(Kind.HANDED_OVER)
        return Attempt(Outcome.ACCEPTED, "taken")

    def advice(self) -> str:
        """There is nothing to advise."""
        return ""


def mails_taken(path: Path) -> Counter[str]:
    """How often the server took each mail, by its Message-ID."""
    lines = path.read_text().splitlines() if path.is_file() else []
    return Counter(json.loads(line)[0] for line in lines)


def _find(run: RunContext, given: Given) -> Given:
    _close_dead_runs(run)
    return Given(tuple(find_matches.find_matches(run)))


def _ingest(run: RunContext, given: Given) -> Given:
    for portion in given.portions:
        ingest.ingest_matches(run, portion)
    return given


def _build(run: RunContext, given: Given) -> Given:
    sum_up.sum_up(run, given.portions)
    build_features.build_features(run)
    return given


def _train(run: RunContext, given: Given) -> Given:
    return Given(given.portions, train.train(run))


def _register(run: RunContext, given: Given) -> Given:
    return Given(given.portions, given.challenger, register.register(run, given.challenger))


def _baseline(run: RunContext, given: Given) -> Given:
    compute_baseline.compute_baseline(run, given.champion)
    return given


def _explain(run: RunContext, given: Given) -> Given:
    explain.explain(run, given.champion)
    return given


def _report(run: RunContext, given: Given) -> Given:
    report.report(run, given.champion)
    end_run(run)
    return given


def _deliver(run: RunContext, given: Given) -> Given:
    end_run(run)  # as Airflow's callback does
    deliver_waiting(run.settings, "main", FileServer(), retry_after=timedelta(0))
    return given


TASKS: Mapping[str, Callable[[RunContext, Given], Given]] = {
    "find_matches": _find,
    "ingest": _ingest,
    "build_features": _build,
    "train": _train,
    "register": _register,
    "compute_baseline": _baseline,
    "explain": _explain,
    "report": _report,
    "deliver": _deliver,
}
"""In the order of the DAG; the last is what its callback does at the end."""


def work(night: Night, task: str, given: Given, dies_at: Moment | None = None) -> Given:
    """A task to its end, or to the moment at which its process is killed; what it hands on."""
    _prepare(night)
    if dies_at is not None:
        die_at(dies_at)
    return TASKS[task](night.opened(), given)


def watched(night: Night, task: str, given: Given) -> tuple[list[Moment], Given]:
    """All moments of a task that goes on to its end, and what it hands on."""
    _prepare(night)
    seen: list[Moment] = []
    watch(seen.append)
    return seen, TASKS[task](night.opened(), given)


def work_all(night: Night) -> Given:
    """A whole night in one process."""
    _prepare(night)
    run, given = night.opened(), Given()
    for task in TASKS.values():
        given = task(run, given)
    return given


def _prepare(night: Night) -> None:
    patch = pytest.MonkeyPatch()
    leagues.small_models(patch)
    if not night.has_real_pages:
        leagues.plain_matches(patch)
        leagues.no_model_pages(patch)
        patch.setattr(report, "write_seasons", lambda *_, **__: None)


def _close_dead_runs(run: RunContext) -> None:
    """As the first task of a night does; of Airflow nobody else is at work."""
    from xgoals.orchestration import dead_runs

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dead_runs, "_is_alive", lambda _: False)
        dead_runs.close_dead_runs(run)


def copy_home(source: Path, target: Path) -> None:
    """A home in place of another."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target) if source.is_dir() else target.mkdir(parents=True)
