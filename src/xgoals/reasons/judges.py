"""Who says what a scene is worth: of every shot the model that has not seen its match."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xgboost

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_AT_ONCE = 200_000
"""Rows that XGBoost is handed at once."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Some models, each of which judges some of the shots.

    Attributes
    ----------
    boosters
        Of one kind; several threads may ask them at once.
    of_shot
        Which of them judges each shot, (n,).
    """

    boosters: Sequence[xgboost.Booster]
    of_shot: IntArray

    def __call__(self, rows: FloatArray, shot: npt.NDArray[np.intp]) -> FloatArray:
        """XG of scenes (m, p) that belong to these shots (m,)."""
        xg, who = np.empty(len(rows)), self.of_shot[shot]
        for number in np.unique(who):
            chosen = np.flatnonzero(who == number)
            for begin in range(0, len(chosen), _AT_ONCE):
                some = chosen[begin : begin + _AT_ONCE]
                xg[some] = predicted(self.boosters[number], rows[some])
        return xg


def as_judge(booster: xgboost.Booster) -> xgboost.Booster:
    """The same booster with one thread: two of ours ask it at once."""
    booster.set_param({"nthread": 1})
    return booster


def predicted(booster: xgboost.Booster, rows: FloatArray) -> FloatArray:
    """XG of rows of features, (m,), in the order of the booster's own features."""
    found = booster.inplace_predict(np.ascontiguousarray(rows, dtype=np.float32), validate_features=False)
    return np.asarray(found, dtype=np.float64)
