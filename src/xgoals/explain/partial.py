"""Partial dependence: what the model predicts, were one feature of every row another value (Friedman 2001).

The curve of each single row is an individual conditional expectation (ICE; Goldstein et al. 2015). All values of a grid
are predicted in one walk: where a tree asks about the feature, the grid is cut in two, and each part goes its way until
it meets a leaf, which adds its weight to a run of neighbours in the sorted grid. A tree that never asks about the
feature on a row's way says the same for every value. So several features cost little more than one.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from operator import index
from typing import NamedTuple

import numba
import numpy as np
import xgboost as xgb
from numpy.typing import ArrayLike, NDArray

from xgoals.compiled import compiled
from xgoals.domain.errors import ModelError
from xgoals.explain.forest import LEAF, Forest, forest_of
from xgoals.explain.inputs import Rows, column_names, rows_of
from xgoals.explain.proof import Space, sigmoid

BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class PartialDependence:
    """Predictions along the values of one feature.

    Attributes
    ----------
    grid
        (g,) values that the feature was set to; NaN is missing.
    curves
        (n, g) prediction of each row at each of them: ICE.
    """

    grid: NDArray[np.float64]
    curves: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """(g,) partial dependence: the mean over the rows."""
        mean: NDArray[np.float64] = self.curves.mean(axis=0)
        return mean

    def centred(self, at: int = 0) -> "PartialDependence":
        """Every curve minus its own value at one place of the grid: centred ICE, whose shapes can be compared."""
        return replace(self, curves=self.curves - self.curves[:, [at]])


def partial_dependence(
    booster: xgb.Booster | Forest,
    X: Rows,
    feature: int | str,
    grid: ArrayLike,
    *,
    space: Space = "probability",
) -> PartialDependence:
    """Predictions of every row of X with one feature set to each value of a grid.

    Parameters
    ----------
    X
        (n, F) rows, at least one; NaN is missing.
    feature
        Which column: its place, or its name.
    grid
        (g,) its values, in any order; NaN is missing.

    Raises
    ------
    ModelError
        As :func:`~xgoals.explain.exact.exact_shapley`, and where there is no row, no such feature, or a value of the
        grid is infinite (or beyond float32, in which trees compare).
    """
    forest = forest_of(booster)
    column = _place_of(feature, column_names(forest, X))
    return partial_dependences(forest, X, {column: grid}, space=space)[column]


def partial_dependences(
    booster: xgb.Booster | Forest,
    X: Rows,
    grids: Mapping[int, ArrayLike],
    *,
    space: Space = "probability",
) -> dict[int, PartialDependence]:
    """The same of several features, each by itself, in one walk over the trees.

    Parameters
    ----------
    grids
        Column -> its values, as for :func:`partial_dependence`.

    Returns
    -------
    dict
        By column. Every value of every grid takes 8 bytes a row.

    Raises
    ------
    ModelError
        As :func:`partial_dependence`.
    """
    if space not in ("probability", "log_odds"):
        raise ValueError(f"space must be 'probability' or 'log_odds', not {space!r}")
    forest = forest_of(booster)
    rows = rows_of(X, forest)
    if not len(rows):
        raise ModelError("Partial dependence needs at least one row")
    values = {feature: _grid_of(feature, grid, forest) for feature, grid in grids.items()}
    asked = _asked(forest, values)
    margins = _margins(forest, rows, asked)
    return {
        feature: PartialDependence(grid, _curves(grid, feature, asked, margins, space))
        for feature, grid in values.items()
    }


def _place_of(feature: int | str, names: tuple[str, ...]) -> int:
    if isinstance(feature, str) and feature in names:
        return names.index(feature)
    try:
        return index(feature)  # type: ignore[arg-type]  # an unknown name is refused below
    except TypeError:
        raise ModelError(
            f"There is no feature {feature!r}", advice=f"There are: {', '.join(names)}"
        ) from None


def _grid_of(feature: int, grid: ArrayLike, forest: Forest) -> NDArray[np.float64]:
    if not 0 <= feature < forest.n_features:
        raise ModelError(f"There is no feature {feature}, only 0 to {forest.n_features - 1}")
    values = np.atleast_1d(np.asarray(grid, np.float64))
    with np.errstate(over="ignore"):
        infinite = np.isinf(values.astype(np.float32))
    if values.ndim != 1 or infinite.any():
        raise ModelError(
            f"The values of feature {feature} must be a list of finite numbers (or NaN, missing)"
        )
    return values


class _Asked(NamedTuple):
    """What is asked of a forest: sorted values of each feature, the missing one apart.

    ``values[start[f] : start[f + 1]]`` are those of feature f, ``is_asked[f]`` and ``at_missing[f]`` say whether it
    and its missing value are asked about; ``place[node]`` is how many values of its own feature go left of a node.
    """

    values: NDArray[np.float32]
    start: NDArray[np.int64]
    is_asked: NDArray[np.bool_]
    at_missing: NDArray[np.bool_]
    place: NDArray[np.int64]


def _asked(forest: Forest, grids: Mapping[int, NDArray[np.float64]]) -> _Asked:
    start, parts = np.zeros(forest.n_features + 1, np.int64), []
    is_asked, at_missing = np.zeros(forest.n_features, np.bool_), np.zeros(forest.n_features, np.bool_)
    place = np.zeros(len(forest.feature), np.int64)
    for feature in range(forest.n_features):
        grid = grids.get(feature, np.empty(0))
        known = np.unique(grid[~np.isnan(grid)].astype(np.float32))
        is_asked[feature], at_missing[feature] = feature in grids, bool(np.isnan(grid).any())
        mine = forest.feature == feature
        place[mine] = np.searchsorted(known, forest.threshold[mine], side="left")
        start[feature + 1] = start[feature] + len(known)
        parts.append(known)
    return _Asked(np.concatenate(parts), start, is_asked, at_missing, place)


class _Margins(NamedTuple):
    """Log-odds: (n, values) at each value, (n, F) at each missing one."""

    at_value: NDArray[np.float64]
    missing: NDArray[np.float64]


def _margins(forest: Forest, rows: NDArray[np.float32], asked: _Asked) -> _Margins:
    found = _Margins(np.empty((len(rows), len(asked.values))), np.empty((len(rows), forest.n_features)))
    trees = _Trees(
        *(forest.feature, forest.threshold, forest.default_left, forest.left, forest.right, forest.weight),
        asked.place,
    )
    ends = np.append(forest.roots[1:], len(forest.feature))
    most = int((ends - forest.roots).max())  # no more parts of a grid wait at once than a tree has nodes

    def walk(begin: int) -> None:
        block = slice(begin, begin + BLOCK_ROWS)
        waiting = _Waiting(np.empty((most, 3), np.int64), np.empty(most, np.bool_))
        _walk_block(
            *(rows[block], trees, forest.roots, forest.base_margin, asked, waiting),
            *(found.at_value[block], found.missing[block]),
        )

    begins = range(0, len(rows), BLOCK_ROWS)
    threads = min(numba.config.NUMBA_NUM_THREADS, len(begins))
    if threads <= 1:
        for begin in begins:
            walk(begin)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(walk, begins))
    return found


def _curves(
    grid: NDArray[np.float64], feature: int, asked: _Asked, margins: _Margins, space: Space
) -> NDArray[np.float64]:
    """(n, g) predictions in the order of the grid."""
    low, high = asked.start[feature : feature + 2]
    missing = np.isnan(grid)
    column = low + np.searchsorted(asked.values[low:high], grid.astype(np.float32))
    found = np.empty((len(margins.missing), len(grid)))
    found[:, ~missing] = margins.at_value[:, column[~missing]]
    found[:, missing] = margins.missing[:, [feature]]
    return found if space == "log_odds" else sigmoid(found)


class _Trees(NamedTuple):
    """A forest for compiled code, with ``place`` of every node (see :class:`_Asked`)."""

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    default_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]
    place: NDArray[np.int64]


class _Waiting(NamedTuple):
    """Scratch: parts of a grid that wait, each ``(node, from, to)`` and whether the missing value goes with it."""

    part: NDArray[np.int64]
    missing: NDArray[np.bool_]


@compiled()
def _walk_block(rows, trees, roots, base_margin, asked, waiting, at_value, missing):  # type: ignore[no-untyped-def]
    """Log-odds of rows at every value that is asked about; the last two arrays are overwritten.

    Only a feature that a row's own way meets can change what a tree says of it, and only from the first node on
    that asks about it: there the whole grid starts. Tree by tree, since one tree and some rows fit into a cache.
    """
    n_rows, n_features = rows.shape[0], asked.is_asked.size
    steps = np.zeros((n_rows, asked.start[-1] + n_features))  # of each feature one more than it has values
    own, total = np.zeros((n_rows, n_features)), np.full(n_rows, base_margin)
    met_at, met = np.empty(n_features, np.int64), np.empty(n_features, np.int64)
    is_met = np.zeros(n_features, np.bool_)
    missing[:] = 0.0
    for root in roots:
        for r in range(n_rows):
            row, node, n_met = rows[r], np.int64(root), 0
            while trees.feature[node] != LEAF:
                f = trees.feature[node]
                if asked.is_asked[f] and not is_met[f]:
                    is_met[f], met_at[n_met], met[n_met] = True, node, f
                    n_met += 1
                node = _next(trees, node, row[f])
            weight = trees.weight[node]
            total[r] += weight
            for i in range(n_met):
                f = met[i]
                is_met[f] = False
                own[r, f] += weight  # what the walk of the grid says in its place
                first, end = asked.start[f] + f, asked.start[f + 1] + f + 1
                missing[r, f] += _walk_grid(
                    row, trees, f, met_at[i], asked.at_missing[f], waiting, steps[r, first:end]
                )
    for r in range(n_rows):
        for f in range(n_features):
            run = total[r] - own[r, f]
            missing[r, f] += run
            for j in range(asked.start[f], asked.start[f + 1]):
                run += steps[r, j + f]
                at_value[r, j] = run


@compiled()
def _next(trees, node, value):  # type: ignore[no-untyped-def]
    """The child that a value goes to."""
    goes_left = trees.default_left[node] if np.isnan(value) else value < trees.threshold[node]
    return np.int64(trees.left[node]) if goes_left else np.int64(trees.right[node])


@compiled()
def _walk_grid(row, trees, f, start, at_missing, waiting, steps):  # type: ignore[no-untyped-def]
    """Add each leaf's weight where its run of the grid begins, take it away where it ends; the one at missing."""
    waiting.part[0, 0], waiting.part[0, 1], waiting.part[0, 2] = start, 0, steps.size - 1
    waiting.missing[0] = at_missing
    n_waiting, weight_at_missing = 1, 0.0
    while n_waiting > 0:
        n_waiting -= 1
        node, low, high = waiting.part[n_waiting, 0], waiting.part[n_waiting, 1], waiting.part[n_waiting, 2]
        with_missing = waiting.missing[n_waiting]
        while trees.feature[node] != LEAF:
            if trees.feature[node] != f:
                node = _next(trees, node, row[trees.feature[node]])
                continue
            cut = min(max(trees.place[node], low), high)
            left_missing = with_missing and trees.default_left[node]
            right_missing = with_missing and not trees.default_left[node]
            left, right = cut > low or left_missing, cut < high or right_missing
            if left and right:
                waiting.part[n_waiting, 0] = trees.right[node]
                waiting.part[n_waiting, 1], waiting.part[n_waiting, 2] = cut, high
                waiting.missing[n_waiting] = right_missing
                n_waiting += 1
            if left:
                node, high, with_missing = np.int64(trees.left[node]), cut, left_missing
            else:
                node, low, with_missing = np.int64(trees.right[node]), cut, right_missing
        steps[low] += trees.weight[node]
        steps[high] -= trees.weight[node]
        if with_missing:
            weight_at_missing += trees.weight[node]
    return weight_at_missing
