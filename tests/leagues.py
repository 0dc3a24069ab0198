"""A small simulated league, and how far its first run has come: computed once a session, then copied.

The stages of that run, each made from a copy of the one before when somebody asks for it first:

``trained``      60 matches are read, and a model waits for a decision
``crowned``      it is champion, with its baseline
``rivalled``     crowned, and a second model, of another seed, waits for a decision
``explained``    crowned, and every shot has its number, those of the newest matches with reasons
``published``    explained, and the pages are written; the run is not closed yet
``told``         explained, the pages are written by :func:`plain_pages`, and mails have told of them: the run is over
"""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from databases import database_name, default_settings
from once import Once
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.mail import digest_facts
from xgoals.mail.enqueue import end_run
from xgoals.model import training
from xgoals.reasons import refits
from xgoals.reasons.frozen import FrozenWindow
from xgoals.settings import Settings, load_settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, report, train
from xgoals.steps.explaining import reason_games
from xgoals.steps.pages.seasons import write_seasons
from xgoals.steps.run_context import FeedSource, RunContext, close_run, open_run

N_MATCHES = 60
OTHER_SEED = 7
N_SEEDS = 2
"""Boosters in a model of these tests: two are merged as four are, at half the price."""
N_TREES_OF_REFITS = 40
"""In each of the forty refits behind a model's reasons: how sure they are is not what these tests ask."""
SHOTS_WITH_REASONS = 160
"""About so many of the 1,600, those of the newest matches: among them are penalties, and all else that reasons tell."""


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
            with pytest.MonkeyPatch.context() as patch:
                small_models(patch)
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
        take_over_reports(stage, empty_database.home / "reports" / "main", engine)
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


def small_models(patch: pytest.MonkeyPatch) -> None:
    """What is trained from now on has ``N_SEEDS`` boosters, and refits of ``N_TREES_OF_REFITS`` trees."""

    def fit_halvings(
        window: FrozenWindow, names: Sequence[str], parameters: Mapping[str, Any]
    ) -> Iterator[refits.Halving]:
        return refits.fit_halvings(window, names, {**parameters, "n_trees": N_TREES_OF_REFITS})

    patch.setattr(training, "N_SEEDS", N_SEEDS)
    patch.setattr(reason_games, "fit_halvings", fit_halvings)


def plain_matches(patch: pytest.MonkeyPatch, keep: Collection[str] = ()) -> None:
    """Pages of matches and matchdays that cost nothing and name their matches, but the matches in ``keep``.

    Which pages are written is the question of those who ask for this, not what they show; nor are pictures drawn for
    mails.
    """
    from xgoals import report as pages

    written = pages.match_report

    def match(match: dict[str, Any], *rest: Any, **more: Any) -> str:
        return written(match, *rest, **more) if match["match_id"] in keep else str(match["match_id"])

    def matchday(_: object, matches: list[dict[str, Any]], *__: object, **___: object) -> str:
        return "\n".join(match["match_id"] for match in matches)

    patch.setattr(pages, "match_report", match)
    patch.setattr(pages, "matchday_report", matchday)
    patch.setattr(digest_facts, "_picture", lambda *_: None)


def plain_pages(patch: pytest.MonkeyPatch) -> None:
    """Nor do those of the model and of seasons cost anything: there are none."""
    plain_matches(patch)
    no_model_pages(patch)
    patch.setattr(report, "write_seasons", lambda *_, **__: None)


def no_model_pages(patch: pytest.MonkeyPatch) -> None:
    """The model's pages, four seconds of each run that has news, are not written from now on."""
    patch.setattr(report, "write_model", lambda _, writer: writer.path("model", "x"))


def take_over_reports(stage: Stage, folder: Path, engine: Engine) -> None:
    """Copy a stage's pages, if it has some, to the reports of a home; its database is told whether they are main's."""
    was = stage.home / "reports" / "main"
    if not was.is_dir():
        return
    shutil.copytree(was, folder)
    with engine.begin() as connection:
        statement = text("update xgoals.report set path = replace(path, 'reports/main/', :now)")
        connection.execute(statement, {"now": f"reports/{folder.name}/"})


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reason_games, "SHOTS_AT_ONCE", SHOTS_WITH_REASONS)
        explain.explain(brief, model, reasons="in-time")
    return model


def _publish(run: RunContext, model: str) -> str:
    with pytest.MonkeyPatch.context() as patch:  # whoever asks first, the stage has all pages
        patch.setattr(report, "write_seasons", write_seasons)
        report.report(run, model)
    return model


def _tell(run: RunContext, model: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        plain_pages(patch)
        report.report(run, model)
        end_run(run)
    return model


_STAGES: dict[str, tuple[str | None, Callable[[RunContext, str], str]]] = {
    "trained": (None, _train),
    "crowned": ("trained", _crown),
    "rivalled": ("crowned", _add_rival),
    "explained": ("crowned", _explain),
    "published": ("explained", _publish),
    "told": ("explained", _tell),
}
