"""How right the predictions are in each group, and in which direction they err.

In the formulas ``a`` are all others and ``d`` is the facet looked at, as in Clarify's documentation; ``n(1)`` and
``n(0)`` count positive and negative labels, ``n^(1)`` and ``n^(0)`` predictions, TP, FP, FN and TN what came of both. A
ratio of nothing to nothing counts as 0, of something to nothing as infinite; two infinite ones do not differ. Every
metric is undefined (`UndefinedMetricError`) where nobody, or everybody, is in the facet; labels or predictions of one
class are no error anywhere.
"""

from xgoals.bias.groups import Flags, counted, difference, ratio


def difference_in_conditional_acceptance(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """DCA: how many deserve it for each that gets it, among all others and in the facet.

    ``DCA = n_a(1) / n^_a(1) - n_d(1) / n^_d(1)``, in [-infinity, infinity]: 0 for the same ratio, negative where the
    facet has more positive labels for each positive prediction (it is given too little). Infinite where one group has
    positive labels and no positive prediction.

    Source: Amazon SageMaker Clarify, "Difference in Conditional Acceptance (DCAcc)"; `smclarify` 0.5, ``DCA``.
    """
    d, a = counted(label, predicted, in_facet)
    return difference(ratio(a.positives, a.predicted_positives), ratio(d.positives, d.predicted_positives))


def difference_in_conditional_rejection(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """DCR: how many negative labels there are for each negative prediction, in the facet and among all others.

    ``DCR = n_d(0) / n^_d(0) - n_a(0) / n^_a(0)``, in [-infinity, infinity]: 0 for the same ratio, negative where the
    facet is refused more than its labels say. Infinite where one group has negative labels and no negative prediction.

    Source: Amazon SageMaker Clarify, "Difference in Conditional Rejection (DCR)"; `smclarify` 0.5, ``DCR``.
    """
    d, a = counted(label, predicted, in_facet)
    return difference(ratio(d.negatives, d.predicted_negatives), ratio(a.negatives, a.predicted_negatives))


def recall_difference(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """RD: by how much more of the positive labels are found among all others.

    ``RD = TP_a / (TP_a + FN_a) - TP_d / (TP_d + FN_d)``, in [-1, 1], a difference of shares: positive where the facet's
    positives are missed more often. A group without positive labels has recall 0.

    Source: Amazon SageMaker Clarify, "Recall Difference (RD)"; `smclarify` 0.5, ``RD``; "equal opportunity" of Hardt,
    Price and Srebro, 2016.
    """
    d, a = counted(label, predicted, in_facet)
    return ratio(a.true_positives, a.positives) - ratio(d.true_positives, d.positives)


def specificity_difference(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """SD: by how much more of the negative labels are found in the facet.

    ``SD = TN_d / (TN_d + FP_d) - TN_a / (TN_a + FP_a)``, in [-1, 1], a difference of shares: negative where the facet
    has more false alarms. A group without negative labels has specificity 0.

    Source: Amazon SageMaker Clarify, "Specificity difference (SD)"; `smclarify` 0.5, ``SD``.
    """
    d, a = counted(label, predicted, in_facet)
    return ratio(d.true_negatives, d.negatives) - ratio(a.true_negatives, a.negatives)


def difference_in_acceptance_rates(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """DAR: by how much more of the positive predictions are right among all others (a difference of precision).

    ``DAR = TP_a / n^_a(1) - TP_d / n^_d(1)``, in [-1, 1], a difference of shares. A group without positive predictions
    has 0.

    Source: Amazon SageMaker Clarify, "Difference in Acceptance Rates (DAR)"; `smclarify` 0.5, ``DAR``.
    """
    d, a = counted(label, predicted, in_facet)
    return ratio(a.true_positives, a.predicted_positives) - ratio(d.true_positives, d.predicted_positives)


def difference_in_rejection_rates(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """DRR: by how much more of the negative predictions are right in the facet.

    ``DRR = TN_d / n^_d(0) - TN_a / n^_a(0)``, in [-1, 1], a difference of shares. A group without negative predictions
    has 0.

    Source: Amazon SageMaker Clarify, "Difference in Rejection Rates (DRR)"; `smclarify` 0.5, ``DRR``.
    """
    d, a = counted(label, predicted, in_facet)
    return ratio(d.true_negatives, d.predicted_negatives) - ratio(a.true_negatives, a.predicted_negatives)


def accuracy_difference(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """AD: by how much more of the predictions are right among all others.

    ``AD = (TP_a + TN_a) / n_a - (TP_d + TN_d) / n_d``, in [-1, 1], a difference of shares.

    Source: Amazon SageMaker Clarify, "Accuracy Difference (AD)"; `smclarify` 0.5, ``AD``.
    """
    d, a = counted(label, predicted, in_facet)
    return (a.true_positives + a.true_negatives) / a.n - (d.true_positives + d.true_negatives) / d.n


def treatment_equality(label: Flags, predicted: Flags, in_facet: Flags) -> float:
    """TE: how many are missed for each false alarm, in the facet and among all others.

    ``TE = FN_d / FP_d - FN_a / FP_a``, in [-infinity, infinity]: 0 for the same ratio, positive where the errors about
    the facet are rather misses. Infinite where one group has misses and no false alarm. So in `smclarify`; Clarify's
    documentation gives ``FP_a / FN_a - FP_d / FN_d``, whose sign is the same wherever all four occur.

    Source: Amazon SageMaker Clarify, "Treatment Equality (TE)"; `smclarify` 0.5, ``TE``; Berk and others, "Fairness in
    criminal justice risk assessments", 2018.
    """
    d, a = counted(label, predicted, in_facet)
    return difference(
        ratio(d.false_negatives, d.false_positives), ratio(a.false_negatives, a.false_positives)
    )
