"""The pages of clubs in a season."""

from collections.abc import Collection

from sqlalchemy import Connection

from xgoals.domain.page_keys import ClubKey
from xgoals.steps.pages.season_data import SeasonData
from xgoals.steps.pages.writer import ReportWriter


def write_clubs(
    connection: Connection, writer: ReportWriter, data: SeasonData, changed: Collection[ClubKey]
) -> None:
    """Write the pages of those clubs of a season of which something has changed."""
