"""Runs on inboxes that deliveries are put into, in a database that is emptied of all but its champion."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import xgboost
from small_world import FEEDS, Delivery
from sqlalchemy import Connection, Engine, create_engine, text

from databases import database_name
from leagues import Stage
from xgoals.domain.errors import ModelError, SettingsError
from xgoals.explain import forest
from xgoals.model import artifact
from xgoals.settings import Settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, train
from xgoals.steps.run_context import FeedSource, RunContext, open_run
from xgoals.steps.upkeep import matches
from xgoals.store import database, locks

OF_THE_CHAMPION = frozenset({
    "model_version", "model_sister", "champion", "anchor", "pin", "promotion", "baseline", "model_evaluation",
    "feature_catalogue", "glass_box_step",
})  # fmt: skip
WHOLE_RUNS = 0.3
"""The share of runs before the last one that do not end after `ingest`."""
_ABOUT_THE_RUN = re.compile(
    r'<tr><th scope="row">Run</th>.*?</section>|<b>[^<]*</b>\s*(?=Time to explain)', re.DOTALL
)
"""Of the model's pages: which run has written them and when, and how long that took."""


@dataclass
class Pipeline:
    """Runs on inboxes that deliveries are put into, in a database that is emptied of all but its champion."""

    settings: Settings
    engine: Engine
    model: str
    n_runs: int = 0
    trains: bool = False

    def play(self, order: Sequence[Sequence[Delivery]], rng: np.random.Generator | None = None) -> None:
        """A run for each batch of deliveries, from nothing; by chance most but the last end after `ingest`."""
        self.empty()
        for n, batch in enumerate(order, start=1):
            for delivery in batch:
                self._put(delivery)
            self.run(is_whole=rng is None or n == len(order) or bool(rng.random() < WHOLE_RUNS))

    def empty(self) -> None:
        """Nothing is stored but the champion (and its challengers, where runs train), nothing lies in an inbox."""
        shutil.rmtree(self.settings.home / "inbox", ignore_errors=True)
        with self.engine.begin() as connection:
            tables = connection.scalars(
                text(
                    """select table_name from information_schema.tables
                       where table_schema = 'xgoals' and table_type = 'BASE TABLE'"""
                )
            )
            gone = ", ".join(f"xgoals.{table}" for table in tables if table not in OF_THE_CHAMPION)
            connection.execute(text(f"truncate {gone}"))
            connection.execute(
                text("insert into xgoals.model_match select * from public.model_match_as_trained")
            )

    def begin(self) -> RunContext:
        """Open one more run."""
        self.n_runs += 1
        inboxes = {feed: self.settings.inbox(feed, "main") for feed in FEEDS}
        sources = [FeedSource(feed, inbox) for feed, inbox in inboxes.items() if inbox.is_dir()]
        return open_run(
            self.settings, database="main", sources=sources, dag_run_id=f"run {self.n_runs}", started_at=None
        )

    def run(self, *, is_whole: bool = True) -> None:
        """One more run, with or without what comes after `ingest`."""
        run = self.begin()
        ingest.ingest(run)
        if is_whole:
            build_features.build_features(run)
            if self.trains:
                self._train(run)
            explain.explain(run, self.model)

    def _train(self, run: RunContext) -> None:
        try:
            self.model = register.register(run, train.train(run, even_if_not_due=True))
        except ModelError as error:
            assert (error.advice or "").startswith("Give it more matches")  # noqa: PT017 - the others have not come yet
            return
        compute_baseline.compute_baseline(run, self.model)

    def _put(self, delivery: Delivery) -> None:
        inbox = self.settings.inbox(delivery.feed, "main")
        for path, content in delivery.files.items():
            (inbox / path).parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                (inbox / path).unlink(missing_ok=True)
            else:
                (inbox / path).write_bytes(content)
        if delivery.deletes:
            try:
                matches.delete(self.settings, "main", delivery.deletes, tell=print)
            except SettingsError as error:
                assert "is stored" in str(error)  # noqa: PT017 - it had not come yet


@pytest.fixture
def pipeline(
    empty_database: Settings,
    stage_of_the_first_run: Callable[[str], Stage],
    copy_database: Callable[[str, str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Pipeline]:
    """One with a champion that knows two of the matches, and nothing else."""
    stage = stage_of_the_first_run("crowned")
    engine = create_engine(copy_database(stage.database, database_name(empty_database)))
    with engine.begin() as connection:
        connection.execute(
            text("create table public.model_match_as_trained as select * from xgoals.model_match")
        )
    _keep_connections(monkeypatch)
    _prove_once(monkeypatch)
    # a second opinion on every value, which other tests ask for
    monkeypatch.setattr("xgoals.explain.verify.compare_with_shap", lambda *_, **__: 0.0)
    yield Pipeline(empty_database, engine, stage.model)
    engine.dispose()


def _keep_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of runs do not connect twenty times each."""
    make, engines = database._engine, dict[object, Engine]()

    def kept(*args: object) -> Engine:
        key = args[1:]
        if key not in engines:
            engines[key] = make(*args)
            monkeypatch.setattr(engines[key], "dispose", lambda: None)
        return engines[key]

    def release(session: Connection, lock: locks._Lock) -> None:
        """It stays in the pool, though it is less patient than others: nobody else is there to wait for."""
        session.execute(text(f"select pg_advisory_unlock{lock.mode}(:key)"), {"key": lock.key})

    monkeypatch.setattr(database, "_engine", kept)
    monkeypatch.setattr(locks, "_release", release)


def _prove_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do they prove the same boosters each."""
    prove, read = artifact.proven_booster, forest.read_forest
    boosters: dict[bytes, xgboost.Booster] = {}
    forests: dict[int, tuple[xgboost.Booster, forest.Forest]] = {}

    def proven(data: bytes) -> xgboost.Booster:
        if data not in boosters:
            boosters[data] = prove(data)
        return boosters[data]

    def read_once(booster: xgboost.Booster) -> forest.Forest:
        key = id(booster)  # which is kept, so that it is nobody else's
        if key not in forests:
            forests[key] = booster, read(booster)
        return forests[key][1]

    monkeypatch.setattr(artifact, "proven_booster", proven)
    monkeypatch.setattr(forest, "read_forest", read_once)


def pages_of(home: Path) -> dict[str, str]:
    """Every page by its path, without what it says about the run that has written it."""
    folder = home / "reports" / "main"
    return {
        path.relative_to(folder).as_posix(): _ABOUT_THE_RUN.sub("", path.read_text(encoding="utf-8")).replace(
            str(home), "HOME"
        )
        for path in sorted(folder.rglob("*.html"))
    }
