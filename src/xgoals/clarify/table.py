"""A table as a job uses it: what its columns are for."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a dataset.

    Attributes
    ----------
    features
        (n, F) what the model is asked with, in the order of the model's features; numbers, NaN is missing.
    label
        What happened, or None where the dataset has no label.
    predicted_label
        What was predicted, where the dataset says so itself.
    columns
        All columns as they were read, facets and the group variable among them.
    """

    features: pd.DataFrame
    label: pd.Series | None
    predicted_label: pd.Series | None
    columns: pd.DataFrame
