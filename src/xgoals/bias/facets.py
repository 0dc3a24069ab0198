"""Which rows a facet or a label means: values of categories, or a threshold, as Clarify understands them.

What `smclarify` 0.5 does is followed, with two exceptions, where it would mean others than those that are asked for.
A column with two values is read by value, as Clarify's documentation says ("binary"), also where `smclarify` takes it
for continuous: numbers with a point, or whole numbers in a table of at most 40 rows. And 0.5 is a threshold of any
column of whole numbers, where `smclarify` cuts it to the value 0 in longer tables. A note says it where it happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from xgoals.bias.groups import Flags
from xgoals.bias.values import (
    Column,
    Value,
    as_number,
    equal_to_any,
    is_continuous,
    is_continuous_to_smclarify,
    matching,
)
from xgoals.domain.errors import SettingsError

_MANY_VALUES: Final = 10
"""With so many whole numbers one of them may well have been meant as a threshold."""


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
            advice="Give value_or_threshold one number: rows above it are in the facet. Or several, which are values.",
        )
    values = column.astype(object).where(column.notna(), np.nan).unique()
    return tuple(_one_of(column, value) for value in values)


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


def _one_of(column: Column, value: Value) -> Selection:
    if pd.isna(value):
        n = int(column.isna().sum())
        rows = "One row has" if n == 1 else f"{n:,} rows have"
        note = f"{rows} no {column.name!r}: in no group, and among the others of each."
        return Selection(np.zeros(len(column), dtype=np.bool_), "nan", note)
    return Selection(equal_to_any(column, [value]), str(value))


def _above(column: Column, threshold: int | float) -> Selection:
    numbers = pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
    present = numbers[~np.isnan(numbers)]
    largest = float(present.max()) if present.size else threshold
    whole = isinstance(threshold, int) and not types.is_float_dtype(column)
    low, high = (int(x) if whole else float(x) for x in sorted((threshold, largest)))
    note = None
    if not is_continuous_to_smclarify(column, (threshold,)):
        note = f"{threshold} is a threshold of {column.name!r}; smclarify would look for those with {int(threshold)}."
    elif why := _why_continuous(column, present, threshold):
        note = (
            f"{column.name!r} is read as continuous, because {why}: "
            f"meant is ({low}, {high}], not the value {threshold}."
        )
    return Selection((numbers > low) & (numbers <= high), f"({low}, {high}]", note)


def _why_continuous(column: Column, present: NDArray[np.float64], threshold: float) -> str | None:
    """What makes a column continuous in which the threshold might have been meant as a value."""
    if not types.is_float_dtype(column):
        return "at least 5 % of its values differ"
    if threshold not in present or (present != np.round(present)).any():
        return None
    has_gaps = "has gaps" if len(present) < len(column) else "is written with decimal points"
    return f"a column of whole numbers that {has_gaps} is none of categories, in smclarify, too"


def _note_on_value(column: Column, values: Sequence[Value]) -> str | None:
    if is_continuous_to_smclarify(column, values):
        return (
            f"{column.name!r} has no more than two values, and those with {values[0]} are meant; "
            f"smclarify would take {values[0]} for a threshold and look for values above it."
        )
    number = as_number(values[0]) if len(values) == 1 and types.is_integer_dtype(column) else None
    if number is None or column.nunique() < _MANY_VALUES:
        return None
    return (
        f"{column.name!r} has {column.nunique():,} different whole numbers in {len(column):,} rows, too few for a "
        f"threshold: only rows with {values[0]} are meant, as in smclarify. Those above it are got by {number + 0.5}."
    )
