"""A few rows in place of a table: its clusters, by k-prototypes or k-means, each as its typical row."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.baselines.sample import background_sample, in_order
from xgoals.baselines.typical import Middle, typical_row
from xgoals.domain.errors import SettingsError
from xgoals.domain.model import ColumnKind

FITTED_ON = 1000
"""Rows that k-prototypes look for clusters in, at most: it is plain Python, a second for some thousand rows."""
_STARTS = 2

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prototypes:
    """Clusters of a table.

    Attributes
    ----------
    rows
        (k, columns) the typical row of each, the largest cluster first.
    weights
        (k,) the share of the table's rows that each has; together 1.
    """

    rows: pd.DataFrame
    weights: FloatArray


def prototypes(
    table: pd.DataFrame,
    kinds: Mapping[str, ColumnKind],
    n_clusters: int,
    *,
    seed: int = 0,
    middle: Middle = "mean",
) -> Prototypes:
    """Clusters of a table's rows, by k-means where all columns are numbers, else by k-prototypes.

    Continuous columns and counts are measured in their standard deviations; another value of a binary column or a
    category is as far as half of one, squared (Huang's choice). Neither method knows missing values: to find clusters,
    the table's typical value stands in for them. The rows that come out are of the values that there are: a column that
    is missing in a whole cluster is missing in its row. Of large tables k-prototypes looks at a sample of `FITTED_ON`
    rows, and every row of the table then belongs to the nearest centre. The order of the table's rows changes nothing.

    Parameters
    ----------
    table
        Numbers; NaN is missing.
    kinds
        Column -> its kind; the rows have these columns in this order.
    n_clusters
        At least 1, which gives the typical row of the table. Of clusters that stay without a row none comes out.

    Raises
    ------
    SettingsError
        If fewer than one is asked for, or more than the table has different rows.
    """
    given = in_order(table[list(kinds)])
    if n_clusters == 1 and len(given):
        return Prototypes(typical_row(given, kinds, middle).to_frame().T, np.ones(1))
    filled = given.fillna(typical_row(given, kinds)).fillna(0.0)
    n_different = len(filled.drop_duplicates())
    if not 1 <= n_clusters <= n_different:
        raise SettingsError(
            f"{n_clusters} clusters of a table with {n_different} different rows (typical values for missing ones)",
            advice=f"Ask for 1 to {max(n_different, 1)}",
        )
    label = _labels(filled, kinds, n_clusters, seed)
    found = [(given[label == one], int((label == one).sum())) for one in np.unique(label)]
    found.sort(key=lambda cluster: -cluster[1])
    rows = pd.DataFrame([typical_row(members, kinds, middle) for members, _ in found])
    return Prototypes(rows, np.array([n for _, n in found]) / len(given))


def _labels(filled: pd.DataFrame, kinds: Mapping[str, ColumnKind], n_clusters: int, seed: int) -> IntArray:
    """The cluster of each row, (n,)."""
    words = [name for name, kind in kinds.items() if kind in ("binary", "category")]
    numbers = filled[[name for name in filled if name not in words]].to_numpy(dtype=np.float64)
    spread = numbers.std(axis=0)
    numbers = (numbers - numbers.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    if not words:
        return _k_means(numbers, n_clusters, seed)
    codes = np.column_stack([np.unique(filled[name], return_inverse=True)[1] for name in words])
    both = pd.DataFrame(np.hstack([numbers, codes]))
    sample = background_sample(both, FITTED_ON, seed=seed).to_numpy()
    n_numbers = numbers.shape[1]
    centres = _k_prototypes(sample, n_numbers, n_clusters, seed)
    return _nearest(numbers, codes, centres[:, :n_numbers], centres[:, n_numbers:])


def _k_means(numbers: FloatArray, n_clusters: int, seed: int) -> IntArray:
    from sklearn.cluster import KMeans

    labels: IntArray = KMeans(n_clusters, n_init=_STARTS, random_state=seed).fit_predict(numbers)
    return labels


def _k_prototypes(sample: FloatArray, n_numbers: int, n_clusters: int, seed: int) -> FloatArray:
    """The centres of clusters, (k, columns): numbers first, then codes."""
    if n_numbers == 0:
        from kmodes.kmodes import KModes

        fitted = KModes(n_clusters, n_init=_STARTS, random_state=seed).fit(sample)
    else:
        from kmodes.kprototypes import KPrototypes

        fitted = KPrototypes(n_clusters, n_init=_STARTS, gamma=_GAMMA, random_state=seed).fit(
            sample, categorical=list(range(n_numbers, sample.shape[1]))
        )
    return np.asarray(fitted.cluster_centroids_, dtype=np.float64)


_GAMMA = 0.5
"""What another category counts, beside squared differences in standard deviations."""


def _nearest(numbers: FloatArray, codes: IntArray, centres: FloatArray, centre_codes: FloatArray) -> IntArray:
    """The nearest centre of each row, (n,); of two that are as near the first."""
    distance = np.column_stack(
        [
            ((numbers - centre) ** 2).sum(axis=1) + _GAMMA * (codes != code).sum(axis=1)
            for centre, code in zip(centres, centre_codes, strict=True)
        ]
    )
    return np.asarray(distance.argmin(axis=1))
