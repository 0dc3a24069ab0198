"""Clarify's metrics of bias of many resamples at once, by counts: what their intervals are made of.

A metric of the shots themselves is one of :mod:`xgoals.bias`; here it is worked out from how many shots of which place
band, outcome and prediction a resample of matches has, in the part looked at (d) and among all others (a). The same
rules hold: nothing of nothing is 0, something of nothing is infinite. FT is no matter of counts and has no interval.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def count_metrics(part: FloatArray, others: FloatArray) -> Mapping[str, FloatArray]:
    """Metric -> its value in every resample, shape (resamples,); NaN where it is not defined.

    Parameters
    ----------
    part, others
        Shots by band, outcome (0 missed, 1 goal) and prediction (likewise), shape (resamples, bands, 2, 2).
    """
    d, a = part.sum(axis=1), others.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {**_of_labels(part, others), **_of_predictions(part, others), **_of_both(d, a)}
        is_defined = (d.sum(axis=(1, 2)) > 0) & (a.sum(axis=(1, 2)) > 0)
        return {name: np.where(is_defined, values, np.nan) for name, values in found.items()}


def _of_labels(part: FloatArray, others: FloatArray) -> dict[str, FloatArray]:
    n_d, n_a = part.sum(axis=(1, 2, 3)), others.sum(axis=(1, 2, 3))
    goals_d, goals_a = (of.sum(axis=(1, 3))[:, 1] for of in (part, others))
    p_d, p_a = goals_d / n_d, goals_a / n_a
    apart = np.abs(p_a - p_d)
    middle = (p_a + p_d) / 2
    return {
        "CI": (n_a - n_d) / (n_a + n_d),
        "DPL": p_a - p_d,
        "KL": _divergence(p_a, p_d),
        "JS": (_divergence(p_a, middle) + _divergence(p_d, middle)) / 2,
        "LP": np.sqrt(2) * apart,
        "TVD": apart,
        "KS": apart,
        "CDDL": _disparity(part.sum(axis=3), others.sum(axis=3)),
    }


def _of_predictions(part: FloatArray, others: FloatArray) -> dict[str, FloatArray]:
    predicted_d, predicted_a = (of.sum(axis=(1, 2)) for of in (part, others))
    p_d, p_a = (of[:, 1] / of.sum(axis=1) for of in (predicted_d, predicted_a))
    return {
        "DPPL": p_a - p_d,
        "DI": _ratio(p_d, p_a),
        "CDDPL": _disparity(part.sum(axis=2), others.sum(axis=2)),
    }


def _of_both(d: FloatArray, a: FloatArray) -> dict[str, FloatArray]:
    """``d[:, outcome, prediction]``."""
    of_outcome_d, of_outcome_a = d.sum(axis=2), a.sum(axis=2)
    predicted_d, predicted_a = d.sum(axis=1), a.sum(axis=1)
    right_d, right_a = d[:, 0, 0] + d[:, 1, 1], a[:, 0, 0] + a[:, 1, 1]
    return {
        "DCA": _difference(
            _ratio(of_outcome_a[:, 1], predicted_a[:, 1]), _ratio(of_outcome_d[:, 1], predicted_d[:, 1])
        ),
        "DCR": _difference(
            _ratio(of_outcome_d[:, 0], predicted_d[:, 0]), _ratio(of_outcome_a[:, 0], predicted_a[:, 0])
        ),
        "RD": _ratio(a[:, 1, 1], of_outcome_a[:, 1]) - _ratio(d[:, 1, 1], of_outcome_d[:, 1]),
        "SD": _ratio(d[:, 0, 0], of_outcome_d[:, 0]) - _ratio(a[:, 0, 0], of_outcome_a[:, 0]),
        "DAR": _ratio(a[:, 1, 1], predicted_a[:, 1]) - _ratio(d[:, 1, 1], predicted_d[:, 1]),
        "DRR": _ratio(d[:, 0, 0], predicted_d[:, 0]) - _ratio(a[:, 0, 0], predicted_a[:, 0]),
        "AD": right_a / a.sum(axis=(1, 2)) - right_d / d.sum(axis=(1, 2)),
        "TE": _difference(_ratio(d[:, 1, 0], d[:, 0, 1]), _ratio(a[:, 1, 0], a[:, 0, 1])),
        "GE": _entropy(d + a),
    }


def _entropy(both: FloatArray) -> FloatArray:
    """Of benefits 0 (missed), 1 (right) and 2 (false alarm): half their squared coefficient of variation."""
    n, right, alarms = both.sum(axis=(1, 2)), both[:, 0, 0] + both[:, 1, 1], both[:, 0, 1]
    mean = (right + 2 * alarms) / n
    return np.asarray(((right + 4 * alarms) / n / mean**2 - 1) / 2)


def _disparity(part: FloatArray, others: FloatArray) -> FloatArray:
    """Shots by band and class (0, 1): share of class 0 less share of class 1, averaged over bands by their size."""
    of_class = part + others
    shares = np.where(of_class > 0, part / np.where(of_class > 0, of_class, 1), 0.0)
    sizes = of_class.sum(axis=2)
    return np.asarray((sizes * (shares[:, :, 0] - shares[:, :, 1])).sum(axis=1) / sizes.sum(axis=1))


def _divergence(p: FloatArray, q: FloatArray) -> FloatArray:
    """Kullback and Leibler's, of two classes."""
    terms = (np.where(x > 0, x * np.log(x / y), 0.0) for x, y in ((p, q), (1 - p, 1 - q)))
    return np.asarray(sum(terms))


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.where(part > 0, np.inf, 0.0))


def _difference(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.where(a == b, 0.0, a - b)
