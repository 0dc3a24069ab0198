"""Disparity within subgroups: whether a facet is refused more than it is accepted, like compared with like."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xgoals.bias.groups import Flags, same_rows
from xgoals.bias.metric import UndefinedMetricError
from xgoals.domain.errors import ModelError

Groups = NDArray[Any]


def conditional_demographic_disparity_in_labels(label: Flags, in_facet: Flags, group: Groups | None) -> float:
    """CDDL: the facet's share of the negative labels less its share of the positive ones, averaged over subgroups.

    ``CDDL = sum n_i DD_i / sum n_i`` with ``DD_i = n_d,i(0) / n_i(0) - n_d,i(1) / n_i(1)``, a difference of shares in
    [-1, 1]: positive where the facet has more of the negative labels than of the positive ones. A subgroup without
    negative (positive) labels has 0 for that share. A facet with nobody gives 0, one with everybody a number that only
    says how many subgroups lack a class.

    Source: Amazon SageMaker Clarify, "Conditional Demographic Disparity (CDD)"; `smclarify` 0.5, ``CDDL``; Wachter,
    Mittelstadt and Russell, "Why fairness cannot be automated", 2021.

    Parameters
    ----------
    group
        (n,) the subgroup of each row. Rows whose number is NaN are in no subgroup and do not count.

    Raises
    ------
    UndefinedMetricError
        No subgroups are given; all labels are positive, or all negative; values of subgroups cannot be put in order:
        texts of which some are missing.
    """
    return _disparity(label, in_facet, group, what="label")


def conditional_demographic_disparity_in_predicted_labels(
    predicted: Flags, in_facet: Flags, group: Groups | None
) -> float:
    """CDDPL: the same as CDDL of what is predicted: :func:`conditional_demographic_disparity_in_labels`.

    ``CDDPL = sum n_i DD_i / sum n_i`` with ``DD_i = n^_d,i(0) / n^_i(0) - n^_d,i(1) / n^_i(1)``, in [-1, 1].

    Source: Amazon SageMaker Clarify, "Conditional Demographic Disparity in Predicted Labels (CDDPL)"; `smclarify` 0.5,
    ``CDDPL``.

    Raises
    ------
    UndefinedMetricError
        No subgroups are given, or not all can be put in order; all predictions are positive, or all negative.
    """
    return _disparity(predicted, in_facet, group, what="prediction")


def _disparity(positive: Flags, in_facet: Flags, group: Groups | None, what: str) -> float:
    positive, in_facet = same_rows(positive=positive, in_facet=in_facet)
    index, n_groups = _numbered(group, len(positive))
    if not positive.any():
        raise UndefinedMetricError(f"No {what} is positive.")
    if positive.all():
        raise UndefinedMetricError(f"No {what} is negative.")
    grouped = index >= 0
    kind = (4 * index + 2 * in_facet + positive)[grouped]
    n = np.bincount(kind, minlength=4 * n_groups).reshape(n_groups, 2, 2).astype(np.float64)
    of_class = n.sum(axis=1)
    shares = np.divide(n[:, 1], of_class, out=np.zeros_like(of_class), where=of_class > 0)
    sizes = of_class.sum(axis=1)
    return float(np.sum(sizes * (shares[:, 0] - shares[:, 1])) / sizes.sum()) if sizes.sum() else 0.0


def _numbered(group: Groups | None, n: int) -> tuple[NDArray[np.int64], int]:
    """The number of each row's subgroup, -1 for none, and how many there are."""
    values = np.asarray(group) if group is not None else np.empty(0)
    if not values.size:
        raise UndefinedMetricError("No group variable is given, and the metric compares within its groups.")
    if values.shape != (n,):
        raise ModelError(f"group has to have one value for each of {n:,} rows, not the shape {values.shape}.")
    try:
        groups, index = np.unique(values, return_inverse=True)
    except TypeError as error:  # numpy: '<' not supported between instances of 'float' and 'str'
        why = "The group variable has texts and missing values, or values of several types."
        raise UndefinedMetricError(why, advice="Give the missing ones a name of their own.") from error
    missing = np.asarray(values != values, dtype=np.bool_)
    return np.where(missing, -1, index).astype(np.int64), len(groups)
