"""Values of columns: found as categories, or one of them taken for a threshold of numbers."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from pandas.api import types

from xgoals.bias.groups import Flags

Column: TypeAlias = "pd.Series[Any]"
Value: TypeAlias = str | int | float | bool

_DISTINCT_OF_CONTINUOUS: Final = 0.05
"""Whole numbers with at least this share of different values are continuous."""


def is_continuous(column: Column, values: Sequence[Value]) -> bool:
    """Whether one value is a threshold of the column (then it is continuous) and not one of its categories.

    Numbers with a point are continuous, and whole numbers (also those kept as text) of which at least 5 % differ from
    each other. Not so where several values are given, and for a column with two values of which the given is one. A
    value with a fraction is a threshold of any whole numbers.
    """
    if _is_between_whole_numbers(column, values):
        return True
    return not _is_binary(column, values) and is_continuous_to_smclarify(column, values)


def is_continuous_to_smclarify(column: Column, values: Sequence[Value]) -> bool:
    """Whether `smclarify` 0.5 takes the one value for a threshold."""
    if len(values) > 1 or isinstance(column.dtype, pd.CategoricalDtype) or types.is_bool_dtype(column):
        return False
    if types.is_float_dtype(column):
        return True
    present = int(column.count())
    many_differ = present > 0 and column.nunique() / present >= _DISTINCT_OF_CONTINUOUS
    return many_differ and (types.is_integer_dtype(column) or _is_text_of_whole_numbers(column))


def matching(column: Column, values: Sequence[Value]) -> Flags:
    """Whether each row has one of the values.

    Where none of them occurs as it is written, they are taken for values of the column's type: ``"1"`` finds 1, and 1
    finds ``"1"``. ``"true"`` and ``"False"`` are what they say (`smclarify` takes every text for true).
    """
    found = equal_to_any(column, values)
    present = column.dropna()
    if found.any() or present.empty:
        return found
    first = present.iloc[0]
    converted = [_as_type_of(first, value) for value in values]
    return equal_to_any(column, [value for value in converted if value is not None])


def equal_to_any(column: Column, values: Sequence[object]) -> Flags:
    """Whether each row is equal to one of the values, as they are; a missing one to none."""
    rows = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    found = np.zeros(len(column), dtype=np.bool_)
    for value in values:
        found |= (rows == value).fillna(False).to_numpy(dtype=np.bool_)
    return found


def as_number(value: Value) -> float | None:
    """A value as a number, "true" and "false" as 1 and 0; None for any other text."""
    words = {"true": 1.0, "false": 0.0}
    try:
        return words.get(str(value).lower()) if str(value).lower() in words else float(value)
    except ValueError:
        return None


def _is_binary(column: Column, values: Sequence[Value]) -> bool:
    return column.nunique() <= 2 and (not values or bool(matching(column, values).any()))


def _is_between_whole_numbers(column: Column, values: Sequence[Value]) -> bool:
    """Whether no row can have the value, which is a number with a fraction."""
    if len(values) != 1 or not types.is_integer_dtype(column):
        return False
    number = as_number(values[0])
    return number is not None and not number.is_integer()


def _is_text_of_whole_numbers(column: Column) -> bool:
    if not (types.is_object_dtype(column) or types.is_string_dtype(column)):
        return False
    try:
        column.to_numpy(dtype=object).astype(np.int64)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _as_type_of(example: object, value: Value) -> Value | None:
    if isinstance(example, str):
        return str(value)
    return as_number(value)
