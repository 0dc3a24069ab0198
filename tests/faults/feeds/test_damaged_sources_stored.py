"""Damaged files all the way into the database: what is left out is in the quarantine, the rest is stored, and the next
good delivery clears it all.

Each night the same inbox: two matches of a feed, one of them damaged in another way than before, listed, read, gated,
stored, its features built; then the good files again.
"""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from damage import PIPE
from damage_kinds import kinds_of
from damage_schedule import SCHEDULE, schedule_of
from sources import FEEDS, Good, good_source, write
from sqlalchemy import Engine, text

from counting import Tries
from small_feeds import Files
from xgoals.domain.errors import FeedError, SourceError, XgoalsError
from xgoals.feeds.resends import CONTRADICTION_REASON
from xgoals.settings import Settings
from xgoals.steps import build_features, ingest, run_context
from xgoals.steps.run_context import FeedSource
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises

PROMISED = 500
SHARES = {"dfl": 130, "statsbomb": 150, "archive": 70, "wyscout": 50, "opta": 50, "statsperform": 50}
SMALL = ("dfl", "statsbomb")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`make test` has two feeds, `make test-faults` all."""
    if "feed" in metafunc.fixturenames:
        metafunc.parametrize("feed", FEEDS if metafunc.config.getoption("--scale") else SMALL)


def test_nights_of_damaged_files(feed: str, empty_database: Settings, tmp_path: Path, tries: Tries) -> None:
    good, kinds = good_source(feed, tmp_path / "good"), sorted(kinds_of(feed))
    engine = connect(empty_database, "main")
    n = tries(SHARES[feed], small=1)
    for number in range(n):
        rng = random.Random(f"{tries.seed}-{feed}-{number}-stored")
        chosen = rng.sample(kinds, rng.choice([1, 1, 2]))
        files = _damaged(good, chosen, rng)
        folder = tmp_path / f"inbox-{number}"
        try:
            _two_nights(empty_database, engine, good, files, folder)
        except Exception as error:
            error.add_note(
                f"feed {feed}, seed {tries.seed}, number {number}, damage: {', '.join(chosen)}, in {folder}"
            )
            raise
    engine.dispose()
    tries.done(5, "damaged sources, stored and mended the next night", n, PROMISED)


def _damaged(good: Good, kinds: list[str], rng: random.Random) -> Files:
    files = dict(good.files) | {"schedule.csv": schedule_of(good.said.records.values())}
    for kind in kinds:
        kinds_of(good.feed)[kind](rng, files)
    if rng.random() < 0.3 and "schedule.csv" in files:
        rng.choice(sorted(SCHEDULE.items()))[1](rng, files)
    return files


def _two_nights(settings: Settings, engine: Engine, good: Good, files: Files, folder: Path) -> None:
    """The damaged files, then the good ones at the same place."""
    with engine.begin() as connection:
        connection.execute(text("truncate xgoals.match, xgoals.feed_file, xgoals.quarantine cascade"))
    write(files, folder)
    told = night(settings, good.feed, folder, "damaged")
    read, refused = _matches(engine), _quarantine(engine)
    for row in refused:
        assert row.path, row
        assert row.reason, row
        assert row.place or row.severity == "value", row
        assert row.advice, row
        assert str(folder) in row.path or row.path == "schedule.csv", row
    for match_id in good.said.records.keys() - read:
        assert told or refused, f"match {match_id} is not stored, and nobody says so"
    _empty(folder)
    write(good.files, folder)
    night(settings, good.feed, folder, "good")
    # Bytes that are flipped can make another match of one.
    assert good.said.records.keys() <= _matches(engine)
    left = [row for row in _quarantine(engine) if row.severity == "match"]
    # What was stored with notes stands against other bytes of the same time: docs/scheduling.md, Which delivery stands.
    stands = {row.match_id for row in left if row.reason.startswith(CONTRADICTION_REASON)} & read
    assert [row for row in left if row.match_id not in stands] == []
    _has_every_shot(engine, good, set(good.said.records) - stands)


def night(settings: Settings, feed: str, source: Path, name: str) -> XgoalsError | None:
    """Ingest and features, as the command line does; then what holds whatever lay there; what ended it is returned."""
    context = run_context.open_run(
        settings,
        database="main",
        sources=[FeedSource(feed, source)],
        dag_run_id=f"{source.parent.name}-{source.name}-{name}",
        started_at=datetime.now(UTC),
    )
    told: XgoalsError | None = None
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
            {"run": context.run_id},
        )
    engine.dispose()
    assert broken == {}
    assert told or not left_out, "what is left out is told"
    return told


def _matches(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text("select match_id from match")))


def _quarantine(engine: Engine) -> list:
    query = (
        "select path, place, reason, advice, severity, match_id from quarantine order by path, place, reason"
    )
    with engine.connect() as connection:
        return list(connection.execute(text(query)).all())


def _has_every_shot(engine: Engine, good: Good, match_ids: set[str]) -> None:
    with engine.connect() as connection:
        query = (
            "select match_id || '/' || shot_id from shot where withdrawn_at is null and match_id = any(:ids)"
        )
        stored = set(connection.scalars(text(query), {"ids": list(match_ids)}))
    assert stored == {f"{m}/{shot.shot_id}" for m in match_ids for shot in good.said.records[m].shots}


def _empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


def test_a_pipe_in_place_of_the_schedule_hangs_nothing(empty_database: Settings, tmp_path: Path) -> None:
    good = good_source("statsbomb", tmp_path / "good")
    write(good.files | {"schedule.csv": PIPE}, tmp_path / "inbox")
    assert night(empty_database, "statsbomb", tmp_path / "inbox", "pipe") is None
