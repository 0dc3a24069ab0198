"""The provider's own values beside ours."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.store.database import read_frame

if TYPE_CHECKING:
    import pandas as pd


def read_yardsticks(connection: Connection) -> "pd.DataFrame":
    """The rows of the view ``dfl_yardstick``: a shot each, ``<quantity>`` and ``official_<quantity>`` side by side."""
    return read_frame(
        connection, "select * from xgoals_views.dfl_yardstick order by provider, match_id, shot_id"
    )
