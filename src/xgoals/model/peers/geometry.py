"""The simplest peer of a model: a logistic regression on where the shot is and whether it is a header."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from xgoals.domain import geometry
from xgoals.model.shots.eligible import is_judged

IndexArray = npt.NDArray[np.intp]


def geometry_predictions(
    frame: pd.DataFrame, folds: Sequence[tuple[IndexArray, IndexArray]]
) -> npt.NDArray[np.float64]:
    """Probabilities by angle, log distance and header, each fold's from its training shots.

    Parameters
    ----------
    frame
        ``x_m, y_m, pitch_length_m, body_part, shot_type, is_goal, is_penalty``.
    folds
        ``(train, test)`` row numbers.

    Returns
    -------
    array (n,)
        NaN in no fold and where there is no place, and where the training shots hold no goals or nothing else.
    """
    place = (frame["x_m"], frame["y_m"], frame["pitch_length_m"] / 2)
    inputs = np.column_stack([
        geometry.angle_to_goal_deg(*place),
        np.log(np.maximum(geometry.distance_to_goal_m(*place), 0.1)),
        frame["body_part"] == "head",
    ])  # fmt: skip
    known = ~np.isnan(inputs).any(axis=1)
    usable, goal = known & is_judged(frame).to_numpy(), frame["is_goal"].to_numpy()
    xg = np.full(len(frame), np.nan)
    for train, test in folds:
        learn, predict = train[usable[train]], test[known[test]]
        if len(np.unique(goal[learn])) < 2 or len(predict) == 0:
            continue
        peer = make_pipeline(StandardScaler(), LogisticRegression()).fit(inputs[learn], goal[learn])
        xg[predict] = peer.predict_proba(inputs[predict])[:, 1]
    return xg
