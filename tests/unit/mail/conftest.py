"""Runs and settings small enough to read."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xgoals.mail.content import RunSummary
from xgoals.settings import Settings

RUN = RunSummary(
    run_id="scheduled__2024-11-23T03:30:00+00:00",
    database="main",
    feeds=["statsbomb"],
    sources=["season"],
    started_at=datetime(2024, 11, 23, 4, 30, tzinfo=UTC),
    ended_at=datetime(2024, 11, 23, 4, 30, 48, tzinfo=UTC),
    figures={"matches_read": 0, "matches_quarantined": 0, "matches": 1270, "shots": 31198},
    seconds_by_task={"ingest": 12.5, "report": 3.0},
    is_simulated=False,
    champion="xg-7",
    auc=0.8123,
    log_loss=0.2554,
    provider_auc=0.806,
    provider_log_loss=0.265,
)


@pytest.fixture
def run() -> RunSummary:
    return RUN


@pytest.fixture
def with_figures() -> Callable[..., RunSummary]:
    """The same run with these figures, too."""
    return lambda **figures: replace(RUN, figures={**RUN.figures, **figures})


@pytest.fixture(autouse=True)
def nothing_of_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("XGOALS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, ui={"base_url": "https://xg.example.org"})
