"""Whether numbers that belong together occur together: how far off a shot is, by the density of its own neighbourhood.

Distance, angle and distance to the nearest post say one thing three ways; each of them may be ordinary while together
they are impossible. In coordinates that are freed of what ties the numbers together (whitened), such a shot lies beside
the cloud of real ones. How far beside is measured by the local outlier factor in its plain form (after Breunig et al.
2000, SIGMOD 29): the distance to its k-th neighbour over what that distance usually is among those neighbours. So the
edge of a thin crowd is no outlier, and a step outside of a dense one is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

FloatArray = npt.NDArray[np.float64]

N_NEIGHBOURS = 10
MAX_FACTOR = 2.5
"""A shot that is further off than this occurs nowhere: of real shots fewer than two in a thousand are."""
MIN_SHOTS = 300
"""Fewer shots have no density to speak of."""
MAX_SHOTS = 50_000
"""Of a longer history every so many-th shot is asked."""
_TINY = 1e-6
"""A direction in which shots vary by less, in standard deviations, holds rounding alone."""


@dataclass(frozen=True)
class LocalDensity:
    """Some numbers of the shots that a model learned from.

    Attributes
    ----------
    names
        The features.
    mean, whiten
        Of the shots, shape (features,), and what makes them uncorrelated with variance 1, (features, directions).
    tree, spacing
        The shots there, and the distance of each to its k-th neighbour, (n,).
    least
        A tenth of the shots have nearer neighbours than this: where many values are the same, it stands for 0.
    """

    names: tuple[str, ...]
    mean: FloatArray
    whiten: FloatArray
    tree: cKDTree
    spacing: FloatArray
    least: float

    @classmethod
    def of(cls, training: pd.DataFrame, names: Sequence[str]) -> "LocalDensity | None":
        """The density of these features; None where too few shots have all of them, or none varies."""
        values = training[list(names)].to_numpy(dtype=np.float64)
        values = values[~np.isnan(values).any(axis=1)]
        values = values[:: max(1, -(-len(values) // MAX_SHOTS))]
        if len(values) < MIN_SHOTS:
            return None
        sd = values.std(axis=0)
        variances, directions = np.linalg.eigh(np.cov((values / np.where(sd > 0, sd, 1.0)).T))
        kept = variances > _TINY**2
        if not kept.any():
            return None
        whiten = directions[:, kept] / np.sqrt(variances[kept]) / np.where(sd > 0, sd, 1.0)[:, None]
        mean = values.mean(axis=0)
        tree = cKDTree((values - mean) @ whiten)
        spacing = tree.query(tree.data, k=N_NEIGHBOURS + 1)[0][:, -1]  # a shot is its own first neighbour
        least = float(np.quantile(spacing, 0.1)) or float(spacing[spacing > 0].min(initial=1.0))
        return cls(tuple(names), mean, whiten, tree, spacing, least)

    def factors(self, features: pd.DataFrame) -> FloatArray:
        """How far off each row is, 1 being usual, shape (n,); NaN where a number is missing."""
        values = features[list(self.names)].to_numpy(dtype=np.float64)
        known, found = ~np.isnan(values).any(axis=1), np.full(len(values), np.nan)
        if known.any():
            distance, nearest = self.tree.query((values[known] - self.mean) @ self.whiten, k=N_NEIGHBOURS)
            usual = np.maximum(np.median(self.spacing[nearest], axis=1), self.least)
            found[known] = distance[:, -1] / usual
        return found
