"""What kind a column is: what the booster says, what the values say, what a person says."""

import numpy as np
import pandas as pd
import pytest

from xgoals.baselines.kinds import infer_kinds
from xgoals.domain.errors import SettingsError

NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.0, 1.0, 1.0], "binary"),
        ([-1.0, 1.0, NAN], "binary"),
        ([3.5, 9.25, 3.5], "binary"),  # two values are two values
        ([0.0, 1.0, 2.0], "count"),
        ([0.0, 1.0, 2.0, NAN], "count"),  # whole numbers beside missing ones
        ([7.0, 7.0], "count"),
        ([-2.0, 0.0, 3.0], "continuous"),  # nothing is counted below 0
        ([0.0, 1.0, 2.5], "continuous"),
        ([0.5, 0.5], "continuous"),
        ([NAN, NAN], "continuous"),
        ([], "continuous"),
    ],
)
def test_by_values(values, kind):
    assert infer_kinds(pd.DataFrame({"a": np.array(values, dtype=float)})) == {"a": kind}


def test_the_booster_knows_categories_and_indicators_and_values_say_the_rest():
    table = pd.DataFrame({name: [0.0, 1.0, 2.0, 3.0] for name in "abcd"} | {"e": [0.0, 1.0, 1.0, 0.0]})
    kinds = infer_kinds(table, ["c", "i", "int", "float", "int"])
    assert kinds == {"a": "category", "b": "binary", "c": "count", "d": "count", "e": "binary"}


def test_a_person_has_the_last_word():
    table = pd.DataFrame({"shop": [1.0, 2.0], "euros": [1.0, 5.0]})
    assert infer_kinds(table, ["i", "int"], categories=["shop"]) == {"shop": "category", "euros": "binary"}
    with pytest.raises(SettingsError, match=r"no column shops .*Columns: shop, euros"):
        infer_kinds(table, categories=["shops"])


def test_as_many_types_as_columns():
    with pytest.raises(ValueError, match="zip"):
        infer_kinds(pd.DataFrame({"a": [1.0]}), ["c", "c"])
