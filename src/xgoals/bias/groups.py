"""Two groups counted: those in the facet looked at, and all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from xgoals.bias.metric import UndefinedMetricError
from xgoals.domain.errors import ModelError

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many of a group have which label and which prediction."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def n(self) -> int:
        """All of the group."""
        return self.positives + self.negatives

    @property
    def positives(self) -> int:
        """With the positive label."""
        return self.true_positives + self.false_negatives

    @property
    def negatives(self) -> int:
        """With the negative label."""
        return self.true_negatives + self.false_positives

    @property
    def predicted_positives(self) -> int:
        """Predicted to be positive."""
        return self.true_positives + self.false_positives

    @property
    def predicted_negatives(self) -> int:
        """Predicted to be negative."""
        return self.true_negatives + self.false_negatives


def counted(label: Flags, predicted: Flags, in_facet: Flags) -> tuple[Outcomes, Outcomes]:
    """The outcomes of the facet, and of all others.

    Raises
    ------
    UndefinedMetricError
        One of the two is empty.
    """
    label, predicted, in_facet = same_rows(label=label, predicted=predicted, in_facet=in_facet)
    both_there(in_facet)
    kind = 4 * in_facet.view(np.uint8) + 2 * label.view(np.uint8) + predicted.view(np.uint8)
    tn_a, fp_a, fn_a, tp_a, tn_d, fp_d, fn_d, tp_d = np.bincount(kind, minlength=8).tolist()
    return Outcomes(tp_d, fp_d, fn_d, tn_d), Outcomes(tp_a, fp_a, fn_a, tn_a)


def both_there(in_facet: Flags) -> tuple[int, int]:
    """How many are in the facet, and how many are not.

    Raises
    ------
    UndefinedMetricError
        One of the two is empty.
    """
    inside = int(np.count_nonzero(in_facet))
    if inside == 0:
        raise UndefinedMetricError("Nobody is in the facet: there is no group to compare with the others.")
    if inside == len(in_facet):
        raise UndefinedMetricError("Everybody is in the facet: there are no others to compare it with.")
    return inside, len(in_facet) - inside


def same_rows(**columns: Flags) -> Sequence[Flags]:
    """The columns as contiguous arrays of True and False, all with as many rows.

    Raises
    ------
    ModelError
        One is no array of True and False, or another length.
    """
    arrays = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    for name, array in arrays.items():
        if array.dtype != np.bool_ or np.ndim(columns[name]) != 1:
            what = f"{name} has to be one row of True and False, not {array.dtype} of shape {array.shape}."
            raise ModelError(
                what, advice="Compare it first with what counts as positive, or as in the facet."
            )
    if len({len(array) for array in arrays.values()}) > 1:
        lengths = ", ".join(f"{name} {len(array):,}" for name, array in arrays.items())
        raise ModelError(f"The columns do not have as many rows as each other: {lengths}.")
    return list(arrays.values())


def ratio(part: float, whole: float) -> float:
    """One number over another: nothing of nothing is 0, something of nothing is infinite."""
    if whole == 0:
        return 0.0 if part == 0 else inf
    return part / whole


def difference(a: float, b: float) -> float:
    """One number less another; two infinite ones do not differ."""
    return 0.0 if a == b else a - b
