"""Two models of the same shot told apart part by part: ours, and what our features can say of the provider's."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.reason import Part
from xgoals.explain import exact_shapley
from xgoals.explain.forest import Forest
from xgoals.features.catalogue import Catalogue
from xgoals.reasons.from_there import KIND

FloatArray = npt.NDArray[np.float64]

PARTS = tuple(Part)
"""The order in which parts stand in arrays."""


@dataclass(frozen=True, slots=True)
class InParts:
    """What a model says of n shots: ``average + parts.sum(axis=1)``, (n,); ``parts`` of shape (n, 4), NaN unknown."""

    average: float
    parts: FloatArray

    @property
    def xg(self) -> FloatArray:
        """What average and parts add up to, (n,)."""
        return np.asarray(self.average + np.nansum(self.parts, axis=1))


@dataclass(frozen=True, slots=True)
class Differences:
    """Of n shots: ours minus the provider's. ``average`` and ``rest`` (n,), ``parts`` (n, 4), NaN where not known."""

    average: FloatArray
    parts: FloatArray
    rest: FloatArray


def in_parts(forest: Forest, X: pd.DataFrame, baseline: "pd.Series[float]", catalogue: Catalogue) -> InParts:
    """A model's numbers by football's parts, against one baseline row: exact values of the parts as groups."""
    found = exact_shapley(forest, X, baseline, groups=features_of_parts(catalogue))
    assert found.group_values is not None  # noqa: S101  (groups were asked for)
    return InParts(found.base_value, found.group_values)


def features_of_parts(catalogue: Catalogue) -> dict[str, list[str]]:
    """The features that go with each part: a shot's kind with its place."""
    of: dict[str, list[str]] = {part.value: [] for part in PARTS}
    for feature in catalogue.features:
        if feature.name in KIND or feature.group == "place":
            of[Part.PLACE].append(feature.name)
        else:
            of[Part.STRIKE if feature.group == "execution" else Part(feature.group)].append(feature.name)
    return of


def differences(ours: InParts, theirs: InParts, provider_xg: FloatArray) -> Differences:
    """Ours minus the provider's, where ``theirs`` is what our features can say of the provider's number."""
    return Differences(
        np.full(len(provider_xg), ours.average - theirs.average),
        ours.parts - theirs.parts,
        theirs.xg - provider_xg,
    )
