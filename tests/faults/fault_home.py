"""Where a run that is disturbed works."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from databases import database_name
from xgoals.settings import Settings


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
