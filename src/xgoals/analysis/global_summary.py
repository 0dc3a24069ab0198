"""What thousands of explanations say together, as it is stored: mean |value| of features by season and club.

Over shots without penalties: hand those in. Means of absolute values are what the original shows (Clarify's
``mean_abs``); the plain mean beside it says in which direction. Whoever has sums by season and team has all of it, and
needs no single explanation: a night with new matches changes the sums of those who played.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import FloatArray

SCOPES: Mapping[str, Sequence[str]] = {"all": (), "season": ("competition", "season"), "club": ("team",)}
"""Scope -> the columns whose values tell its members apart."""


class PartSums(NamedTuple):
    """Sums over the shots of k parts: of values and of |values| (k, features), of |interactions| (k, pairs).

    Pairs are the first feature with the second, the first with the third, ..., the second with the third, ...; both
    halves together.
    """

    sums: FloatArray
    abs_sums: FloatArray
    pair_abs_sums: FloatArray


def sum_parts(values: FloatArray, interactions: FloatArray, starts: npt.NDArray[np.intp]) -> PartSums:
    """Add up shots part by part.

    Parameters
    ----------
    values, interactions
        Shapes (n, features) and (n, features, features), halves as ``exact_shapley`` gives them.
    starts
        The first row of each part, ascending from 0; every part has a row.
    """
    first, second = np.triu_indices(values.shape[1], k=1)
    halves = np.abs(interactions)
    pairs = halves[:, first, second] + halves[:, second, first]
    return PartSums(*(np.add.reduceat(rows, starts, axis=0) for rows in (values, np.abs(values), pairs)))


def global_summary(
    members: pd.DataFrame,
    sums: FloatArray,
    abs_sums: FloatArray,
    feature_names: Sequence[str],
    scopes: Mapping[str, Sequence[str]] = SCOPES,
) -> pd.DataFrame:
    """Mean |value| and mean value of every feature, over all shots and over those of each season and club.

    Parameters
    ----------
    members
        One row a part that sums were made of: the scopes' columns and ``n_shots``.
    sums, abs_sums
        Of the values of its shots, shape (members, features).
    feature_names
        The features.
    scopes
        Scope -> columns; no columns means all shots together.

    Returns
    -------
    DataFrame
        ``scope, scope_id, scope_label, feature, n_shots, mean_abs, mean``.
    """
    parts = [
        _of_scope(scope, _labels(members, columns), members["n_shots"], (sums, abs_sums), feature_names)
        for scope, columns in scopes.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _labels(members: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """For each member what the scope calls it, such as "Bundesliga 2023/24"."""
    label = pd.Series("all", index=members.index)
    if columns:
        label = members[columns[0]].astype(str)
        for column in columns[1:]:
            label = label + " " + members[column].astype(str)
    return label


def _of_scope(
    scope: str,
    labels: pd.Series,
    n_shots: pd.Series,
    sums: tuple[FloatArray, FloatArray],
    feature_names: Sequence[str],
) -> pd.DataFrame:
    codes, ids = pd.factorize(labels, sort=True)
    counts = np.bincount(codes, weights=n_shots, minlength=len(ids))
    mean, mean_abs = (_added_up(values, codes, len(ids)) / counts[:, None] for values in sums)
    n_features = len(feature_names)
    label = np.repeat(np.asarray(ids, dtype=object), n_features)
    return pd.DataFrame(
        {
            "scope": scope,
            "scope_id": label,
            "scope_label": label,
            "feature": list(feature_names) * len(ids),
            "n_shots": np.repeat(counts.astype(int), n_features),
            "mean_abs": mean_abs.ravel(),
            "mean": mean.ravel(),
        }
    )


def _added_up(values: FloatArray, codes: npt.NDArray[np.intp], n: int) -> FloatArray:
    total = np.zeros((n, values.shape[1]))
    np.add.at(total, codes, values)
    return total
