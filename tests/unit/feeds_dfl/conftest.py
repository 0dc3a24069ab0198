"""A hand-made match small enough to work out on paper, and a simulated one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dfl_files import HandMade, Simulated

from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match


@pytest.fixture
def hand_made(tmp_path: Path) -> HandMade:
    return HandMade(tmp_path / "match")


@pytest.fixture(scope="session")
def simulate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Simulated]:
    """Write a simulated match; the same arguments give the same folder."""
    known: dict[tuple[int, int, float], Simulated] = {}

    def write(season: int = 1, number: int = 0, official_share: float = 0.9) -> Simulated:
        key = (season, number, official_share)
        if key not in known:
            record = simulate_matchday(season, 1)[number]
            folder = tmp_path_factory.mktemp("simulated")
            truth = write_dfl_match(record, folder, seed=season * 100 + number, official_share=official_share)
            known[key] = Simulated(record, truth, folder)
        return known[key]

    return write
