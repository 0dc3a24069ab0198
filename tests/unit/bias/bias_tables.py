"""Random tables for the metrics of bias: the same ones for smclarify (numpy 1) and for ours (numpy 2)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_TABLES = 10_000
_SEED = 20_261_127


@dataclass(frozen=True)
class BiasTable:
    """What the metrics take; `group` and `features` may be missing, damaged or no numbers."""

    label: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    in_facet: NDArray[np.bool_]
    group: NDArray[Any] | None
    features: NDArray[Any]


def bias_table(number: int) -> BiasTable:
    """The table of this number: every kind of label, facet, group and features meets every other."""
    rng = np.random.default_rng([_SEED, number])
    n = _rows(rng)
    in_facet = _facet(rng, n)
    label = _label(rng, in_facet)
    predicted = _prediction(rng, label, in_facet)
    return BiasTable(label, predicted, in_facet, _group(rng, n), _features(rng, n))


def _rows(rng: np.random.Generator) -> int:
    size = rng.random()
    if size < 0.01:
        return 0
    if size < 0.35:
        return int(rng.integers(1, 13))
    return int(rng.integers(13, 90)) if size < 0.98 else int(rng.integers(90, 400))


def _facet(rng: np.random.Generator, n: int) -> NDArray[np.bool_]:
    kind = rng.random()
    if kind < 0.06:
        return np.zeros(n, dtype=bool)
    if kind < 0.12:
        return np.ones(n, dtype=bool)
    if kind < 0.2:
        return np.arange(n) == rng.integers(0, max(n, 1))
    return rng.random(n) < rng.random()


def _label(rng: np.random.Generator, in_facet: NDArray[np.bool_]) -> NDArray[np.bool_]:
    n, kind = len(in_facet), rng.random()
    if kind < 0.07:
        return np.zeros(n, dtype=bool)
    if kind < 0.14:
        return np.ones(n, dtype=bool)
    if kind < 0.18:
        return in_facet.copy()
    if kind < 0.22:
        return ~in_facet
    return rng.random(n) < np.where(in_facet, rng.random(), rng.random())


def _prediction(
    rng: np.random.Generator, label: NDArray[np.bool_], in_facet: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    n, kind = len(label), rng.random()
    if kind < 0.05:
        return np.zeros(n, dtype=bool)
    if kind < 0.1:
        return np.ones(n, dtype=bool)
    if kind < 0.15:
        return label.copy()
    if kind < 0.2:
        return ~label
    flipped = rng.random(n) < np.where(in_facet, rng.random(), rng.random())
    return label ^ flipped


def _group(rng: np.random.Generator, n: int) -> NDArray[Any] | None:
    kind = rng.random()
    numbers = rng.integers(0, int(rng.integers(1, 7)), n)
    missing = rng.random(n) < 0.2
    if kind < 0.1:
        return None
    if kind < 0.4:
        return numbers
    if kind < 0.55:
        return np.where(missing, np.nan, numbers.astype(float))
    names = np.array([f"group {number}" for number in numbers], dtype=object)
    if kind < 0.65:
        names[missing] = np.nan
    return names


def _features(rng: np.random.Generator, n: int) -> NDArray[Any]:
    kind = rng.random()
    width = int(rng.integers(1, 7)) if kind < 0.9 else int(rng.integers(16, 20))
    X = rng.random((n, width))
    if kind < 0.15:  # many neighbours at the same distance
        return rng.integers(0, 4, (n, width))
    if kind < 0.25:
        return np.floor(4 * X)
    if kind < 0.32:
        return np.where(rng.random((n, width)) < 0.05, np.nan, X)
    if kind < 0.36:
        return np.array([[f"{value:.1f}" for value in row] for row in X], dtype=object).reshape(n, width)
    return X * np.array([10.0 ** (i % 3) for i in range(width)])
