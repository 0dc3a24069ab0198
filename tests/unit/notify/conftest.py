"""Runs and settings small enough to read."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from xgoals.settings import Settings

RUN: dict[str, Any] = {
    "run_id": "scheduled__2024-11-23T03:30:00+00:00",
    "database": "main",
    "feeds": ["statsbomb"],
    "sources": ["season"],
    "started_at": datetime(2024, 11, 23, 4, 30, tzinfo=UTC),
    "ended_at": datetime(2024, 11, 23, 4, 30, 48, tzinfo=UTC),
    "figures": {"matches_read": 0, "matches_quarantined": 0, "matches": 1270, "shots": 31198},
    "seconds_by_task": {"ingest": 12.5, "report": 3.0},
    "is_simulated": False,
    "champion": "xg-7",
    "auc": 0.8123,
    "log_loss": 0.2554,
    "provider_auc": 0.806,
    "provider_log_loss": 0.265,
}


@pytest.fixture
def run() -> dict[str, Any]:
    return {**RUN, "figures": {**RUN["figures"]}}


@pytest.fixture(autouse=True)
def nothing_of_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("XGOALS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "none.toml"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, ui={"base_url": "https://xg.example.org"})
