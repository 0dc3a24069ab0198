"""How strongly pairs of features depend on each other: mean |interaction| over shots without penalties.

A pair's interaction is both halves of shap's convention together, in the unit of the values: what the two features
add jointly, on top of what each adds by itself (Lundberg, Erion and Lee 2018, arXiv:1802.03888).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.shots import FloatArray, Model, features_by_name


def pair_means(pair_abs_sums: FloatArray, n_shots: int, feature_names: Sequence[str]) -> pd.DataFrame:
    """Mean |interaction| of every pair, both halves together, the strongest first.

    Parameters
    ----------
    pair_abs_sums
        Of all shots, in the order of :class:`xgoals.analysis.global_summary.PartSums`.

    Returns
    -------
    DataFrame
        ``feature, partner, mean_abs``.
    """
    first, second = np.triu_indices(len(feature_names), k=1)
    pairs = pd.DataFrame(
        {
            "feature": [feature_names[int(i)] for i in first],
            "partner": [feature_names[int(i)] for i in second],
            "mean_abs": pair_abs_sums / max(n_shots, 1),
        }
    )
    return pairs.sort_values("mean_abs", ascending=False, kind="stable", ignore_index=True)


def strongest_partners(pairs: pd.DataFrame) -> pd.DataFrame:
    """The strongest partner of every feature.

    Parameters
    ----------
    pairs
        ``feature, partner, mean_abs``, one row a pair.

    Returns
    -------
    DataFrame
        ``feature, partner, mean_abs``, one row a feature, the strongest pair first.
    """
    swapped = pairs.rename(columns={"feature": "partner", "partner": "feature"})
    both = pd.concat([pairs, swapped], ignore_index=True)[["feature", "partner", "mean_abs"]]
    ordered = both.sort_values("mean_abs", ascending=False, kind="stable")
    return ordered.drop_duplicates("feature", ignore_index=True)


@dataclass(frozen=True)
class InteractionMatrix:
    """Mean |interaction| of every pair of used features as a half matrix.

    Attributes
    ----------
    names, labels
        Of the features, in the order of rows and columns.
    cells
        Row by row; None on and above the diagonal, and for a pair that is not known.
    top
        The largest cell, for shading; never 0.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    cells: tuple[tuple[float | None, ...], ...]
    top: float


def interaction_matrix(model: Model, used: Sequence[str]) -> InteractionMatrix | None:
    """The stored interactions (``model["interactions"]``) of the features ``used``; None where there are none."""
    strength = {
        frozenset((str(row["feature"]), str(row["partner"]))): float(row["mean_abs"])
        for row in model.get("interactions") or []
    }
    if not strength:
        return None
    cells = tuple(
        tuple(strength.get(frozenset((row, column))) if j < i else None for j, column in enumerate(used))
        for i, row in enumerate(used)
    )
    known = features_by_name(model)
    top = max((cell for row in cells for cell in row if cell is not None), default=1.0)
    return InteractionMatrix(tuple(used), tuple(known[name]["label"] for name in used), cells, top or 1.0)
