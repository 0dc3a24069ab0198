"""What the two tasks of the backfill do, without Spark and without Airflow around them."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import text

from small_event_feeds import EVENT_FEEDS
from xgoals.domain.errors import SettingsError
from xgoals.orchestration import backfill
from xgoals.outputs.exports import export_scenes
from xgoals.settings import Settings, load_settings
from xgoals.steps.allowed_sources import refuse_place
from xgoals.store.database import connect


@pytest.fixture
def triggered(empty_database: Settings, executors_here: None, monkeypatch: pytest.MonkeyPatch):
    """``triggered(source=...)``: a run with this form; executors' work is done in this process."""

    def trigger(**form: Any) -> None:
        run = SimpleNamespace(
            run_id="manual__2026", dag_id="xgoals_backfill", start_date=datetime(2026, 11, 27, tzinfo=UTC)
        )
        params = {"feed": "wyscout", "target": None, "database": "main", **form}
        context = {"params": params, "dag_run": run}
        monkeypatch.setattr(backfill, "get_current_context", lambda: context)

    return trigger


@pytest.fixture
def source(empty_database: Settings) -> Path:
    folder = empty_database.home / "files"
    for name, content in EVENT_FEEDS["wyscout"]().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def stored() -> tuple[int, list[str]]:
    engine = connect(load_settings(), "main")
    with engine.connect() as connection:
        n = connection.execute(text("select count(*) from match")).scalar_one()
        states = connection.scalars(
            text("select state from run where run_id = 'backfill__manual__2026'")
        ).all()
    engine.dispose()
    return int(n), list(states)


def test_into_the_lake_then_into_the_results(triggered, source: Path, empty_database: Settings) -> None:
    triggered(source=str(source))
    lake = backfill.read_into_lake()
    assert lake == str(empty_database.home / "lake")
    n = backfill.load_from_lake(lake)
    assert stored() == (n, ["success"])
    assert n == len(list(source.rglob("*.json")))
    assert export_scenes(empty_database, "main", empty_database.home / "export.parquet") == n
    # Cleared and done again: the same.
    assert backfill.load_from_lake(backfill.read_into_lake()) == n
    assert stored() == (n, ["success"])


def test_a_match_that_was_left_out_is_told_when_the_others_are_loaded(triggered, source: Path) -> None:
    broken, *good = sorted(source.rglob("*.json"))
    broken.write_bytes(broken.read_bytes()[:-9])
    triggered(source=str(source))
    lake = backfill.read_into_lake()
    with pytest.raises(
        AirflowFailException, match=rf"{broken}: left out, the others are loaded: broken JSON"
    ):
        backfill.load_from_lake(lake)
    assert stored()[0] == len(good)


@pytest.mark.parametrize("form", [{"source": "/etc"}, {"source": "s3://theirs/x"}, {"target": "/var/lake"}])
def test_only_allowed_places_are_read_and_written(triggered, source: Path, form: dict[str, str]) -> None:
    triggered(**{"source": str(source), **form})
    with pytest.raises(AirflowFailException, match="a run may not"):
        backfill.read_into_lake()


@pytest.mark.parametrize(
    ("place", "is_allowed"),
    [
        ("s3://ours/matches", True),
        ("s3://ours/matches/dfl/2026", True),
        ("s3://ours/matches/../other", False),
        ("s3://ours/matchesx", False),
        ("s3://ours", False),
        ("s3://other/matches", False),
        ("gs://ours/matches", False),
        ("s3://storage/reports", True),
        ("file:///data/feeds/x", True),
        ("/data/feeds", True),
        ("/data/feeds/../secret", False),
        ("file:///etc", False),
    ],
)
def test_buckets_below_roots_or_the_storage_are_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, is_allowed: bool
) -> None:
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setenv("XGOALS_STORAGE_URL", "s3://storage")
    monkeypatch.setenv("XGOALS_SOURCES__ROOTS", '["s3://ours/matches", "/data/feeds"]')
    settings = load_settings()
    if is_allowed:
        refuse_place(settings, place)
    else:
        with pytest.raises(SettingsError, match="a run may not"):
            refuse_place(settings, place)
