"""The eight metrics of bias that need no model: of the labels that a dataset has."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

from numpy.typing import NDArray

from xgoals.bias.conditional import conditional_demographic_disparity_in_labels
from xgoals.bias.distances import (
    jensen_shannon_divergence,
    kolmogorov_smirnov_distance,
    kullback_leibler_divergence,
    lp_norm,
    total_variation_distance,
)
from xgoals.bias.groups import Flags, same_rows
from xgoals.bias.metric import PRE_TRAINING_METRICS, MetricValue, PreTrainingMetric, chosen, measured
from xgoals.bias.proportions import class_imbalance, difference_in_proportions_of_labels


def pre_training_bias(
    label: Flags,
    in_facet: Flags,
    group: NDArray[Any] | None = None,
    methods: Literal["all"] | Sequence[str] = "all",
) -> tuple[MetricValue, ...]:
    """The metrics of bias in labels between a facet and all others.

    Parameters
    ----------
    label
        (n,) whether the label is positive.
    in_facet
        (n,) whether the row is in the facet looked at.
    group
        (n,) the subgroup of each row, for CDDL; without it CDDL has no value.
    methods
        ``"all"``, or names of metrics.

    Returns
    -------
    tuple of MetricValue
        In the order of Clarify's files. A metric that is not defined has no value and says why: each metric's function
        states when that is.

    Raises
    ------
    SettingsError
        A metric that is asked for is not known.
    ModelError
        The arrays are not of True and False, or not of one length.
    """
    label, in_facet = same_rows(label=label, in_facet=in_facet)
    metrics: dict[PreTrainingMetric, Callable[[], float]] = {
        "CI": partial(class_imbalance, in_facet),
        "DPL": partial(difference_in_proportions_of_labels, label, in_facet),
        "KL": partial(kullback_leibler_divergence, label, in_facet),
        "JS": partial(jensen_shannon_divergence, label, in_facet),
        "LP": partial(lp_norm, label, in_facet),
        "TVD": partial(total_variation_distance, label, in_facet),
        "KS": partial(kolmogorov_smirnov_distance, label, in_facet),
        "CDDL": partial(conditional_demographic_disparity_in_labels, label, in_facet, group),
    }
    return tuple(measured(name, metrics[name]) for name in chosen(methods, PRE_TRAINING_METRICS))
