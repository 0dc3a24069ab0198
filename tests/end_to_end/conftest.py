"""Runs of steps, on the simulated league and on other sources; what the first run on it has left is in ``leagues``."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

import leagues
from leagues import OTHER_SEED
from xgoals.settings import Settings, load_settings
from xgoals.steps import (
    build_features,
    compute_baseline,
    explain,
    ingest,
    register,
    report,
    run_context,
    train,
)
from xgoals.steps.run_context import FeedSource, RunContext
from xgoals.store.database import connect


@pytest.fixture(autouse=True)
def only_where_they_matter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some 400 pages of players, clubs and a season take as long as all else of a report: without the marker
    ``season_pages`` a report in this process leaves them out."""
    if request.node.get_closest_marker("season_pages") is None:
        monkeypatch.setattr(report, "write_seasons", lambda *_, **__: None)


@pytest.fixture(autouse=True)
def small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is trained in this process has as few boosters as the league's models have."""
    leagues.small_models(monkeypatch)


@pytest.fixture
def plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that cost nothing, for tests that ask which are written."""
    leagues.plain_pages(monkeypatch)


@pytest.fixture
def query(empty_database: Settings) -> Callable[[str], pd.DataFrame]:
    """Ask the results database."""

    def ask(statement: str) -> pd.DataFrame:
        engine = connect(empty_database, "main")
        with engine.connect() as connection:
            frame = pd.read_sql_query(text(statement), connection)
        engine.dispose()
        return frame

    return ask


@pytest.fixture
def open_run(empty_database: Settings) -> Callable[..., RunContext]:
    """A run of steps on an empty database; settings are read anew, as at an entrance."""

    def begin(name: str, feed: str, source: Path) -> RunContext:
        return run_context.open_run(
            load_settings(),
            database="main",
            sources=[FeedSource(feed, source)],
            dag_run_id=name,
            started_at=None,
        )

    return begin


@pytest.fixture
def whole_run(open_run: Callable[..., RunContext]) -> Callable[..., RunContext]:
    """All seven steps in the order of the DAG."""

    def work(name: str, source: Path, feed: str = "archive") -> RunContext:
        context = open_run(name, feed, source)
        ingest.ingest(context)
        build_features.build_features(context)
        champion = register.register(context, train.train(context))
        compute_baseline.compute_baseline(context, champion)
        explain.explain(context, champion)
        report.report(context, champion)
        run_context.close_run(context, "success")
        return context

    return work


@pytest.fixture
def first(reach, open_run, league):
    """A league with its first champion, nothing explained, and a challenger not yet judged."""
    reach("rivalled")
    return open_run("later", "archive", league)


@pytest.fixture
def database(first):
    """Settings that lead to the copy."""
    return first.settings


@pytest.fixture
def train_another(open_run, league, monkeypatch):
    """A challenger of another seed, trained but not judged."""

    def work(seed=OTHER_SEED, **settings):
        monkeypatch.setenv("XGOALS_TRAINING__SEED", str(seed))
        for name, value in settings.items():
            monkeypatch.setenv(f"XGOALS_TRAINING__{name.upper()}", str(value))
        context = open_run(f"seed {seed}", "archive", league)
        return context, train.train(context, even_if_not_due=True)

    return work
