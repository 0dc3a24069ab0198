"""Metrics of bias worked out by hand; the examples of loans are those of Clarify's documentation."""

from collections.abc import Callable
from math import inf, log

import numpy as np
import pytest
from numpy.typing import NDArray

from xgoals.bias.conditional import conditional_demographic_disparity_in_labels
from xgoals.bias.distances import (
    jensen_shannon_divergence,
    kolmogorov_smirnov_distance,
    kullback_leibler_divergence,
    lp_norm,
    total_variation_distance,
)
from xgoals.bias.individuals import flip_test, generalized_entropy
from xgoals.bias.metric import UndefinedMetricError
from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias
from xgoals.bias.proportions import class_imbalance, difference_in_proportions_of_labels, disparate_impact
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
from xgoals.domain.errors import ModelError, SettingsError

Flags = NDArray[np.bool_]


def rows(
    *, others: tuple[int, int, int, int], facet: tuple[int, int, int, int]
) -> tuple[Flags, Flags, Flags]:
    """Labels, predictions and the facet of so many TP, FP, FN and TN."""
    n_all = np.array([*others, *facet])
    label = np.repeat(np.array([1, 0, 1, 0] * 2, dtype=bool), n_all)
    predicted = np.repeat(np.array([1, 1, 0, 0] * 2, dtype=bool), n_all)
    return label, predicted, np.repeat([False, True], [sum(others), sum(facet)])


LOANS = rows(others=(65, 10, 5, 20), facet=(20, 5, 7, 18))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (recall_difference, 65 / 70 - 20 / 27),
        (specificity_difference, 18 / 23 - 20 / 30),
        (difference_in_acceptance_rates, 65 / 75 - 20 / 25),
        (difference_in_rejection_rates, 18 / 25 - 20 / 25),
        (accuracy_difference, 85 / 100 - 38 / 50),
        (difference_in_conditional_acceptance, 70 / 75 - 27 / 25),
        (difference_in_conditional_rejection, 23 / 25 - 30 / 25),
        (treatment_equality, 7 / 5 - 5 / 10),
    ],
)
def test_loans_of_two_groups(metric: Callable[..., float], expected: float) -> None:
    assert metric(*LOANS) == pytest.approx(expected, abs=1e-12)


def test_more_is_refused_than_the_labels_say() -> None:
    """Refused are 60 of 100 and 30 of 50; by the labels 50 and 40, or 70 and 20: half a refusal more, or less."""
    assert difference_in_conditional_rejection(
        *rows(others=(40, 0, 10, 50), facet=(10, 10, 0, 30))
    ) == pytest.approx(0.5)
    assert difference_in_conditional_rejection(
        *rows(others=(30, 10, 0, 60), facet=(20, 0, 10, 20))
    ) == pytest.approx(-0.5)


def test_shares_of_positive_labels() -> None:
    label, _, in_facet = rows(others=(80, 0, 0, 20), facet=(15, 0, 0, 35))
    assert class_imbalance(in_facet) == pytest.approx(1 / 3)
    assert difference_in_proportions_of_labels(label, in_facet) == pytest.approx(0.5)
    assert disparate_impact(label, in_facet) == pytest.approx(0.3 / 0.8)
    assert kullback_leibler_divergence(label, in_facet) == pytest.approx(0.8 * log(8 / 3) + 0.2 * log(2 / 7))
    assert jensen_shannon_divergence(label, in_facet) == pytest.approx(
        (0.8 * log(0.8 / 0.55) + 0.2 * log(0.2 / 0.45) + 0.3 * log(0.3 / 0.55) + 0.7 * log(0.7 / 0.45)) / 2
    )
    assert lp_norm(label, in_facet) == pytest.approx(0.5 * 2**0.5)
    assert total_variation_distance(label, in_facet) == pytest.approx(0.5)
    assert kolmogorov_smirnov_distance(label, in_facet) == pytest.approx(0.5)


def test_a_label_that_one_group_lacks_is_left_out() -> None:
    """The facet has positive labels only: what both have is the positive label, half of the others', all of its own."""
    label, _, in_facet = rows(others=(5, 0, 0, 5), facet=(4, 0, 0, 0))
    assert kullback_leibler_divergence(label, in_facet) == pytest.approx(0.5 * log(0.5))
    assert total_variation_distance(label, in_facet) == pytest.approx(0.25)


def test_disparity_vanishes_within_departments() -> None:
    """Simpson: each department refuses both groups alike, and the facet applies where most are refused."""
    counts = {(0, 0, 0): 10, (0, 0, 1): 90, (0, 1, 0): 1, (0, 1, 1): 9}  # department, facet, label
    counts |= {(1, 0, 0): 18, (1, 0, 1): 2, (1, 1, 0): 90, (1, 1, 1): 10}
    group, in_facet, label = np.repeat(np.array(list(counts)), list(counts.values()), axis=0).T
    alone = conditional_demographic_disparity_in_labels(label == 1, in_facet == 1, np.zeros(len(label)))
    assert alone == pytest.approx(91 / 119 - 19 / 111)
    within = conditional_demographic_disparity_in_labels(label == 1, in_facet == 1, group)
    assert within == pytest.approx(0, abs=1e-12)


def test_neighbours_are_treated_better() -> None:
    """Fewer than ten others: the nearest decides. Two of four are refused beside somebody accepted, one the reverse."""
    place = np.array([0.0, 1, 2, 3, 0.1, 1.1, 2.1, 3.1])
    accepted = np.array([1, 1, 0, 0, 0, 0, 1, 0], dtype=bool)
    assert flip_test(accepted, np.arange(8) >= 4, place[:, None]) == -0.25


def test_five_neighbours_vote_from_ten_others_on() -> None:
    place = np.append(np.arange(10.0), 0.1)
    accepted = np.array([0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=bool)
    assert flip_test(accepted, place == 0.1, place[:, None]) == -1
    nine = np.arange(11) != 9
    assert flip_test(accepted[nine], place[nine] == 0.1, place[nine, None]) == 0


def test_benefits_of_four_rows() -> None:
    """A miss has 0, a false alarm 2, who is judged rightly 1: half the squared coefficient of variation is 0.25."""
    label, predicted = np.array([[1, 0, 1, 0], [0, 1, 1, 0]], dtype=bool)
    assert generalized_entropy(label, predicted) == pytest.approx(0.25)
    assert generalized_entropy(label, label) == 0


def test_infinite_where_only_one_group_has_a_denominator() -> None:
    nobody_accepted = rows(others=(3, 1, 1, 5), facet=(0, 0, 2, 4))
    assert difference_in_conditional_acceptance(*nobody_accepted) == -inf
    assert treatment_equality(*nobody_accepted) == inf
    assert disparate_impact(nobody_accepted[1], ~nobody_accepted[2]) == inf


def test_two_infinite_ratios_do_not_differ() -> None:
    nobody_accepted = rows(others=(0, 0, 3, 5), facet=(0, 0, 2, 4))
    assert difference_in_conditional_acceptance(*nobody_accepted) == 0
    assert treatment_equality(*nobody_accepted) == 0
    assert disparate_impact(nobody_accepted[1], nobody_accepted[2]) == 0


@pytest.mark.parametrize("everybody", [False, True])
def test_a_facet_of_nobody_or_everybody_says_so_and_ge_still_counts(everybody: bool) -> None:
    label, predicted, _ = LOANS
    metrics = post_training_bias(
        label, predicted, np.full(len(label), everybody), features=np.ones((len(label), 1))
    )
    assert {metric.name for metric in metrics if metric.value is not None} == {"GE"}
    word = "Everybody is" if everybody else "Nobody is"
    assert sum(word in (metric.error or "") for metric in metrics) == 11, (
        "all but GE, and CDDPL without groups"
    )


def test_without_groups_and_features_two_metrics_say_what_they_need() -> None:
    metrics = pre_training_bias(LOANS[0], LOANS[2]) + post_training_bias(*LOANS)
    said = {metric.name: metric.error for metric in metrics if metric.error}
    assert set(said) == {"CDDL", "CDDPL", "FT"}
    assert "No group variable is given" in (said["CDDL"] or "")
    assert "No features are given" in (said["FT"] or "")


@pytest.mark.parametrize(
    ("features", "why"),
    [
        (np.array([["red"], ["blue"]] * 75, dtype=object), "no numbers"),
        (np.array([[1.0], [np.nan]] * 75), "missing or infinite"),
        (np.array([[1.0], [None]] * 75, dtype=object), "missing or infinite"),
        (np.empty((150, 0)), "no feature but the facet"),
    ],
)
def test_neighbours_need_numbers(features: NDArray[np.generic], why: str) -> None:
    (metric,) = post_training_bias(*LOANS, features=features, methods=["FT"])
    assert metric.value is None
    assert why in (metric.error or "")


def test_texts_and_missing_groups_have_no_disparity_and_missing_numbers_do_not_count() -> None:
    label, in_facet = np.array([1, 0, 1, 0], dtype=bool), np.array([1, 0, 0, 1], dtype=bool)
    with pytest.raises(UndefinedMetricError, match="texts and missing values"):
        conditional_demographic_disparity_in_labels(
            label, in_facet, np.array(["a", "a", np.nan, "b"], dtype=object)
        )
    some = conditional_demographic_disparity_in_labels(label, in_facet, np.array([1, 1, np.nan, np.nan]))
    assert (
        some == conditional_demographic_disparity_in_labels(label[:2], in_facet[:2], np.array([1, 1])) == -1
    )


def test_metrics_are_chosen_by_name_in_the_order_of_clarify() -> None:
    assert [metric.name for metric in pre_training_bias(LOANS[0], LOANS[2], methods=["KS", "CI"])] == [
        "CI",
        "KS",
    ]
    with pytest.raises(SettingsError, match=r"called 'DPPL'.*CDDL, CI, DPL, JS, KL, KS, LP, TVD"):
        pre_training_bias(LOANS[0], LOANS[2], methods=["CI", "DPPL"])


def test_columns_of_other_lengths_or_kinds_are_refused() -> None:
    label, predicted, in_facet = LOANS
    with pytest.raises(ModelError, match=r"label 149, predicted 150, in_facet 150"):
        post_training_bias(label[1:], predicted, in_facet)
    with pytest.raises(ModelError, match="label has to be one row of True and False, not int64"):
        pre_training_bias(label.astype(np.int64), in_facet)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="a row for each of 150 rows"):
        post_training_bias(*LOANS, features=np.ones((149, 2)))
    with pytest.raises(ModelError, match="one value for each of 150 rows"):
        pre_training_bias(label, in_facet, group=np.ones(149))
