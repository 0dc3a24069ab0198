"""What the shots of a point hold, as sums: a run of matchdays, and the whole window, are sums of their points' sums.

So a new matchday reads its own shots, and none of history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Group = tuple[str, str]
"""A facet (``all, club, venue, body_part, provider``) and a group of it."""
ALL: Group = ("all", "")

N_BINS = 24
_QUANTILES = np.linspace(0, 1, 21)[1:-1]
_MOST_CODES = (N_BINS - 1) // 2
GROUP_SUMS = ("n", "goals", "xg", "variance", "third", "squared_by_match", "lever", "lever2", "surplus_lever")
"""Of a group's shots: their number, goals, xG, the variance and third central moment of their goals if xG is right, the
squares of goals minus xG match by match, and three sums with log odds as levers, for the slope."""


@dataclass(frozen=True, slots=True)
class Bins:
    """Where the values of every feature are cut, the same for a champion's whole life.

    Attributes
    ----------
    edges
        A feature each, ascending: a value belongs to the first edge that it is not above.
    is_category
        Whether the feature's values have no order.
    """

    edges: tuple[FloatArray, ...]
    is_category: tuple[bool, ...]

    @classmethod
    def of(cls, values: FloatArray, kinds: Sequence[str]) -> "Bins":
        """Twentieths of the window's values; of a category, and of what has few values, each value by itself.

        Parameters
        ----------
        values
            Of the window, shape (shots, features), NaN where one is missing.
        kinds
            Of the features, as in the catalogue.
        """
        edges = [
            _edges(column[~np.isnan(column)], kind) for column, kind in zip(values.T, kinds, strict=True)
        ]
        return cls(tuple(edges), tuple(kind == "category" for kind in kinds))

    def codes(self, values: FloatArray) -> IntArray:
        """The bin of every value, the last one where it is missing; shape (shots, features)."""
        found = np.empty(values.shape, dtype=np.intp)
        for n, edges in enumerate(self.edges):
            found[:, n] = np.searchsorted(edges, values[:, n], side="left")
        found[np.isnan(values)] = N_BINS
        return found


def _edges(known: FloatArray, kind: str) -> FloatArray:
    distinct = np.unique(known)
    if len(distinct) <= _MOST_CODES and kind in ("category", "binary"):
        # a bin of its own for each value, and one between any two for a code that the window does not know
        return np.sort(np.concatenate([distinct - 0.25, distinct + 0.25]))
    if len(distinct) <= len(_QUANTILES):
        return distinct[:-1]
    return np.unique(np.quantile(known, _QUANTILES, method="lower"))


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some matches.

    Attributes
    ----------
    tallies
        Shots by feature and bin, shape (features, N_BINS + 1): of what has an order those not above the bin's edge, of
        a category those in the bin; last those without a value.
    tally_squares, tallies_by_shots, shots_squared
        Of each match's tallies, of tallies times shots, of shots: how alike the shots of a match are.
    absolute, absolute_squares, absolute_by_shots
        Sums of each match's absolute attributions, (features,), of their products, (features, features), and times its
        shots.
    values, squares, known
        Of the features, of their squares, and how many shots have one, (features,).
    value_squares, values_by_known, known_squares
        Of each match's sum of a feature squared, times its known ones, and of those squared, (features,).
    groups
        `GROUP_SUMS` of every group, `ALL` among them.
    """

    n_matches: int
    n_shots: int
    tallies: FloatArray
    tally_squares: FloatArray
    tallies_by_shots: FloatArray
    shots_squared: float
    absolute: FloatArray
    absolute_squares: FloatArray
    absolute_by_shots: FloatArray
    values: FloatArray
    squares: FloatArray
    known: FloatArray
    value_squares: FloatArray
    values_by_known: FloatArray
    known_squares: FloatArray
    groups: Mapping[Group, FloatArray]

    def __add__(self, other: "Sums") -> "Sums":
        """Of the matches of both."""
        groups = dict(self.groups)
        for group, own in other.groups.items():
            groups[group] = groups[group] + own if group in groups else own
        return unpacked(
            self.n_matches + other.n_matches, self.n_shots + other.n_shots, packed(self) + packed(other), groups
        )  # fmt: skip


_ARRAYS = (
    "tallies", "tally_squares", "tallies_by_shots", "absolute", "absolute_squares", "absolute_by_shots", "values",
    "squares", "known", "value_squares", "values_by_known", "known_squares",
)  # fmt: skip


def packed(sums: Sums) -> FloatArray:
    """All sums that are not of groups in a row, as they are stored; `n_packed` says how many."""
    return np.concatenate(
        [*(np.ravel(getattr(sums, name)) for name in _ARRAYS), np.array([sums.shots_squared])]
    )


def n_packed(n_features: int) -> int:
    """Length of :func:`packed`."""
    return 3 * n_features * (N_BINS + 1) + n_features**2 + 8 * n_features + 1


def unpacked(n_matches: int, n_shots: int, row: FloatArray, groups: Mapping[Group, FloatArray]) -> Sums:
    """The other way round."""
    f = _n_features(len(row))
    shapes = [(f, N_BINS + 1)] * 3 + [(f,), (f, f)] + [(f,)] * 7
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = [part.reshape(shape) for part, shape in zip(np.split(row, ends)[:-1], shapes, strict=True)]
    arrays = dict(zip(_ARRAYS, parts, strict=True))
    return Sums(n_matches, n_shots, shots_squared=float(row[-1]), groups=groups, **arrays)


def _n_features(length: int) -> int:
    return next(f for f in range(1, length) if n_packed(f) >= length)


@dataclass(frozen=True, slots=True)
class Shots:
    """Shots of some points, one row each.

    Attributes
    ----------
    match
        A number for the match, from 0.
    values, attributions
        Shape (shots, features); NaN where a value is missing.
    facets
        Facet -> the group of every shot.
    """

    match: IntArray
    values: FloatArray
    attributions: FloatArray
    is_goal: npt.NDArray[np.bool_]
    xg: FloatArray
    facets: Mapping[str, Sequence[str]]


def sums_of(shots: Shots, point_of_match: IntArray, bins: Bins) -> list[Sums]:
    """The sums of every point.

    Parameters
    ----------
    point_of_match
        The number of the point that each match belongs to, from 0.
    """
    n_points, n_matches = int(point_of_match.max()) + 1, len(point_of_match)
    tallies, n = _tallies(shots, bins, n_matches), np.bincount(shots.match, minlength=n_matches).astype(float)
    absolute = _by_match(np.abs(shots.attributions), shots.match, n_matches)
    is_known = ~np.isnan(shots.values)
    filled = np.where(is_known, shots.values, 0.0)
    values, squares = (_by_match(of, shots.match, n_matches) for of in (filled, filled**2))
    known = _by_match(is_known.astype(float), shots.match, n_matches)
    groups = _groups(shots, point_of_match, n_points)
    found = []
    for point in range(n_points):
        own = point_of_match == point
        t, m, a, v, k = tallies[own], n[own], absolute[own], values[own], known[own]
        found.append(
            Sums(
                n_matches=int(own.sum()),
                n_shots=int(m.sum()),
                tallies=t.sum(axis=0),
                tally_squares=(t**2).sum(axis=0),
                tallies_by_shots=np.tensordot(m, t, 1),
                shots_squared=float(m @ m),
                absolute=a.sum(axis=0),
                absolute_squares=a.T @ a,
                absolute_by_shots=m @ a,
                values=v.sum(axis=0),
                squares=squares[own].sum(axis=0),
                known=k.sum(axis=0),
                value_squares=(v**2).sum(axis=0),
                values_by_known=(v * k).sum(axis=0),
                known_squares=(k**2).sum(axis=0),
                groups=groups[point],
            )
        )
    return found


def _by_match(values: FloatArray, match: IntArray, n_matches: int) -> FloatArray:
    return np.stack([np.bincount(match, weights=column, minlength=n_matches) for column in values.T], axis=1)


def _tallies(shots: Shots, bins: Bins, n_matches: int) -> FloatArray:
    codes, width = bins.codes(shots.values), N_BINS + 1
    found = np.empty((n_matches, codes.shape[1], width))
    for n, is_category in enumerate(bins.is_category):
        counts = np.bincount(shots.match * width + codes[:, n], minlength=n_matches * width)
        counts = counts.reshape(n_matches, width)
        found[:, n] = counts
        if not is_category:
            found[:, n, :N_BINS] = counts[:, :N_BINS].cumsum(axis=1)
    return found


def _groups(shots: Shots, point_of_match: IntArray, n_points: int) -> list[dict[Group, FloatArray]]:
    xg = np.clip(shots.xg, 1e-6, 1 - 1e-6)
    variance, surplus, lever = xg * (1 - xg), shots.is_goal - xg, np.log(xg / (1 - xg))
    columns = [
        np.ones(len(xg)), shots.is_goal, xg, variance, variance * (1 - 2 * xg), np.zeros(len(xg)),
        variance * lever, variance * lever**2, surplus * lever,
    ]  # fmt: skip
    found: list[dict[Group, FloatArray]] = [{} for _ in range(n_points)]
    point, n_matches = point_of_match[shots.match], len(point_of_match)
    for facet, names in ({ALL[0]: [ALL[1]] * len(xg)} | dict(shots.facets)).items():
        known, code = np.unique(np.asarray(names, dtype=str), return_inverse=True)
        width = len(known)
        cell = point * width + code
        sums = np.stack([np.bincount(cell, weights=of, minlength=n_points * width) for of in columns], axis=1)
        of_match = np.bincount(shots.match * width + code, weights=surplus, minlength=n_matches * width)
        squares = np.zeros((n_points, width))
        np.add.at(squares, point_of_match, of_match.reshape(n_matches, width) ** 2)
        sums[:, 5] = squares.ravel()
        for place, row in enumerate(sums):
            if row[0]:
                found[place // width][facet, str(known[place % width])] = row
    return found
