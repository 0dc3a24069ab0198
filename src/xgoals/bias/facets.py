"""Which rows a facet or a label means: values of categories, or a threshold, as Clarify understands them.

What `smclarify` 0.5 does is followed, with one exception: a column with two values is read by value, as Clarify's
documentation says ("binary"), also where `smclarify` takes it for continuous (numbers with a point, or whole numbers in
a table of at most 40 rows). There the *other* of the two values, or nobody, would be meant. A note says it where it
happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from pandas.api import types

from xgoals.bias.groups import Flags
from xgoals.domain.errors import SettingsError

Column: TypeAlias = "pd.Series[Any]"
Value: TypeAlias = str | int | float | bool

_DISTINCT_OF_CONTINUOUS: Final = 0.05
"""Whole numbers with at least this share of different values are continuous."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a table that values, or a threshold, choose.

    Attributes
    ----------
    members
        (n,) whether the row is one of them. A missing value is never one: it counts among the others.
    value_or_threshold
        As Clarify writes it: ``"1"``, ``"Female,Other"`` or ``"(18, 90]"``.
    note
        What somebody who knows `smclarify` would not expect.
    """

    members: Flags
    value_or_threshold: str
    note: str | None = None


def selected(column: Column, values: Sequence[Value]) -> Selection:
    """The rows that values, or a threshold, choose.

    Parameters
    ----------
    values
        Several: categories. One: a category where the column is of categories, else an exclusive lower bound.

    Raises
    ------
    SettingsError
        There is no value, or the threshold of a continuous column is no number.
    """
    if not values:
        raise SettingsError(
            f"No value or threshold says which rows of {column.name!r} are meant.",
            advice="Name at least one.",
        )
    if not is_continuous(column, values):
        return Selection(matching(column, values), ",".join(map(str, values)), _note_on_value(column, values))
    threshold = as_number(values[0])
    if threshold is None:
        raise SettingsError(
            f"The column {column.name!r} is continuous, and {values[0]!r} is no threshold for it.",
            advice="Give a number: rows above it are meant.",
        )
    return _above(column, threshold if not isinstance(values[0], int) else values[0])


def every_value(column: Column) -> tuple[Selection, ...]:
    """One selection for each value of a column, in the order of the rows: each against all others.

    Missing values are one of them, as in `smclarify`: ``"nan"``, which no row is equal to, so nobody is a member.

    Raises
    ------
    SettingsError
        The column is continuous: it needs a threshold.
    """
    if is_continuous(column, ()):
        raise SettingsError(
            f"The column {column.name!r} is continuous, and no threshold says who is in the facet.",
            advice="Give value_or_threshold one number: rows above it are in the facet.",
        )
    values = column.astype(object).where(column.notna(), np.nan).unique()
    return tuple(_one_of(column, value) for value in values)


def is_continuous(column: Column, values: Sequence[Value]) -> bool:
    """Whether one value is a threshold of the column (then it is continuous) and not one of its categories.

    Numbers with a point are continuous, and whole numbers (also those kept as text) of which at least 5 % differ from
    each other. Not so where several values are given, and for a column with two values of which the given is one.
    """
    return not _is_binary(column, values) and _is_continuous_to_smclarify(column, values)


def matching(column: Column, values: Sequence[Value]) -> Flags:
    """Whether each row has one of the values.

    Where none of them occurs as it is written, they are taken for values of the column's type: ``"1"`` finds 1, and 1
    finds ``"1"``. ``"true"`` and ``"False"`` are what they say (`smclarify` takes every text for true).
    """
    found = _equal_to_any(column, values)
    present = column.dropna()
    if found.any() or present.empty:
        return found
    first = present.iloc[0]
    converted = [_as_type_of(first, value) for value in values]
    return _equal_to_any(column, [value for value in converted if value is not None])


def positive_predictions(predicted: Column, label: Column, values: Sequence[Value]) -> Flags:
    """Whether each predicted label is positive, read as the label is: by the same values, or above the same threshold.

    Raises
    ------
    SettingsError
        The label is continuous, and predictions are no numbers.
    """
    if not is_continuous(label, values):
        return matching(predicted, values)
    try:
        numbers = pd.to_numeric(predicted).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The label {label.name!r} is continuous, and the predicted label {predicted.name!r} has texts.",
            advice="Give predictions of the same kind as the label.",
        ) from error
    return numbers > (as_number(values[0]) or 0.0)


def as_number(value: Value) -> float | None:
    """A value as a number, "true" and "false" as 1 and 0; None for any other text."""
    words = {"true": 1.0, "false": 0.0}
    try:
        return words.get(str(value).lower()) if str(value).lower() in words else float(value)
    except ValueError:
        return None


def _one_of(column: Column, value: Value) -> Selection:
    if pd.isna(value):
        n = int(column.isna().sum())
        note = f"{n:,} rows have no {column.name!r}: they are in no group, and among the others of each."
        return Selection(np.zeros(len(column), dtype=np.bool_), "nan", note)
    return Selection(_equal_to_any(column, [value]), str(value))


def _is_binary(column: Column, values: Sequence[Value]) -> bool:
    return column.nunique() <= 2 and (not values or bool(matching(column, values).any()))


def _is_continuous_to_smclarify(column: Column, values: Sequence[Value]) -> bool:
    if len(values) > 1 or isinstance(column.dtype, pd.CategoricalDtype) or types.is_bool_dtype(column):
        return False
    if types.is_float_dtype(column):
        return True
    present = int(column.count())
    many_differ = present > 0 and column.nunique() / present >= _DISTINCT_OF_CONTINUOUS
    return many_differ and (types.is_integer_dtype(column) or _is_text_of_whole_numbers(column))


def _is_text_of_whole_numbers(column: Column) -> bool:
    if not (types.is_object_dtype(column) or types.is_string_dtype(column)):
        return False
    try:
        column.to_numpy(dtype=object).astype(np.int64)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _above(column: Column, threshold: int | float) -> Selection:
    numbers = pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
    present = numbers[~np.isnan(numbers)]
    largest = float(present.max()) if present.size else threshold
    whole = isinstance(threshold, int) and not types.is_float_dtype(column)
    low, high = (int(x) if whole else float(x) for x in sorted((threshold, largest)))
    note = None
    if not types.is_float_dtype(column):
        note = (
            f"{column.name!r} is read as continuous, because at least 5 % of its values differ: "
            f"meant is ({low}, {high}], not the value {threshold}."
        )
    return Selection((numbers > low) & (numbers <= high), f"({low}, {high}]", note)


def _note_on_value(column: Column, values: Sequence[Value]) -> str | None:
    if not _is_continuous_to_smclarify(column, values):
        return None
    return (
        f"{column.name!r} has no more than two values, and those with {values[0]} are meant; "
        f"smclarify would take {values[0]} for a threshold and look for values above it."
    )


def _equal_to_any(column: Column, values: Sequence[object]) -> Flags:
    rows = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    found = np.zeros(len(column), dtype=np.bool_)
    for value in values:
        found |= (rows == value).fillna(False).to_numpy(dtype=np.bool_)
    return found


def _as_type_of(example: object, value: Value) -> Value | None:
    if isinstance(example, str):
        return str(value)
    return as_number(value)
