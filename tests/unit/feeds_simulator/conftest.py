"""The whole invented league, simulated once for all tests that look at its statistics."""

import pytest

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator import simulate_league


@pytest.fixture(scope="session")
def league() -> list[MatchRecord]:
    return list(simulate_league())
