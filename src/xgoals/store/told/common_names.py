"""Names in frames as people know them; exports and other programs get them as the feeds write them."""

from typing import TYPE_CHECKING

from xgoals.domain.names import common_name

if TYPE_CHECKING:
    import pandas as pd


def with_common_names(frame: "pd.DataFrame", *columns: str) -> "pd.DataFrame":
    """The frame with the names in these columns as people know them; missing ones stay missing."""
    known = {column: frame[column].map(common_name, na_action="ignore") for column in columns}
    return frame.assign(**known)
