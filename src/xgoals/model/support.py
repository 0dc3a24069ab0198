"""What a model has seen: how many of the shots that it learned from are like a given one.

A tree ensemble answers every question, also those about shots that nobody has ever taken. So each answer comes with
a count: the training shots of the same kind (header or not, foot or not, free kick or not, penalty or not) that lie
within one standard deviation of it in every single number. Fewer than ``FEW`` means that the model has seen nothing
like it. Categories (set-up, technique) are left aside: they describe the strike, and are held in any case.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from xgoals.features.catalogue import Catalogue

FEW = 10
"""With fewer shots like it, a shot is out of the model's sight."""

_FAR = 1e6
"""Stands for a missing value, in standard deviations: like nothing but another missing value."""
_SAME = 0.5
"""Two shots of different kinds are further apart than this in one binary feature, in its own unit of -1 to 1."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Support:
    """The shots that a model learned from, ready to be asked.

    Attributes
    ----------
    names
        The features that count; those that no training shot has are left out, for the model cannot use them.
    scale
        What counts as alike in each, shape (len(names),).
    n_shots
        How many shots there are.
    """

    names: tuple[str, ...]
    scale: FloatArray
    n_shots: int
    _tree: KDTree

    @classmethod
    def of(cls, training: pd.DataFrame, catalogue: Catalogue) -> "Support":
        """The support of a model.

        Parameters
        ----------
        training
            Features of the shots that it was trained on, one column a feature of the catalogue.
        """
        kinds = {feature.name: feature.kind for feature in catalogue.features if feature.kind != "category"}
        names = tuple(name for name in kinds if training[name].notna().any())
        binary = np.array([kinds[name] == "binary" for name in names])
        spread = training[list(names)].std(ddof=0).to_numpy(dtype=np.float64)
        scale = np.where(binary, _SAME, np.maximum(spread, 1e-9))
        return cls(names, scale, len(training), KDTree(_places(training, names, scale)))

    def alike(self, features: pd.DataFrame) -> npt.NDArray[np.int64]:
        """How many training shots are like each row, shape (n,); a training shot counts itself."""
        places = _places(features, self.names, self.scale)
        return np.asarray(
            self._tree.query_ball_point(places, r=1.0, p=np.inf, return_length=True), dtype=np.int64
        )


def _places(features: pd.DataFrame, names: tuple[str, ...], scale: FloatArray) -> FloatArray:
    values = features[list(names)].to_numpy(dtype=np.float64, na_value=np.nan) / scale
    return np.where(np.isnan(values), _FAR, values)
