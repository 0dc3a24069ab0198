"""How far two distributions of a feature lie apart."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def distance(a: FloatArray, b: FloatArray, kind: str = "continuous") -> float:
    """How far two distributions lie apart, 0 to 1: the share of shots by which they differ.

    Parameters
    ----------
    a, b
        At least one value each, none missing.
    kind
        Of the feature. What has an order is compared by Kolmogorov and Smirnov's distance (the largest difference of
        the two empirical distribution functions), a category by the total variation.
    """
    _, code = np.unique(np.concatenate([a, b]), return_inverse=True)
    return distance_of_codes(code, np.arange(len(code)) < len(a), kind)


def distance_of_codes(code: npt.NDArray[np.intp], is_first: npt.NDArray[np.bool_], kind: str) -> float:
    """The same for values that are numbered already, in their order: quick where shots change sides many times."""
    first = np.bincount(code[is_first], minlength=int(code.max()) + 1)
    second = np.bincount(code[~is_first], minlength=len(first))
    if kind != "category":
        first, second = first.cumsum(), second.cumsum()
    n_first = int(is_first.sum())
    difference = np.abs(first / n_first - second / (len(code) - n_first))
    return float(difference.sum() / 2 if kind == "category" else difference.max())
