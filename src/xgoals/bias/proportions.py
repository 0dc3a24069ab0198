"""How many are in each group, and what share of each is positive.

In the formulas ``a`` are all others and ``d`` is the facet looked at, as in Clarify's documentation; ``n`` counts rows,
``n(1)`` positive labels, ``n^(1)`` positive predictions.
"""

import numpy as np

from xgoals.bias.groups import Flags, both_there, ratio, same_rows


def class_imbalance(in_facet: Flags) -> float:
    """CI: how much smaller the facet is than the rest.

    ``CI = (n_a - n_d) / (n_a + n_d)``, in (-1, 1): 0 for halves, towards 1 where the facet has few rows.

    Source: Amazon SageMaker Clarify, "Class Imbalance (CI)"; `smclarify` 0.5, ``CI``.

    Raises
    ------
    UndefinedMetricError
        Nobody, or everybody, is in the facet. The labels do not matter.
    """
    (in_facet,) = same_rows(in_facet=in_facet)
    facet, others = both_there(in_facet)
    return (others - facet) / (others + facet)


def difference_in_proportions_of_labels(label: Flags, in_facet: Flags) -> float:
    """DPL: by how much the share of positive labels is greater among all others.

    ``DPL = n_a(1) / n_a - n_d(1) / n_d``, in [-1, 1], a difference of shares: 0 for equal shares, positive where the
    facet has fewer positive labels. Labels of one class give 0.

    Source: Amazon SageMaker Clarify, "Difference in Proportions of Labels (DPL)"; `smclarify` 0.5, ``DPL``.

    Raises
    ------
    UndefinedMetricError
        Nobody, or everybody, is in the facet.
    """
    of_facet, of_others = _shares(label, in_facet)
    return of_others - of_facet


def difference_in_proportions_of_predicted_labels(predicted: Flags, in_facet: Flags) -> float:
    """DPPL: by how much the share of positive predictions is greater among all others.

    ``DPPL = n^_a(1) / n_a - n^_d(1) / n_d``, in [-1, 1], a difference of shares: 0 for equal shares, positive where
    the facet has fewer positive predictions. Predictions of one class give 0.

    Source: Amazon SageMaker Clarify, "Difference in Positive Proportions in Predicted Labels (DPPL)"; `smclarify` 0.5,
    ``DPPL``.

    Raises
    ------
    UndefinedMetricError
        Nobody, or everybody, is in the facet.
    """
    of_facet, of_others = _shares(predicted, in_facet)
    return of_others - of_facet


def disparate_impact(predicted: Flags, in_facet: Flags) -> float:
    """DI: the facet's share of positive predictions over that of all others.

    ``DI = (n^_d(1) / n_d) / (n^_a(1) / n_a)``, a ratio in [0, infinity]: 1 for equal shares, below 1 where the facet
    has fewer positive predictions (below 0.8 breaks the "four-fifths rule" of employment law). Infinite where only the
    facet has positive predictions; 0, not 1, where nobody has.

    Source: Amazon SageMaker Clarify, "Disparate Impact (DI)"; `smclarify` 0.5, ``DI``; Feldman and others, "Certifying
    and removing disparate impact", KDD 2015.

    Raises
    ------
    UndefinedMetricError
        Nobody, or everybody, is in the facet.
    """
    of_facet, of_others = _shares(predicted, in_facet)
    return ratio(of_facet, of_others)


def _shares(positive: Flags, in_facet: Flags) -> tuple[float, float]:
    positive, in_facet = same_rows(positive=positive, in_facet=in_facet)
    facet, others = both_there(in_facet)
    of_facet = int(np.count_nonzero(positive & in_facet))
    return of_facet / facet, (int(np.count_nonzero(positive)) - of_facet) / others
