"""Our values beside the provider's: counted where both are there, penalties left out."""

import math

import pandas as pd
import pytest

from xgoals.features.yardsticks import QUANTITIES, compare_with_official


def shots(**columns: list[float | None]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    empty = {f"{prefix}{name}": [None] * n for name in QUANTITIES for prefix in ("", "official_")}
    return pd.DataFrame(empty | {"is_penalty": [False] * n} | columns)


def row(table: pd.DataFrame, quantity: str) -> pd.Series:
    return table.set_index("quantity").loc[quantity]


def test_differences_and_correlation_by_hand() -> None:
    table = compare_with_official(
        shots(distance_m=[10.0, 20.0, 30.0, 40.0], official_distance_m=[10.5, 20.0, 29.0, 42.0])
    )
    distance = row(table, "distance_m")
    assert distance["n"] == 4
    assert distance["median_abs_difference"] == pytest.approx(0.75)  # of 0.5, 0, 1, 2
    assert distance["max_abs_difference"] == pytest.approx(2.0)
    # deviations -15 -5 5 15 and -14.875 -5.375 3.625 16.625: products sum to 517.5, squares to 500 and 539.6875
    assert distance["correlation"] == pytest.approx(517.5 / math.sqrt(500 * 539.6875))


def test_a_shot_counts_only_where_both_sides_are_known() -> None:
    table = compare_with_official(
        shots(pressure=[0.5, None, 0.7], official_pressure=[0.4, 0.6, None], xg=[0.1, 0.2, 0.3])
    )
    assert row(table, "pressure")["n"] == 1
    assert math.isnan(row(table, "pressure")["correlation"])
    assert row(table, "xg")["n"] == 0
    assert math.isnan(row(table, "xg")["median_abs_difference"])


def test_penalties_are_left_out() -> None:
    table = compare_with_official(
        shots(speed_kmh=[10.0, 0.0], official_speed_kmh=[11.0, 30.0], is_penalty=[False, True])
    )
    assert row(table, "speed_kmh")["n"] == 1
    assert row(table, "speed_kmh")["max_abs_difference"] == pytest.approx(1.0)


def test_a_constant_side_has_no_correlation() -> None:
    table = compare_with_official(shots(defenders=[1.0, 1.0, 1.0], official_defenders=[1.0, 2.0, 3.0]))
    assert math.isnan(row(table, "defenders")["correlation"])
