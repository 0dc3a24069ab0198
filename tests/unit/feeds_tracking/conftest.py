"""One simulated match as Opta with TRACAB, and as Stats Perform with MA25, told with clocks that are 12 s off."""

from pathlib import Path

import pytest
from provider_matches import Telling, tell

from xgoals.feeds.simulator.provider_game import Manner


@pytest.fixture(scope="session")
def tracab(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    return tell("opta", tmp_path_factory.mktemp("tracab"), Manner(clock_s=12.0))


@pytest.fixture(scope="session")
def ma25(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    manner = Manner(rate_hz=10, clock_s=-12.0, whole_seconds=True)
    return tell("statsperform", tmp_path_factory.mktemp("ma25"), manner)


@pytest.fixture
def copied(tracab: Telling, tmp_path: Path) -> Path:
    """The files of the TRACAB match, to be damaged."""
    for path in tracab.told.files.values():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def copied_ma25(ma25: Telling, tmp_path: Path) -> Path:
    """The files of the MA25 match, to be damaged."""
    for path in ma25.told.files.values():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path
