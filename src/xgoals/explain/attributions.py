"""What an explanation is: values that lead from the prediction at a baseline to the one at each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain import for_shap
from xgoals.explain.inputs import Rows
from xgoals.explain.proof import Space

if TYPE_CHECKING:
    from shap import Explanation

Part = Literal["features", "groups", "interactions"]


@dataclass(frozen=True, slots=True)
class Attributions:
    """Shapley values of n rows, F features and, when asked for, G groups.

    Attributes
    ----------
    values
        (n, F) value of every feature: what it adds to the prediction, against the baseline.
    base_value
        The prediction at the baseline row. Neither the mean prediction nor the share of ones among the labels.
    predictions
        (n,) predictions in the same space, summed in float64. ``base_value + values.sum(axis=1)``.
    interactions
        (n, F, F) Shapley interaction values or None. Half of a pair's effect in each triangle, main
        effects on the diagonal: rows sum to ``values``.
    group_values, group_names
        (n, G) values of the game whose players are the groups, and their names; or None.
    feature_names
        Names of the columns of ``values``.
    space
        "probability" or "log_odds": the unit of everything above.
    """

    values: NDArray[np.float64]
    base_value: float
    predictions: NDArray[np.float64]
    interactions: NDArray[np.float64] | None
    group_values: NDArray[np.float64] | None
    group_names: tuple[str, ...] | None
    feature_names: tuple[str, ...]
    space: Space

    def to_shap(
        self,
        X: Rows | None = None,
        *,
        part: Part = "features",
        display_data: Rows | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> "Explanation":
        """The same values as a ``shap.Explanation``, for every plot of the shap library. Imports shap.

        Parameters
        ----------
        X
            The rows that were explained, in the same order: plots that show or colour by a feature's value ask for
            them. Not for groups, which have no single value.
        part
            "features" gives ``values`` (n, F), "groups" ``group_values`` (n, G), "interactions" ``interactions``
            (n, F, F). Base values are (n,) in each.
        display_data
            What plots write in place of X's numbers, such as the words of a category; a table as large as the values.
        labels
            ``{name: what plots call it}``, of as many features or groups as wanted: "Income (EUR a month)".

        Raises
        ------
        ModelError
            When the part was not computed, a table does not fit, or a label names nothing that is there.
        ImportError
            Where the shap library is not installed.
        """
        values, names = self._part(part)
        if part == "groups" and X is not None:
            raise ModelError(
                "A group has no single value to plot", advice="Leave X out, or pass display_data"
            )
        return for_shap.explanation(values, self.base_value, names, X, display_data, labels or {})

    def _part(self, part: Part) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        if part == "features":
            return self.values, self.feature_names
        if part == "interactions" and self.interactions is not None:
            return self.interactions, self.feature_names
        if part == "groups" and self.group_values is not None and self.group_names is not None:
            return self.group_values, self.group_names
        asked = {"interactions": "interactions=True", "groups": "groups={name: features, ...}"}
        if part not in asked:
            raise ValueError(f"part must be 'features', 'groups' or 'interactions', not {part!r}")
        raise ModelError(f"These values have no {part}", advice=f"Explain the rows with {asked[part]}")
