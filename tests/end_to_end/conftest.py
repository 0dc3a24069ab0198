"""A small simulated league, its archive, and runs of steps on it."""

import uuid
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest
from champions import OTHER_SEED
from sqlalchemy import create_engine, text

from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
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

N_MATCHES = 60


@pytest.fixture(scope="session")
def league(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the first 60 matches of the simulated league."""
    path = tmp_path_factory.mktemp("league") / "league.parquet"
    assert write_archive(path, islice(simulate_league(), N_MATCHES)) == N_MATCHES
    return path


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


@pytest.fixture(scope="session")
def league_with_two_models(postgres, template_database, league, tmp_path_factory):
    """A database to copy: a league with its first champion, nothing explained, and a challenger not yet judged."""
    name = f"template_champions_{uuid.uuid4().hex[:12]}"
    server = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"create database {name} template {template_database}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XGOALS_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("XGOALS_DATABASE_URL", postgres.url(name))
        context = begin("first", league)
        ingest.ingest(context)
        build_features.build_features(context)
        compute_baseline.compute_baseline(context, register.register(context, train.train(context)))
        patch.setenv("XGOALS_TRAINING__SEED", str(OTHER_SEED))
        train.train(begin("other seed", league), even_if_not_due=True)
    yield name
    with server.connect() as connection:
        connection.exec_driver_sql(f"drop database {name}")
    server.dispose()


def begin(name, source):
    return run_context.open_run(
        load_settings(),
        database="main",
        sources=[FeedSource("archive", source)],
        dag_run_id=name,
        started_at=None,
    )


@pytest.fixture
def first(empty_database, postgres, league_with_two_models, league, monkeypatch):
    """A copy of that database in place of the empty one."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"create database {name} template {league_with_two_models}")
    server.dispose()
    monkeypatch.setenv("XGOALS_DATABASE_URL", postgres.url(name))
    return begin("later", league)


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
