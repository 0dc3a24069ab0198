"""The baseline: the one row of features that every explanation starts from.

Mean of continuous features, mode of binary features and categories, the rounded mean of counts (nobody meets
1.8 defenders), over the training shots without penalties. A feature that is missing in every shot has a missing
baseline. With one row, the base value of an explanation is the prediction *at that row*: neither the mean
prediction nor the goal rate.
"""

import pandas as pd

from xgoals.baselines.typical import typical_row
from xgoals.features.catalogue import Catalogue


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
    return typical_row(features, {feature.name: feature.kind for feature in catalogue.features})
