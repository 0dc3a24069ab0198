"""What a model has seen: how many of the shots that it learned from are like a given one.

A tree ensemble answers every question, also those about shots that nobody has ever taken. So each answer comes with
a count: the training shots of the same kind (header or not, foot or not, free kick or not, penalty or not) that lie
within ``WITHIN_SD`` standard deviations of it in every single number. Fewer than ``FEW`` means that the model has
seen nothing like it. Categories (set-up, technique) are left aside: they describe the strike.

Nor is anything like a shot whose numbers do not occur *together*, however usual each of them is: 6 m from the goal's
centre and 16 m from its nearest point. Every group of the catalogue is asked (:mod:`xgoals.model.seen.local_density`).

Of the shots that models were trained on, fewer than one in a hundred have so few others like them:
``docs/reports.md`` has the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.features.catalogue import YES, Catalogue
from xgoals.model.seen.local_density import MAX_FACTOR, LocalDensity
from xgoals.model.shots.eligible import has

FEW = 10
"""With fewer shots like it, a shot is out of the model's sight."""
WITHIN_SD = 1.5
"""Shots are alike when no number differs by more than this many standard deviations of the training shots."""

_FAR = 1e6
"""Stands for a missing value: like nothing but another missing value."""
_BINARY = 0.5
"""Two shots of different kinds are further apart than this in one binary feature, which is -1 or 1."""
_AT_ONCE = 8_192
"""Training shots compared at once: what comes of them stays near the processor, however many there are."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Support:
    """The shots that a model learned from, ready to be asked.

    Attributes
    ----------
    names
        The features that count; those that no training shot has are left out, for the model cannot use them.
    within
        How far apart two shots may be in each and still be alike, shape (len(names),).
    places
        The training shots, (len(names), n): values in units of ``within``, ordered by the first feature.
    densities
        Of the numbers of each group, where there are two or more, penalties apart.
    """

    names: tuple[str, ...]
    within: FloatArray
    places: FloatArray
    densities: tuple[LocalDensity, ...]

    @classmethod
    def of(cls, training: pd.DataFrame, catalogue: Catalogue) -> "Support":
        """The support of a model.

        Parameters
        ----------
        training
            Features of the shots that it was trained on, one column a feature of the catalogue.
        """
        kinds = {feature.name: feature.kind for feature in catalogue.features if feature.kind != "category"}
        known = [name for name in kinds if training[name].notna().any()]
        names = tuple(sorted(known, key=lambda name: -training[name].nunique()))  # the first one sifts best
        spread = training[list(names)].std(ddof=0).to_numpy(dtype=np.float64)
        binary = np.array([kinds[name] == "binary" for name in names])
        within = np.where(binary, _BINARY, np.maximum(WITHIN_SD * spread, 1e-9))
        places = _places(training, names, within)
        if names:
            places = np.ascontiguousarray(places[:, np.argsort(places[0], kind="stable")])
        return cls(names, within, places, _densities(training, catalogue, names))

    @property
    def n_shots(self) -> int:
        """How many shots the model learned from."""
        return int(self.places.shape[1])

    def alike(self, features: pd.DataFrame) -> npt.NDArray[np.int64]:
        """How many training shots are like each row, shape (n,); a training shot counts itself.

        None is where the numbers of a group occur together nowhere; penalties, whose numbers are fixed, apart.
        """
        if not self.names:  # of what it has learned from nothing is left
            return np.zeros(len(features), dtype=np.int64)
        asked = _places(features, self.names, self.within)
        ends = np.searchsorted(self.places[0], [asked[0] - 1, asked[0] + 1])
        counts = np.array([self._count(*row) for row in zip(asked.T, *ends, strict=True)], dtype=np.int64)
        return np.where(self._occurs(features), counts, 0)

    def alike_along(
        self, features: pd.DataFrame, grids: Mapping[str, FloatArray]
    ) -> dict[str, npt.NDArray[np.int64]]:
        """How many training shots would be like each row, were one feature set to each of some values.

        The same as :meth:`alike` of every changed row: what differs in nothing else is looked for once.

        Parameters
        ----------
        grids
            Feature -> (g,) values, none missing.

        Returns
        -------
        dict
            Feature -> counts, shape (n, g).
        """
        asked = _places(features, self.names, self.within)
        found = {name: np.zeros((len(features), len(grid)), np.int64) for name, grid in grids.items()}
        for row, place in enumerate(asked.T):
            nearly = self._nearly_alike(place)
            for name, grid in grids.items():
                found[name][row] = self._count_along(name, grid, *nearly)
        is_odd = [density.factors(features) > MAX_FACTOR for density in self.densities]
        for name, grid in grids.items():
            found[name] *= self._occurs_along(features, name, grid, is_odd)
        return found

    def _nearly_alike(self, place: FloatArray) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """The training shots that differ in one feature at most: their places, and in which (none: -1)."""
        places, differ = [self.places[:, :0]], [np.empty(0, np.int64)]
        for start in range(0, self.n_shots, _AT_ONCE):
            block = self.places[:, start : start + _AT_ONCE]
            far = np.abs(block - place[:, None]) > 1
            n_far = far.sum(axis=0)
            near = np.flatnonzero(n_far <= 1)
            places.append(block[:, near])
            differ.append(np.where(n_far[near] == 0, -1, far[:, near].argmax(axis=0) if len(far) else -1))
        return np.concatenate(places, axis=1), np.concatenate(differ)

    def _count_along(
        self, name: str, grid: FloatArray, places: FloatArray, differ: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        if name not in self.names:
            return np.full(len(grid), (differ == -1).sum() if self.names else 0)
        own = self.names.index(name)
        values = np.sort(places[own, (differ == -1) | (differ == own)])  # in nothing but this feature
        wanted = grid / self.within[own]
        upto, below = (
            np.searchsorted(values, wanted + 1, "right"),
            np.searchsorted(values, wanted - 1, "left"),
        )
        return np.asarray(upto - below)

    def _occurs_along(
        self, features: pd.DataFrame, name: str, grid: FloatArray, is_odd: list[npt.NDArray[np.bool_]]
    ) -> npt.NDArray[np.bool_]:
        """Which changed rows have numbers that occur together, (n, g), where ``is_odd`` is of the rows as they are."""
        shape = len(features), len(grid)
        odd = np.zeros(shape, dtype=bool)
        for density, as_they_are in zip(self.densities, is_odd, strict=True):
            if name not in density.names:
                odd |= as_they_are[:, None]
                continue
            changed = features[list(density.names)].loc[features.index.repeat(len(grid))]
            changed = changed.assign(**{name: np.tile(grid, len(features))})
            odd |= (density.factors(changed) > MAX_FACTOR).reshape(shape)
        is_penalty = np.broadcast_to(has(features, "Penalty")[:, None], shape)
        return ~odd | (grid == YES if name == "Penalty" else is_penalty)

    def _occurs(self, features: pd.DataFrame) -> npt.NDArray[np.bool_]:
        is_odd = np.zeros(len(features), dtype=bool)
        for density in self.densities:
            is_odd |= density.factors(features) > MAX_FACTOR  # a missing number is not odd
        return ~is_odd | has(features, "Penalty")

    def _count(self, place: FloatArray, low: int, high: int) -> int:
        near = np.ones(max(high - low, 0), dtype=bool)
        for value, column in zip(place, self.places[:, low:high], strict=True):
            near &= np.abs(column - value) <= 1
        return int(near.sum())


def _densities(
    training: pd.DataFrame, catalogue: Catalogue, names: tuple[str, ...]
) -> tuple[LocalDensity, ...]:
    numbers = {f.name for f in catalogue.features if f.kind in ("continuous", "count") and f.name in names}
    others = training[~has(training, "Penalty")]
    groups = [[name for name in group if name in numbers] for group in catalogue.groups.values()]
    found = [LocalDensity.of(others, group) for group in groups if len(group) > 1]
    return tuple(density for density in found if density is not None)


def _places(features: pd.DataFrame, names: tuple[str, ...], within: FloatArray) -> FloatArray:
    values = (features[list(names)].to_numpy(dtype=np.float64, na_value=np.nan) / within).T
    return np.where(np.isnan(values), _FAR, values)
