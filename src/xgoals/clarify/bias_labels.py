"""Which labels of a table are positive, and which rows are predicted to be, as a configuration says."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xgoals.bias.facets import Selection, positive_predictions, selected
from xgoals.bias.groups import Flags
from xgoals.bias.values import Value, as_number, is_continuous
from xgoals.clarify.bias_groups import some_of
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.table import Table
from xgoals.domain.errors import ModelError, SettingsError

_PROBABILITY_THRESHOLD: Final = 0.5
"""What Clarify takes where none is given."""


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
        raise SettingsError(
            f"The label {table.label.name!r} has no value in any row.",
            where="label",
            advice="Name the column that says what happened.",
        )
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
        seen = some_of(label.dropna().unique().tolist())
        raise SettingsError(
            f"No label is positive: {values} is asked for, and {label.name!r} has {seen}.",
            where="label_values_or_threshold",
            advice="Name values that occur, or a threshold below the largest.",
        )
    if n_positive in (0, len(label)):
        word = "positive" if n_positive else "negative"
        notes.append(f"All labels are {word}: metrics that compare labels have little to say.")
    if n_missing:
        rows = (
            "One row has no label: it counts"
            if n_missing == 1
            else f"{n_missing:,} rows have no label: they count"
        )
        notes.append(f"{rows} as negative.")
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
        which = selected(label, values).value_or_threshold
        notes.append(f"Labels are not 0 and 1: the model's probability is taken for that of {which}.")
        return likely
    if_one, if_zero = (_is_positive(x, label, values) for x in (1.0, 0.0))
    return np.where(likely, if_one, if_zero)


def _is_positive(x: float, label: "pd.Series[Any]", values: Sequence[Value]) -> bool:
    numbers = [as_number(value) for value in values]
    if is_continuous(label, values):
        return numbers[0] is not None and x > numbers[0]
    return x in numbers
