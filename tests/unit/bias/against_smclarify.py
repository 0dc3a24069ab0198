"""Our values and smclarify's, side by side."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bias_tables import bias_table
from numpy.typing import NDArray
from readings import Reading

from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias
from xgoals.clarify.bias import bias_sections
from xgoals.clarify.bias_layout import BiasSections
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.table import Table

GOLDENS = Path(__file__).parent / "goldens"


def our_values(number: int) -> NDArray[np.float64]:
    """All metrics of a table, those before training first; NaN where one has no value."""
    table = bias_table(number)
    metrics = pre_training_bias(table.label, table.in_facet, table.group)
    metrics += post_training_bias(table.label, table.predicted, table.in_facet, table.group, table.features)
    assert all((metric.value is None) == (metric.error is not None) for metric in metrics)
    return np.array([np.nan if metric.value is None else metric.value for metric in metrics])


def largest_difference(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """Over finite values; the others have to be the same."""
    assert np.array_equal(np.isnan(ours), np.isnan(theirs))
    infinite = np.isinf(theirs)
    assert np.array_equal(ours[infinite], theirs[infinite])
    finite = np.isfinite(theirs)
    assert np.array_equal(finite, np.isfinite(ours))
    return float(np.abs(ours[finite] - theirs[finite]).max())


def our_sections(file: Reading) -> BiasSections:
    """What a job says of a file."""
    columns = pd.read_csv(io.StringIO(file.csv))
    settings: dict[str, Any] = {
        "dataset_type": "text/csv",
        "label": "label",
        "predicted_label": "predicted",
        "label_values_or_threshold": list(file.label_values),
        "facet": [{"name_or_index": "facet"}],
        "methods": {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": "all"}},
    }
    if file.facet_values:
        settings["facet"][0]["value_or_threshold"] = list(file.facet_values)
    if file.has_group:
        settings["group_variable"] = "group"
    table = Table(columns[["a", "b"]], columns["label"], columns["predicted"], columns)
    return bias_sections(AnalysisConfig.model_validate(settings), table, None)
