"""The boosters of a model version: its champion's and its sisters', each loaded and proven when it is first asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.domain.model import CHAMPION, ModelSister, ModelVersion
from xgoals.model.artifact import load_booster, load_sister_booster, predict


def by_sister(sisters: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """The numbers of those who are asked, ascending, 0 for the champion, each with the places of her shots.

    Parameters
    ----------
    sisters
        Who is asked about each shot, (n,).
    """
    for sister in np.unique(sisters).tolist():
        yield sister, np.flatnonzero(sisters == sister)


@dataclass(frozen=True)
class Boosters:
    """A champion and its sisters, who has not seen a match answering for it.

    Attributes
    ----------
    sisters
        By their numbers; none of a model from before there were any.
    """

    model: ModelVersion
    sisters: Mapping[int, ModelSister]
    _loaded: dict[int, xgboost.Booster] = field(default_factory=dict)

    def of(self, sister: int) -> xgboost.Booster:
        """A sister's booster, or (0) the champion's, proven to be the registered one.

        Raises
        ------
        ModelError
            If there is no such sister, or her bytes or predictions are others than those that were registered.
        """
        if sister not in self._loaded:
            self._loaded[sister] = self._load(sister)
        return self._loaded[sister]

    def predict(self, X: pd.DataFrame, sisters: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Probabilities of a goal, each shot's by who is asked about it; shape (n,)."""
        xg = np.empty(len(X))
        for sister, rows in by_sister(sisters):
            xg[rows] = predict(self.of(sister), X.iloc[rows])
        return xg

    def _load(self, sister: int) -> xgboost.Booster:
        if sister == CHAMPION:
            return load_booster(self.model)
        if sister not in self.sisters:
            raise ModelError(
                f"model {self.model.model_version} has no sister {sister}, which has not seen some of its matches",
                where="model_sister",
                advice="Train again: xgoals train",
            )
        return load_sister_booster(self.sisters[sister], self.model.feature_names)
