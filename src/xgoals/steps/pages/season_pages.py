"""The page of a season."""

from sqlalchemy import Connection

from xgoals.steps.pages.season_data import SeasonData
from xgoals.steps.pages.writer import ReportWriter


def write_season(connection: Connection, writer: ReportWriter, data: SeasonData) -> None:
    """Write the page of a season."""
