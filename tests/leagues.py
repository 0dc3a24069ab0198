"""A small simulated league, and how far its first run has come: computed once a session, then copied.

The stages of that run, each made from a copy of the one before when somebody asks for it first:

``trained``      60 matches are read, and a model waits for a decision
``crowned``      it is champion, with its baseline
``rivalled``     crowned, and a second model, of another seed, waits for a decision
``explained``    crowned, and every shot has its number, those of the newest matches with reasons
``published``    explained, and the pages are written; the run is not closed yet
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from databases import database_name, default_settings
from once import Once
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.settings import Settings, load_settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, report, train
from xgoals.steps.pages.seasons import write_seasons
from xgoals.steps.run_context import FeedSource, RunContext, close_run, open_run

N_MATCHES = 60
OTHER_SEED = 7


@pytest.fixture(scope="session")
def league(once: Once) -> Path:
    """An archive of the first 60 matches of the simulated league."""
    path = once.folder / "league" / "league.parquet"

    def simulate() -> int:
        path.parent.mkdir(exist_ok=True)
        return write_archive(path, islice(simulate_league(), N_MATCHES))

    assert once("league", simulate) == N_MATCHES
    return path


@dataclass(frozen=True)
class Stage:
    """What the run has left behind: database and home, to be copied, and the name of its model."""

    database: str
    home: Path
    model: str


@pytest.fixture(scope="session")
def stage_of_the_first_run(
    once: Once, copy_database: Callable[[str, str], str], template_database: str, league: Path
) -> Callable[[str], Stage]:
    """``stage_of_the_first_run("crowned")`` does what leads there, unless that was done already."""

    def reach(name: str) -> Stage:
        database, home = f"league_{name}", once.folder / f"league-{name}"

        def make() -> str:
            before, work = _STAGES[name]
            known = reach(before) if before else Stage(template_database, home, "")
            url = copy_database(known.database, database)
            run = begin(default_settings(home=home, database_url=url), "first", league)
            return work(run, known.model)

        return Stage(database, home, once(f"league-{name}", make))

    return reach


@pytest.fixture
def reach(
    empty_database: Settings,
    stage_of_the_first_run: Callable[[str], Stage],
    copy_database: Callable[[str, str], str],
    league: Path,
) -> Callable[[str], tuple[RunContext, str]]:
    """``reach("crowned")`` fills the empty database and its home with a stage: the first run, and its model."""

    def fill(name: str) -> tuple[RunContext, str]:
        stage = stage_of_the_first_run(name)
        engine = create_engine(copy_database(stage.database, database_name(empty_database)))
        take_over_reports(stage, empty_database.reports / "main", engine)
        engine.dispose()
        return begin(load_settings(), "first", league), stage.model

    return fill


@pytest.fixture
def first_run(reach: Callable[[str], tuple[RunContext, str]]) -> RunContext:
    """The whole first run on the league, to its end, in place of the empty database."""
    run, _ = reach("published")
    close_run(run, "success")
    return run


def begin(settings: Settings, name: str, league: Path) -> RunContext:
    """A run that reads the league, or the same one again."""
    sources = [FeedSource("archive", league)]
    return open_run(settings, database="main", sources=sources, dag_run_id=name, started_at=None)


def take_over_reports(stage: Stage, folder: Path, engine: Engine) -> None:
    """Copy a stage's pages, if it has some, to another folder; its database is told where they are now."""
    was = stage.home / "reports" / "main"
    if not was.is_dir():
        return
    shutil.copytree(was, folder)
    with engine.begin() as connection:
        statement = text("update xgoals.report set path = replace(path, :was, :now)")
        connection.execute(statement, {"was": str(was), "now": str(folder)})


def _train(run: RunContext, _: str) -> str:
    ingest.ingest(run)
    build_features.build_features(run)
    model = train.train(run)
    assert model
    return model


def _crown(run: RunContext, model: str) -> str:
    assert register.register(run, model) == model
    compute_baseline.compute_baseline(run, model)
    return model


def _add_rival(run: RunContext, model: str) -> str:
    training = run.settings.training.model_copy(update={"seed": OTHER_SEED})
    rival = begin(run.settings.model_copy(update={"training": training}), "other seed", run.sources[0].path)
    assert train.train(rival, even_if_not_due=True) != model
    return model


def _explain(run: RunContext, model: str) -> str:
    """As a run whose time was up: some shots have reasons, others not yet."""
    limits = run.settings.limits.model_copy(update={"reasons_minutes": 1e-9})
    brief = replace(run, settings=run.settings.model_copy(update={"limits": limits}))
    explain.explain(brief, model, reasons="in-time")
    return model


def _publish(run: RunContext, model: str) -> str:
    with pytest.MonkeyPatch.context() as patch:  # whoever asks first, the stage has all pages
        patch.setattr(report, "write_seasons", write_seasons)
        report.report(run, model)
    return model


_STAGES: dict[str, tuple[str | None, Callable[[RunContext, str], str]]] = {
    "trained": (None, _train),
    "crowned": ("trained", _crown),
    "rivalled": ("crowned", _add_rival),
    "explained": ("crowned", _explain),
    "published": ("explained", _publish),
}
