"""Which matches sister models learn from and which they predict: folds of whole matches, and of competitions.

Matches, not shots, are what is split: shots of one match share players and keeper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import GroupKFold

from xgoals.domain.errors import ModelError

IndexArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
Folds = Sequence[tuple[IndexArray, IndexArray]]
"""``(train, test)`` row numbers: models learn from the first and predict the second."""

N_FOLDS = 5
MIN_COMPETITION_MATCHES = 20
MIN_COMPETITION_GOALS = 30
MAX_COMPETITIONS = 8
"""So many of the largest competitions are left out in turn: a fit each."""


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Predictions by models that have not seen the match.

    Attributes
    ----------
    folds
        What each of them learned from and predicted.
    xg
        Of all shots, shape (n,); NaN for those that no fold predicts.
    """

    folds: Folds
    xg: FloatArray


def match_folds(match_ids: pd.Series) -> Folds:
    """Folds of whole matches, 5 or as many as there are matches.

    Raises
    ------
    ModelError
        If there is one match only.
    """
    n_matches = match_ids.nunique()
    if n_matches < 2:
        raise ModelError(
            "one match only: there is no other to learn from or to be judged on",
            advice="Give it more matches",
        )
    groups, _ = pd.factorize(match_ids, sort=True)
    return list(GroupKFold(min(N_FOLDS, n_matches)).split(groups, groups=groups))


def competition_folds(frame: pd.DataFrame) -> Folds:
    """Each large competition against all others; empty where there are fewer than two.

    Parameters
    ----------
    frame
        ``competition, match_id, is_goal, is_penalty``.
    """
    counted = frame[~frame["is_penalty"]].groupby("competition")
    sizes = counted.agg(matches=("match_id", "nunique"), goals=("is_goal", "sum"), shots=("is_goal", "size"))
    enough = (sizes["matches"] >= MIN_COMPETITION_MATCHES) & (sizes["goals"] >= MIN_COMPETITION_GOALS)
    largest = sizes[enough].sort_values("shots", kind="stable").index[-MAX_COMPETITIONS:]
    if len(largest) < 2:
        return []
    competition = frame["competition"].to_numpy()
    return [(np.flatnonzero(competition != name), np.flatnonzero(competition == name)) for name in largest]
