"""A league of thirty matches, and homes for its runs: each with a database of its own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from inbox_pipeline import pipeline  # noqa: F401 - a fixture
from sqlalchemy import Engine, create_engine

from databases import database_name
from once import Once
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.settings import Settings

N_MATCHES = 30


@pytest.fixture(scope="session")
def thirty_matches(once: Once) -> Path:
    """An archive of the first thirty matches of the simulated league."""
    path = once.folder / "thirty" / "thirty.parquet"

    def simulate() -> int:
        path.parent.mkdir(exist_ok=True)
        return write_archive(path, islice(simulate_league(), N_MATCHES))

    assert once("thirty", simulate) == N_MATCHES
    return path


@dataclass(frozen=True)
class Home:
    """An ``XGOALS_HOME`` with a database, and the variables that lead a process to both."""

    settings: Settings
    engine: Engine
    env: dict[str, str]

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.settings.home

    @property
    def database(self) -> str:
        """The name of its database."""
        return database_name(self.settings)


@pytest.fixture
def home(empty_database: Settings) -> Iterator[Home]:
    """A new one, its database migrated and empty."""
    assert empty_database.database_url
    engine = create_engine(empty_database.database_url.get_secret_value())
    yield Home(empty_database, engine, dict(os.environ))
    engine.dispose()
