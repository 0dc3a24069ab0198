"""Which rows a value or a threshold means."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from xgoals.bias.facets import every_value, positive_predictions, selected
from xgoals.bias.values import matching
from xgoals.domain.errors import SettingsError


def column(values: Any, name: str = "age", times: int = 1) -> "pd.Series[Any]":
    return pd.Series(list(values) * times, name=name)


def test_a_threshold_means_the_rows_above_it() -> None:
    ages = selected(column([17, 18, 19, 60, 33]), [18])
    assert ages.members.tolist() == [False, False, True, True, True]
    assert ages.value_or_threshold == "(18, 60]"
    assert "not the value 18" in (ages.note or ""), "whole numbers could have been values"
    sizes = selected(column([1.5, 2.5, np.nan, 4.0]), [2])
    assert sizes.members.tolist() == [False, True, False, True]
    assert sizes.value_or_threshold == "(2.0, 4.0]"
    assert sizes.note is None


def test_a_threshold_above_all_rows_means_nobody() -> None:
    nobody = selected(column([1.5, 2.5, 4.0]), [9])
    assert not nobody.members.any()
    assert nobody.value_or_threshold == "(4.0, 9.0]"


def test_few_different_whole_numbers_are_values_and_many_are_not() -> None:
    """Three values of 60 rows are 5 %, of 63 rows fewer."""
    assert selected(column([1, 2, 3], times=20), [2]).value_or_threshold == "(2, 3]"
    seasons = selected(column([1, 2, 3], times=21), [2])
    assert seasons.value_or_threshold == "2"
    assert seasons.members.sum() == 21


def test_an_age_in_a_long_table_is_a_value_and_the_note_says_how_to_get_a_threshold() -> None:
    ages = column(range(18, 68), times=21)
    forty = selected(ages, [40])
    assert forty.members.sum() == 21
    assert forty.value_or_threshold == "40"
    assert "only rows with 40 are meant, as in smclarify. Those above it are got by 40.5." in (
        forty.note or ""
    )
    older = selected(ages, [40.5])
    assert older.members.sum() == 27 * 21
    assert older.value_or_threshold == "(40.5, 67.0]"


def test_several_values_are_never_thresholds() -> None:
    ages = selected(column([17, 18, 19, 60, 33]), [17, 60])
    assert ages.value_or_threshold == "17,60"
    assert ages.members.tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("cells", [[0, 1, 1, 0], [0.0, 1.0, 1.0, np.nan]])
@pytest.mark.parametrize("value", [0, 1])
def test_one_of_two_values_is_a_value_however_short_the_table(cells: list[float], value: int) -> None:
    """smclarify takes them for thresholds: with 0 it would find those that have 1, and with 1 nobody."""
    found = selected(column(cells, "home"), [value])
    assert found.members.tolist() == [cell == value for cell in cells]
    assert found.value_or_threshold == str(value)
    assert "smclarify would" in (found.note or "")


@pytest.mark.parametrize("times", [1, 50])
@pytest.mark.parametrize("threshold", [0.5, "0.5"])
def test_between_two_whole_numbers_is_a_threshold_however_long_the_table(
    times: int, threshold: float | str
) -> None:
    """smclarify cuts it to 0 in long tables, and finds those that have 0."""
    above = selected(column([0, 1, 1, 0], times=times), [threshold])
    assert above.members.tolist() == [False, True, True, False] * times
    assert above.value_or_threshold == "(0.5, 1.0]"
    assert ("smclarify would look for those with 0" in (above.note or "")) == (times == 50)


@pytest.mark.parametrize(
    ("cells", "values", "expected"),
    [
        (["1", "2", "x"], [1], [True, False, False]),
        ([1, 2, 3], ["2"], [False, True, False]),
        ([1, 2, 3], ["2.0"], [False, True, False]),
        ([True, False, True], ["True"], [True, False, True]),
        ([True, False, True], ["false"], [False, True, False]),
        ([True, False, True], [0], [False, True, False]),
        (["a", None, "b"], ["a"], [True, False, False]),
        ([1, 2, 3], ["two"], [False, False, False]),
        ([None, None], ["a"], [False, False]),
    ],
)
def test_values_are_found_whatever_their_type(
    cells: list[Any], values: list[Any], expected: list[bool]
) -> None:
    assert matching(column(cells), values).tolist() == expected


def test_categories_are_values() -> None:
    assert selected(column([3.5, 1.5, 2.5]).astype("category"), [2.5]).members.tolist() == [
        False,
        False,
        True,
    ]


def test_without_a_value_each_is_compared_with_all_others() -> None:
    clubs = every_value(column(["Reds", "Blues", None, "Reds"], "club"))
    assert [club.value_or_threshold for club in clubs] == ["Reds", "Blues", "nan"]
    assert [club.members.sum() for club in clubs] == [2, 1, 0]
    assert clubs[2].note == "One row has no 'club': in no group, and among the others of each."


def test_a_continuous_facet_without_a_threshold_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"'age' is continuous, and no threshold.*one number"):
        every_value(column([1.5, 2.5, 3.5]))
    with pytest.raises(SettingsError, match="'old' is no threshold for it"):
        selected(column([1.5, 2.5, 3.5]), ["old"])
    with pytest.raises(SettingsError, match="No value or threshold says which rows of 'age' are meant"):
        selected(column([1]), [])


def test_predictions_are_read_as_labels_are() -> None:
    label = column([0.1, 0.6, 0.7], "share")
    assert positive_predictions(column([0.5, 0.9, 0.51]), label, [0.5]).tolist() == [False, True, True]
    assert positive_predictions(column(["no", "yes"]), column(["yes", "no"]), ["yes"]).tolist() == [
        False,
        True,
    ]
    with pytest.raises(
        SettingsError, match=r"label 'share' is continuous, and the predicted label 'said' has texts"
    ):
        positive_predictions(column(["no", "yes"], "said"), label, [0.5])
