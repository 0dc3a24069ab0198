"""The pages of players."""

from collections.abc import Collection

from sqlalchemy import Connection

from xgoals.domain.page_keys import PlayerKey
from xgoals.steps.pages.writer import ReportWriter


def write_players(connection: Connection, writer: ReportWriter, changed: Collection[PlayerKey]) -> None:
    """Write the pages of those players of whom something has changed."""
