"""How far apart the distributions of the labels of two groups are.

In the formulas ``P_a`` is the distribution of the labels among all others, ``P_d`` that in the facet. As in
`smclarify`, sums and maxima go over the labels that *both* groups have, and the shares are not scaled again: with a
label that only one of them has, KL can be negative, and the distances are those of what is left.
"""

import numpy as np
from numpy.typing import NDArray

from xgoals.bias.groups import Flags, same_rows
from xgoals.bias.metric import UndefinedMetricError

Shares = NDArray[np.float64]


def kullback_leibler_divergence(label: Flags, in_facet: Flags) -> float:
    """KL: how much the labels of all others surprise somebody who expects those of the facet.

    ``KL = sum P_a log(P_a / P_d)`` over labels that both have, in nats. 0 for equal distributions, else usually
    positive; it can be negative where a label is missing in one group. Not symmetric.

    Source: Amazon SageMaker Clarify, "Kullback-Leibler Divergence (KL)"; `smclarify` 0.5, ``KL``; Kullback and Leibler,
    "On information and sufficiency", 1951.

    Raises
    ------
    UndefinedMetricError
        The groups have no label in common: one is empty, or each has one label and not the same. Labels of one class
        give 0.
    """
    others, facet = _common_shares(label, in_facet)
    return float(np.sum(others * np.log(others / facet)))


def jensen_shannon_divergence(label: Flags, in_facet: Flags) -> float:
    """JS: how far both groups' labels are from what lies between them.

    ``JS = (KL(P_a, P) + KL(P_d, P)) / 2`` with ``P = (P_a + P_d) / 2``, over labels that both have, in nats: in
    [0, log 2], 0 for equal distributions. Symmetric.

    Source: Amazon SageMaker Clarify, "Jensen-Shannon Divergence (JS)"; `smclarify` 0.5, ``JS``; Lin, "Divergence
    measures based on the Shannon entropy", 1991.

    Raises
    ------
    UndefinedMetricError
        The groups have no label in common; see :func:`kullback_leibler_divergence`.
    """
    others, facet = _common_shares(label, in_facet)
    between = (others + facet) / 2
    return float(np.sum(others * np.log(others / between)) + np.sum(facet * np.log(facet / between))) / 2


def lp_norm(label: Flags, in_facet: Flags) -> float:
    """LP: the straight distance between the two distributions, with p = 2.

    ``LP = sqrt(sum (P_a - P_d)^2)`` over labels that both have, in [0, sqrt 2]: 0 for equal distributions.

    Source: Amazon SageMaker Clarify, "Lp-norm (LP)"; `smclarify` 0.5, ``LP``.

    Raises
    ------
    UndefinedMetricError
        The groups have no label in common; see :func:`kullback_leibler_divergence`.
    """
    others, facet = _common_shares(label, in_facet)
    return float(np.sqrt(np.sum((others - facet) ** 2)))


def total_variation_distance(label: Flags, in_facet: Flags) -> float:
    """TVD: what share of the labels would have to change for equal distributions.

    ``TVD = sum |P_a - P_d| / 2`` over labels that both have, in [0, 1]: 0 for equal distributions.

    Source: Amazon SageMaker Clarify, "Total Variation Distance (TVD)"; `smclarify` 0.5, ``TVD``.

    Raises
    ------
    UndefinedMetricError
        The groups have no label in common; see :func:`kullback_leibler_divergence`.
    """
    others, facet = _common_shares(label, in_facet)
    return float(np.sum(np.abs(others - facet))) / 2


def kolmogorov_smirnov_distance(label: Flags, in_facet: Flags) -> float:
    """KS: the greatest difference of shares that any label has.

    ``KS = max |P_a - P_d|`` over labels that both have, in [0, 1]: 0 for equal distributions.

    Source: Amazon SageMaker Clarify, "Kolmogorov-Smirnov (KS)"; `smclarify` 0.5, ``KS``.

    Raises
    ------
    UndefinedMetricError
        The groups have no label in common; see :func:`kullback_leibler_divergence`.
    """
    others, facet = _common_shares(label, in_facet)
    return float(np.max(np.abs(others - facet)))


def _common_shares(label: Flags, in_facet: Flags) -> tuple[Shares, Shares]:
    label, in_facet = same_rows(label=label, in_facet=in_facet)
    kind = 2 * in_facet.view(np.uint8) + label.view(np.uint8)
    others, facet = np.bincount(kind, minlength=4).reshape(2, 2)
    common = (others > 0) & (facet > 0)
    if not common.any():
        raise UndefinedMetricError("No label occurs both in the facet and among the others.")
    return others[common] / others.sum(), facet[common] / facet.sum()
