"""The baseline: the one row of features that every explanation starts from.

Mean of continuous features, mode of binary features and categories, the rounded mean of counts (nobody meets
1.8 defenders), over the training shots without penalties. A feature that is missing in every shot has a missing
baseline. With one row, the base value of an explanation is the prediction *at that row*: neither the mean
prediction nor the goal rate.
"""

import numpy as np
import pandas as pd

from xgoals.features.catalogue import Catalogue, Feature


def baseline_row(features: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """The baseline of a catalogue.

    Parameters
    ----------
    features
        Training shots without penalties, one column a feature.

    Returns
    -------
    Series
        Feature name -> value, in the catalogue's order; NaN where no shot has the feature.
    """
    row = {feature.name: _typical(features[feature.name].dropna(), feature) for feature in catalogue.features}
    return pd.Series(row, dtype=np.float64)


def _typical(values: pd.Series, feature: Feature) -> float:
    if values.empty:
        return float("nan")
    if feature.kind in ("binary", "category"):
        return float(values.mode().iloc[0])
    if feature.kind == "count":
        return float(round(values.mean()))
    return float(values.mean())
