"""Damaged files all the way into the database: each run ends with a sentence at worst, and its features are built."""

import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from damage_kinds import kinds_of
from sqlalchemy import text
from test_mutated_feeds import DEFAULT_SEED, write

from small_feeds import dfl_files, statsbomb_files
from xgoals.domain.errors import FeedError, SourceError
from xgoals.settings import Settings
from xgoals.steps import build_features, ingest, run_context
from xgoals.steps.run_context import FeedSource
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises


@pytest.mark.parametrize("feed", ["dfl", "statsbomb"])
def test_some_damaged_sources(feed: str, empty_database: Settings, tmp_path: Path) -> None:
    nights(feed, empty_database, tmp_path, DEFAULT_SEED, n_sources=12)


@pytest.mark.slow
@pytest.mark.parametrize("feed", ["dfl", "statsbomb"])
def test_hundreds_of_damaged_sources(feed: str, empty_database: Settings, tmp_path: Path) -> None:
    seed = int(os.environ.get("XGOALS_FUZZ_SEED", time.time_ns() % 10**9))
    nights(feed, empty_database, tmp_path, seed, n_sources=200)


def nights(feed: str, settings: Settings, folder: Path, seed: int, *, n_sources: int) -> None:
    """One match, delivered again and again, each time with other damage, into one database."""
    print(f"XGOALS_FUZZ_SEED={seed}")  # noqa: T201 - shown where a test fails
    good = dfl_files(folder / "good") if feed == "dfl" else statsbomb_files()
    kinds = sorted(kinds_of(feed))
    for n in range(n_sources):
        rng, files = random.Random(f"{seed}-{feed}-{n}"), dict(good)
        chosen = rng.sample(kinds, rng.choice([1, 1, 2]))
        for kind in chosen:
            if files:
                kinds_of(feed)[kind](rng, files)
        write(files, folder / str(n))
        try:
            night(settings, feed, folder / str(n))
        except Exception as error:
            error.add_note(f"feed {feed}, seed {seed}, source {n}, damage: {', '.join(chosen)}")
            raise


def night(settings: Settings, feed: str, source: Path) -> None:
    """Ingest and features, as the command line does; then what holds whatever lay there."""
    context = run_context.open_run(
        settings,
        database="main",
        sources=[FeedSource(feed, source)],
        dag_run_id=source.name,
        started_at=datetime.now(UTC),
    )
    told = None
    try:
        ingest.ingest(context)
        ingest.raise_if_newly_refused(context)
    except (SourceError, FeedError) as error:
        told = error
    if told:
        assert all((told.what, told.advice, told.where)), told
    build_features.build_features(context)
    engine = connect(settings, "main")
    with engine.connect() as connection:
        broken = broken_promises(connection)
        left_out = connection.scalar(
            text("select count(*) from quarantine where severity = 'match' and found_by_run = :run"),
            {"run": source.name},
        )
        unsaid = connection.scalar(text("select count(*) from quarantine where reason = '' or advice = ''"))
    engine.dispose()
    assert broken == {}
    assert unsaid == 0
    assert told or not left_out, "what is left out is told"
