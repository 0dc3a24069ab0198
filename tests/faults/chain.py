"""The tasks of the pipeline in their order, each as one call that a process of its own can make."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moments import Moment, die_at, watch

import leagues
from xgoals.mail.enqueue import end_run
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, models, register, report
from xgoals.steps import train as training
from xgoals.steps.run_context import FeedSource, RunContext, open_run


@dataclass(frozen=True)
class Run:
    """Which run a task works for; without a source it reads nothing."""

    name: str
    feed: str = "archive"
    source: Path | None = None

    def opened(self) -> RunContext:
        """As a task of Airflow opens it; settings are those of the process's variables."""
        sources = [FeedSource(self.feed, self.source)] if self.source else []
        return open_run(
            load_settings(), database="main", sources=sources, dag_run_id=self.name, started_at=None
        )


def _ingest(run: RunContext) -> None:
    """All tasks `find_matches`, `ingest` and what `build_features` begins with, in one process."""
    ingest.ingest(run)


def _register(run: RunContext) -> None:
    register.register(run, models.latest_model(run))


def _baseline(run: RunContext) -> None:
    compute_baseline.compute_baseline(run, models.present_champion(run))


def _explain(run: RunContext) -> None:
    explain.explain(run, models.present_champion(run))


def _report(run: RunContext) -> None:
    report.report(run, models.present_champion(run))
    end_run(run)


TASKS: dict[str, Callable[[RunContext], Any]] = {
    "ingest": _ingest,
    "build_features": build_features.build_features,
    "train": training.train,
    "register": _register,
    "compute_baseline": _baseline,
    "explain": _explain,
    "report": _report,
}
"""As the DAG calls them; `report` closes the run and queues its mails, too."""


def work(task: str, run: Run, dies_at: Moment | None = None) -> None:
    """A task of a run, to its end or to the moment at which its process is killed."""
    _small_models()
    if dies_at is not None:
        die_at(dies_at)
    TASKS[task](run.opened())


def moments_of(task: str, run: Run) -> list[Moment]:
    """All moments of a task that goes on to its end."""
    _small_models()
    moments: list[Moment] = []
    watch(moments.append)
    TASKS[task](run.opened())
    return moments


def _small_models() -> None:
    leagues.small_models(pytest.MonkeyPatch())
