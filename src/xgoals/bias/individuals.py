"""Fairness from one row to the next: neighbours who are treated alike, benefits that are spread evenly."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xgoals.bias.groups import Flags, both_there, same_rows
from xgoals.bias.metric import UndefinedMetricError
from xgoals.bias.nearest import as_neighbours
from xgoals.domain.errors import ModelError

_ALPHA: Final = 2


def flip_test(predicted: Flags, in_facet: Flags, features: NDArray[Any] | None) -> float:
    """FT: whether the facet is treated as its nearest neighbours among all others are.

    ``FT = (F+ - F-) / n_d``, in [-1, 1], a share of the facet: ``F+`` counts those of the facet who are predicted to be
    positive while most of their 5 nearest neighbours (Euclidean; 1 with fewer than 10 others) are not, ``F-`` the
    reverse. Negative where the facet is treated worse than its neighbours: so in `smclarify`, while Clarify's
    documentation describes the other sign. Features count as they are: one in thousands outweighs one in units.
    Predictions of one class give 0.

    Source: Amazon SageMaker Clarify, "Counterfactual Fliptest (FT)"; `smclarify` 0.5, ``FT``; after Black, Yeom and
    Fredrikson, "FlipTest: fairness testing via optimal transport", FAT* 2020.

    Parameters
    ----------
    features
        (n, F) numbers, without the facet and the label. Which of several neighbours at the same distance count is
        scikit-learn's choice, as in `smclarify`; :func:`xgoals.bias.nearest.as_neighbours` has the one exception.

    Raises
    ------
    UndefinedMetricError
        Nobody, or everybody, is in the facet; no features are given, some are no numbers, missing or infinite.
    """
    predicted, in_facet = same_rows(predicted=predicted, in_facet=in_facet)
    if features is None:
        raise UndefinedMetricError("No features are given, and the metric looks for neighbours by them.")
    n_facet, _ = both_there(in_facet)
    X = _numbers(features, len(predicted))
    as_if_other = as_neighbours(X[~in_facet], predicted[~in_facet], X[in_facet])
    own = predicted[in_facet]
    return float(np.count_nonzero(own & ~as_if_other) - np.count_nonzero(~own & as_if_other)) / n_facet


def generalized_entropy(label: Flags, predicted: Flags) -> float:
    """GE: how unevenly benefits are spread over all rows, whatever the facet.

    ``GE = sum ((b_i / mean b)^2 - 1) / (2 n)`` with the benefit ``b_i = predicted_i - label_i + 1``: 0 for a miss, 1
    where the prediction is right, 2 for a false alarm. In [0, infinity): half the squared coefficient of variation; 0
    where all have the same benefit. The same number for every facet.

    Source: Amazon SageMaker Clarify, "Generalized entropy (GE)", with alpha = 2; `smclarify` 0.5, ``GE``; Speicher and
    others, "A unified approach to quantifying algorithmic unfairness", KDD 2018.

    Raises
    ------
    UndefinedMetricError
        There are no rows, or every prediction is a miss (nobody has a benefit).
    """
    label, predicted = same_rows(label=label, predicted=predicted)
    if not len(label):
        raise UndefinedMetricError("There are no rows.")
    benefit = predicted.astype(np.float64) - label + 1
    if not benefit.any():
        raise UndefinedMetricError("Every row is a positive one that is predicted to be negative.")
    return float(np.sum((benefit / benefit.mean()) ** _ALPHA - 1)) / (len(label) * _ALPHA * (_ALPHA - 1))


def _numbers(features: NDArray[Any], n: int) -> NDArray[Any]:
    X = np.asarray(features)
    if X.ndim != 2 or len(X) != n:
        raise ModelError(f"features has to have a row for each of {n:,} rows, not the shape {X.shape}.")
    if X.shape[1] == 0:
        raise UndefinedMetricError(
            "There is no feature but the facet, and the metric looks for neighbours by them."
        )
    if X.dtype == object and not any(isinstance(value, str) for value in X.flat):
        X = X.astype(np.float64)  # None is missing
    if X.dtype.kind not in "biuf":
        raise UndefinedMetricError("Some features are no numbers, and distances need numbers.")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        raise UndefinedMetricError("Some values of features are missing or infinite: they have no distance.")
    return X
