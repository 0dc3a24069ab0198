"""The thirteen metrics of bias of what a model predicts."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

from numpy.typing import NDArray

from xgoals.bias.conditional import conditional_demographic_disparity_in_predicted_labels
from xgoals.bias.groups import Flags, same_rows
from xgoals.bias.individuals import flip_test, generalized_entropy
from xgoals.bias.metric import POST_TRAINING_METRICS, MetricValue, PostTrainingMetric, chosen, measured
from xgoals.bias.proportions import difference_in_proportions_of_predicted_labels, disparate_impact
from xgoals.bias.rates import (
    accuracy_difference,
    difference_in_acceptance_rates,
    difference_in_conditional_acceptance,
    difference_in_conditional_rejection,
    difference_in_rejection_rates,
    recall_difference,
    specificity_difference,
    treatment_equality,
)


def post_training_bias(
    label: Flags,
    predicted: Flags,
    in_facet: Flags,
    group: NDArray[Any] | None = None,
    features: NDArray[Any] | None = None,
    methods: Literal["all"] | Sequence[str] = "all",
) -> tuple[MetricValue, ...]:
    """The metrics of bias in predictions between a facet and all others.

    Parameters
    ----------
    label
        (n,) whether the label is positive.
    predicted
        (n,) whether a positive label is predicted.
    in_facet
        (n,) whether the row is in the facet looked at.
    group
        (n,) the subgroup of each row, for CDDPL; without it CDDPL has no value.
    features
        (n, F) numbers, for FT; without them FT has no value.
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
    rows = label, predicted, in_facet = same_rows(label=label, predicted=predicted, in_facet=in_facet)
    metrics: dict[PostTrainingMetric, Callable[[], float]] = {
        "DPPL": partial(difference_in_proportions_of_predicted_labels, predicted, in_facet),
        "DI": partial(disparate_impact, predicted, in_facet),
        "DCA": partial(difference_in_conditional_acceptance, *rows),
        "DCR": partial(difference_in_conditional_rejection, *rows),
        "RD": partial(recall_difference, *rows),
        "SD": partial(specificity_difference, *rows),
        "DAR": partial(difference_in_acceptance_rates, *rows),
        "DRR": partial(difference_in_rejection_rates, *rows),
        "AD": partial(accuracy_difference, *rows),
        "CDDPL": partial(conditional_demographic_disparity_in_predicted_labels, predicted, in_facet, group),
        "TE": partial(treatment_equality, *rows),
        "FT": partial(flip_test, predicted, in_facet, features),
        "GE": partial(generalized_entropy, label, predicted),
    }
    return tuple(measured(name, metrics[name]) for name in chosen(methods, POST_TRAINING_METRICS))
