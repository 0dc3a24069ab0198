"""Values of shots against several baselines, each shot's by who has not seen its match, proven to add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xgoals.analysis.baselines.moves import Against
from xgoals.model.artifact import by_sister
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.explaining.own_baselines.rows import OwnBaseline

if TYPE_CHECKING:
    from xgoals.features.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Played:
    """n shots, what is said of each, and their values against each baseline."""

    predictions: npt.NDArray[np.float64]
    against: tuple[Against, ...]
    gap: float


def play(
    explainer: Explainer,
    catalogue: "Catalogue",
    baselines: Sequence[OwnBaseline],
    X: npt.NDArray[np.float64],
    sister: npt.NDArray[np.int64],
    ids: Sequence[str],
) -> Played:
    """Values of shots against each baseline, each shot's by who speaks of it.

    Raises
    ------
    ModelError
        If those of one shot do not add up to its prediction.
    """
    from xgoals.explain.background import background_shapley
    from xgoals.explain.verify import verify_additivity

    shape = (len(X), len(catalogue.names)), (len(X), len(catalogue.groups))
    against = tuple(Against(np.empty(len(X)), *map(np.empty, shape)) for _ in baselines)
    predictions, gap = np.empty(len(X)), 0.0
    for number, rows in by_sister(sister):
        names = [ids[row] for row in rows]
        for baseline, of in zip(baselines, against, strict=True):
            found = background_shapley(
                explainer.forest_of(number), X[rows], baseline.rows, baseline.weights, groups=catalogue.groups
            )
            gaps = verify_additivity(found, explainer.booster_of(number), X[rows], ids=names)
            of.base_values[rows], of.feature_values[rows] = found.base_value, found.values
            of.group_values[rows] = found.group_values
            predictions[rows], gap = found.predictions, max(gap, gaps.to_engine, gaps.to_booster)
    return Played(predictions, against, gap)
