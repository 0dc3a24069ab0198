"""Values of a file's rows that no shot can have."""

import pandas as pd
import pytest

from xgoals.baselines.given import check_values
from xgoals.domain.errors import SettingsError


@pytest.mark.parametrize(
    ("values", "among"), [([0.0, 90.0, float("nan")], None), ([-1.0, 1.0, float("nan")], (-1.0, 1.0))]
)
def test_what_can_be_and_what_is_missing_passes(values, among):
    check_values(pd.Series(values, name="x"), 0, 90, among, where="rows.csv")


@pytest.mark.parametrize(
    ("values", "among", "said"),
    [
        ([1.0, 90.5], None, r"rows.csv, row 2, x: 90.5 cannot be. It has to be from 0 to 90, or empty"),
        ([-0.1], None, "row 1, x: -0.1 cannot be"),
        ([-1.0, 1.0, 0.0], (-1.0, 1.0), "row 3, x: 0 cannot be. It has to be one of -1, 1"),
    ],
)
def test_what_cannot_be_is_said_with_row_and_column(values, among, said):
    with pytest.raises(SettingsError, match=said):
        check_values(pd.Series(values, name="x"), 0, 90, among, where="rows.csv")
