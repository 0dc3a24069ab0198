"""A challenger as it would have been when the champion was trained: what the newest matches judge both by, fairly.

The champion's number of a match that came after its training is by a model of all its window. The challenger's sister
for the latest matches has learned from the earlier ones only, up to a fifth less. So for matches that are newer than
the champion a sister is fitted on just the matches that the champion knew.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.calibration import Correction
from xgoals.model.evidence import Predictions
from xgoals.model.fitting import fit_and_predict, float32_features
from xgoals.model.losses import log_odds, probability
from xgoals.model.shots.eligible import teaches

MIN_GOALS = 20
"""With fewer goals, or misses, to learn from, there is no such sister."""


def as_of(
    challenger: Predictions,
    window: pd.DataFrame,
    parameters: Mapping[str, Any],
    correction: Mapping[str, float] | None,
    is_known: "pd.Series[bool]",
) -> Predictions:
    """The challenger's predictions, those of newer matches by a sister of the matches that the champion knew.

    Parameters
    ----------
    challenger
        As its registered predictions say.
    window
        Its window by ``shot_key``, in the order in which it learned: ``is_goal`` and its features.
    parameters
        Its own, ``n_trees`` among them.
    correction
        ``slope, shift`` where one is built into the challenger.
    is_known
        Whether the champion has learned from the shot; by ``shot_key``.
    """
    known = is_known.reindex(window.index, fill_value=False).to_numpy(dtype=bool)
    learn, newer = np.flatnonzero(known), np.flatnonzero(~known)
    if len(newer) == 0 or not _can_teach(window, learn):
        return challenger
    own = dict(parameters)
    n_trees = int(own.pop("n_trees"))
    names = [name for name in window.columns if name != "is_goal"]
    X, y = float32_features(window, names), window["is_goal"].to_numpy()
    xg = fit_and_predict(X, y, {"n_seeds": 1, **own}, n_trees, (learn, newer))
    if correction is not None:
        xg = probability(Correction(**correction)(log_odds(xg)))
    unseen = challenger.unseen.copy()
    unseen.loc[window.index[newer]] = xg
    return replace(challenger, unseen=unseen)


def _can_teach(window: pd.DataFrame, learn: npt.NDArray[np.intp]) -> bool:
    taught = window.iloc[learn]
    goals = taught.loc[teaches(taught), "is_goal"].to_numpy(dtype=bool)
    return bool(min(goals.sum(), (~goals).sum()) >= MIN_GOALS)
