"""What a configuration says about the rows of a table: which labels are positive, who is in which group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xgoals.bias.facets import (
    Selection,
    Value,
    as_number,
    every_value,
    is_continuous,
    positive_predictions,
    selected,
)
from xgoals.bias.groups import Flags
from xgoals.clarify.config import AnalysisConfig, Facet
from xgoals.clarify.table import Table
from xgoals.domain.errors import ModelError, SettingsError

_PROBABILITY_THRESHOLD: Final = 0.5
"""What Clarify takes where none is given."""


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a facet that are compared with all others."""

    facet: str
    rows: Selection


def label_of(table: Table) -> "pd.Series[Any]":
    """The column of labels.

    Raises
    ------
    SettingsError
        The dataset has none, or it is empty.
    """
    if table.label is None:
        raise SettingsError(
            "Bias is asked for, and the dataset has no label.",
            advice="Say in label which column says what happened.",
        )
    if not table.label.notna().any():
        raise SettingsError(f"The label {table.label.name!r} has no value in any row.")
    return table.label


def positive_labels(config: AnalysisConfig, table: Table, notes: list[str]) -> Selection:
    """Which labels are positive; what is unusual is added to the notes.

    Raises
    ------
    SettingsError
        There is no label, nothing says which are positive, or none is although they differ.
    """
    label, values = label_of(table), _positive_values(config)
    positive = selected(label, values)
    n_missing, n_positive = int(label.isna().sum()), int(positive.members.sum())
    if not n_positive and len(label.dropna().unique()) > 1:
        raise SettingsError(
            f"No label is positive: label_values_or_threshold is {values}, and {label.name!r} has {_some(label)}.",
            advice="Name values that occur, or a threshold below the largest.",
        )
    if n_positive in (0, len(label)):
        word = "positive" if n_positive else "negative"
        notes.append(f"All labels are {word}: metrics that compare labels have little to say.")
    if n_missing:
        notes.append(f"{n_missing:,} rows have no label: they count as negative.")
    if positive.note:
        notes.append(positive.note)
    return positive


def predictions(
    config: AnalysisConfig, table: Table, probability: NDArray[np.float64] | None, notes: list[str]
) -> Flags:
    """Which rows are predicted to be positive; what is unusual is added to the notes.

    Raises
    ------
    SettingsError
        Neither the dataset nor a model predicts anything.
    ModelError
        There are not as many probabilities as rows.
    """
    label, values = label_of(table), _positive_values(config)
    if table.predicted_label is not None:
        predicted = positive_predictions(table.predicted_label, label, values)
    elif probability is not None:
        predicted = _above_threshold(config, label, values, probability, notes)
    else:
        raise SettingsError(
            "post_training_bias is asked for, and nothing is predicted.",
            advice="Give a model, or say in predicted_label which column has predictions.",
        )
    n_positive = int(predicted.sum())
    if n_positive in (0, len(predicted)):
        notes.append(f"{'All' if n_positive else 'No'} rows are predicted to be positive.")
    return predicted


def groups_of(config: AnalysisConfig, table: Table, notes: list[str]) -> tuple[Group, ...]:
    """The groups of all facets; those too small to say anything are added to the notes.

    Raises
    ------
    SettingsError
        There is no facet, its column does not exist, or it is continuous and has no threshold.
    """
    if not config.facet:
        raise SettingsError(
            "Bias is asked for, and no facet says between whom.", advice="Name in facet at least one column."
        )
    groups = tuple(group for facet in config.facet for group in _groups(facet, table))
    for group in groups:
        notes.extend(_notes_on(group))
    return groups


def group_variable(config: AnalysisConfig, table: Table) -> NDArray[Any] | None:
    """The subgroups within which CDDL and CDDPL compare, or None where no column is named."""
    if config.group_variable is None:
        return None
    return column_of(table, config.group_variable, "group_variable").to_numpy()


def neighbours_by(config: AnalysisConfig, table: Table, facet: str) -> NDArray[Any]:
    """The columns by which FT looks for neighbours: all but the label, the prediction, the facet and those left out."""
    apart = [facet, *(column.name for column in (table.label, table.predicted_label) if column is not None)]
    left_out = [*(config.excluded_columns or ()), config.joinsource_name_or_index]
    apart += [column_of(table, name, "excluded_columns").name for name in left_out if name is not None]
    return table.columns.drop(columns=apart, errors="ignore").to_numpy()


def column_of(table: Table, name_or_index: str | int, setting: str) -> "pd.Series[Any]":
    """A column by its name or its place in the dataset.

    Raises
    ------
    SettingsError
        There is none.
    """
    columns = table.columns
    if isinstance(name_or_index, str) and name_or_index in columns.columns:
        return columns[name_or_index]
    if isinstance(name_or_index, int) and 0 <= name_or_index < columns.shape[1]:
        return columns.iloc[:, name_or_index]
    raise SettingsError(
        f"{setting} names the column {name_or_index!r}, which the dataset does not have.",
        advice=f"It has {', '.join(map(str, columns.columns))}.",
    )


def _positive_values(config: AnalysisConfig) -> Sequence[Value]:
    if not config.label_values_or_threshold:
        raise SettingsError(
            "Nothing says which labels are positive.",
            advice="Give label_values_or_threshold the values, or one threshold.",
        )
    return config.label_values_or_threshold


def _above_threshold(
    config: AnalysisConfig,
    label: "pd.Series[Any]",
    values: Sequence[Value],
    probability: NDArray[np.float64],
    notes: list[str],
) -> Flags:
    if len(probability) != len(label):
        raise ModelError(f"The model gave {len(probability):,} probabilities for {len(label):,} rows.")
    threshold = config.probability_threshold
    likely = np.asarray(probability) > (_PROBABILITY_THRESHOLD if threshold is None else threshold)
    if label.nunique() > 2 or not {as_number(x) for x in label.dropna().unique()} <= {0.0, 1.0}:
        notes.append(
            f"Labels are not 0 and 1: the model's probability is taken for that of {', '.join(map(str, values))}."
        )
        return likely
    if_one, if_zero = (_is_positive(x, label, values) for x in (1.0, 0.0))
    return np.where(likely, if_one, if_zero)


def _is_positive(x: float, label: "pd.Series[Any]", values: Sequence[Value]) -> bool:
    numbers = [as_number(value) for value in values]
    if is_continuous(label, values):
        return numbers[0] is not None and x > numbers[0]
    return x in numbers


def _groups(facet: Facet, table: Table) -> list[Group]:
    column = column_of(table, facet.name_or_index, "facet")
    values = facet.value_or_threshold
    selections = [selected(column, values)] if values else every_value(column)
    return [Group(str(column.name), rows) for rows in selections]


def _notes_on(group: Group) -> list[str]:
    n, of_all = int(group.rows.members.sum()), len(group.rows.members)
    who = f"The facet {group.facet!r} with {group.rows.value_or_threshold}"
    notes = [group.rows.note] if group.rows.note else []
    if n in (0, of_all):
        notes.append(f"{who} has {'all rows' if n else 'no row'}: there is nobody to compare.")
    elif n in (1, of_all - 1):
        notes.append(f"{who} compares one row with {of_all - 1:,} others: that says nothing about a group.")
    return notes


def _some(column: "pd.Series[Any]") -> str:
    values = column.dropna().unique()
    shown = ", ".join(map(str, values[:5]))
    return f"{shown} and {len(values) - 5:,} more" if len(values) > 5 else shown
