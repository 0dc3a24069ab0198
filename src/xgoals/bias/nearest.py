"""What the nearest neighbours of rows are predicted to be: by scikit-learn's rules, faster, and alike everywhere."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xgoals.bias.groups import Flags

_NEIGHBOURS: Final = 5
_ENOUGH_FOR_SEVERAL: Final = 10
"""With fewer others than these, only the nearest one is asked."""

_MOST_COLUMNS_OF_TREES: Final = 15
_FEWEST_COLUMNS_OF_SLOW_TREES: Final = 9
_PAIRS_OF_LARGE_TABLES: Final = 1_000_000
_PAIRS_TO_PARTITION: Final = 100_000

_ROUNDING: Final = 1e-12
"""Of squared distances, as a share of the longest."""


def as_neighbours(others: NDArray[Any], predicted: Flags, facet: NDArray[Any]) -> Flags:
    """What most of each row's nearest neighbours are predicted to be.

    Parameters
    ----------
    others, predicted
        (a, F) numbers, and (a,) what is predicted of them.
    facet
        (d, F) the rows that look for neighbours: 5 of them, 1 among fewer than 10 others; Euclidean distance.

    Returns
    -------
    ndarray
        (d,) what `smclarify` 0.5 finds. Of several neighbours at the same distance it takes whom scikit-learn happens
        to meet first, and so does this; in tables of nothing but whole numbers with more than 15 columns and more than
        100,000 pairs it may be another one.
    """
    n = _NEIGHBOURS if len(others) >= _ENOUGH_FOR_SEVERAL else 1
    is_tree = others.shape[1] <= _MOST_COLUMNS_OF_TREES and n < len(others) // 2
    n_pairs = len(others) * len(facet)
    if others.dtype.kind != "f" and not is_tree:
        if n_pairs <= _PAIRS_TO_PARTITION:
            return _by_partition(others, predicted, facet, n)
        others, facet = others.astype(np.float64), facet.astype(np.float64)
    is_slow = others.shape[1] >= _FEWEST_COLUMNS_OF_SLOW_TREES and n_pairs >= _PAIRS_OF_LARGE_TABLES
    if is_tree and is_slow and others.dtype.kind == "f":
        return _all_at_once(others, predicted, facet)
    return _by_scikit_learn(others, predicted, facet, n)


def _by_scikit_learn(others: NDArray[Any], predicted: Flags, facet: NDArray[Any], n: int) -> Flags:
    from sklearn.neighbors import KNeighborsClassifier  # a second to import, for one metric

    return np.asarray(KNeighborsClassifier(n).fit(others, predicted).predict(facet), dtype=np.bool_)


def _all_at_once(others: NDArray[Any], predicted: Flags, facet: NDArray[Any]) -> Flags:
    """All distances in a tenth of the time that walking the tree takes.

    Only among neighbours at the same distance does it matter which of the two is asked: such rows are left to the tree.
    """
    from sklearn.neighbors import NearestNeighbors

    middle = others.mean(axis=0)
    search = NearestNeighbors(n_neighbors=_NEIGHBOURS + 1, algorithm="brute").fit(others - middle)
    distance, index = search.kneighbors(facet - middle)
    votes = np.asarray(predicted[index[:, :_NEIGHBOURS]].mean(axis=1) > 0.5, dtype=np.bool_)
    longest = max(float(((X - middle) ** 2).sum(axis=1).max()) for X in (others, facet))
    tied = distance[:, -1] ** 2 - distance[:, -2] ** 2 <= _ROUNDING * longest
    if tied.any():
        votes[tied] = _by_scikit_learn(others, predicted, facet[tied], _NEIGHBOURS)
    return votes


def _by_partition(others: NDArray[Any], predicted: Flags, facet: NDArray[Any], n: int) -> Flags:
    """As scikit-learn asks numpy where it takes no tree and the numbers are whole.

    numpy's ``argpartition`` orders equal numbers in another way on each kind of processor since version 2.
    """
    from sklearn.metrics import euclidean_distances

    distances = euclidean_distances(facet, others, squared=True)
    return np.array([predicted[_smallest(row, n)].mean() > 0.5 for row in distances.tolist()], dtype=np.bool_)


def _smallest(numbers: list[float], n: int) -> list[int]:
    """The places of the n smallest; of equal ones those that numpy 1 takes (quickselect by the median of three)."""
    places = list(range(len(numbers)))
    if n <= 1:
        return [min(places, key=numbers.__getitem__)]
    low, high = 0, len(numbers) - 1
    while low + 1 < high:
        left, right = _partition(numbers, places, low, high)
        if right >= n - 1:
            high = right - 1
        if right <= n - 1:
            low = left
    if high == low + 1 and numbers[places[high]] < numbers[places[low]]:
        _swap(places, low, high)
    return places[:n]


def _partition(numbers: list[float], places: list[int], low: int, high: int) -> tuple[int, int]:
    """Smaller ones to the left of the median of first, middle and last, larger ones to its right."""
    middle = low + (high - low) // 2
    for a, b in ((high, middle), (high, low), (low, middle)):
        if numbers[places[a]] < numbers[places[b]]:
            _swap(places, a, b)
    _swap(places, middle, low + 1)
    pivot, left, right = numbers[places[low]], low + 2, high - 1
    while True:
        while numbers[places[left]] < pivot:
            left += 1
        while pivot < numbers[places[right]]:
            right -= 1
        if right < left:
            break
        _swap(places, left, right)
        left, right = left + 1, right - 1
    _swap(places, low, right)
    return left, right


def _swap(places: list[int], a: int, b: int) -> None:
    places[a], places[b] = places[b], places[a]
