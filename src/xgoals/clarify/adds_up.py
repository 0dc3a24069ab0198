"""Every row of a job held against the booster itself."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import Forest
from xgoals.explain.proof import PROBABILITY_ROUNDING, Space

Floats = npt.NDArray[np.float64]


def largest_gap(
    booster: xgb.Booster, forest: Forest, X: pd.DataFrame, added_up: Floats, space: Space
) -> float:
    """The largest distance of a row's expected value plus values from what the booster predicts.

    Parameters
    ----------
    forest
        What was read of the booster.
    added_up
        (n,) of each row.

    Raises
    ------
    ModelError
        If one is larger than the booster's own float32 sums explain; names the row, counted from 1.
    """
    gap = gaps(booster, X, added_up, space)
    inside = np.clip(added_up, 1e-12, 1 - 1e-12)
    margin = added_up if space == "log_odds" else np.log(inside / (1 - inside))
    allowed = forest.tolerance(margin)
    if space == "probability":  # moves by a quarter of its log-odds at most
        allowed = allowed / 4 + PROBABILITY_ROUNDING
    failing = np.flatnonzero(~(gap <= allowed))  # NaN fails, too
    if len(failing):
        worst = int(failing[np.argmax(np.nan_to_num(gap[failing], nan=np.inf))])
        raise ModelError(
            f"expected value plus values are {gap[worst]:.3g} away from the prediction (allowed {allowed:.2g})",
            where=f"row {worst + 1}",
            advice=f"{len(failing)} of {len(gap)} rows fail; use none of it",
        )
    return float(gap.max())


def gaps(booster: xgb.Booster, X: pd.DataFrame, added_up: Floats, space: Space) -> Floats:
    """(n,) the distance of each row's sum from what the booster predicts."""
    predicted = booster.inplace_predict(
        X.to_numpy(np.float32),
        predict_type="margin" if space == "log_odds" else "value",
        validate_features=False,
    )
    return np.abs(added_up - np.asarray(predicted, np.float64))
