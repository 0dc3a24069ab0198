"""The three numbers that are easily taken for each other: goal rate, mean prediction, prediction at the baseline."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import Model, number_or_none


@dataclass(frozen=True, slots=True)
class ReferenceNumbers:
    """Three probabilities that values can be read against; none stands in for another.

    Attributes
    ----------
    goal_rate
        Share of the shots that were goals: what happened.
    mean_prediction
        Mean xG of the same shots: what the model expected on average.
    prediction_at_baseline
        xG of the baseline row: where every explanation starts. With one baseline row it is neither of
        the other two, since the model is not linear.
    """

    goal_rate: float
    mean_prediction: float
    prediction_at_baseline: float


def reference_numbers(
    is_goal: npt.ArrayLike, predictions: npt.ArrayLike, base_value: float
) -> ReferenceNumbers:
    """The three reference numbers of some shots.

    Parameters
    ----------
    is_goal, predictions
        Outcome (0, 1) and predicted probability of each shot, in the same order; at least one shot.
    base_value
        ``Attributions.base_value`` in probability.

    Raises
    ------
    ValueError
        Without shots, or when the two are not of the same length.
    """
    goals, xg = np.asarray(is_goal, np.float64), np.asarray(predictions, np.float64)
    if goals.shape != xg.shape or goals.ndim != 1 or not goals.size:
        raise ValueError(
            f"one outcome and one prediction a shot are needed, not {goals.shape} and {xg.shape}"
        )
    return ReferenceNumbers(float(goals.mean()), float(xg.mean()), float(base_value))


@dataclass(frozen=True, slots=True)
class BaseValues:
    """The reference numbers of a model as they are stored, and where its explanations start.

    Attributes
    ----------
    goal_rate, mean_prediction, prediction_at_baseline
        As of :class:`ReferenceNumbers`; the first two None where not known.
    start
        The prediction at the baseline in the space of the attributions; NaN without shots.
    space
        ``"log_odds"`` or ``"probability"``.
    """

    goal_rate: float | None
    mean_prediction: float | None
    prediction_at_baseline: float
    start: float
    space: str


def base_values(shots: pd.DataFrame, model: Model) -> BaseValues:
    """The base values of a model; where it lacks the prediction at its baseline, the shots' own base value tells it."""
    start = float(shots["base_value"].iloc[0]) if len(shots) else float("nan")
    known = number_or_none(model.get("prediction_at_baseline"))
    return BaseValues(
        goal_rate=number_or_none(model.get("goal_rate")),
        mean_prediction=number_or_none(model.get("mean_prediction")),
        prediction_at_baseline=probability(start, model["space"]) if known is None else known,
        start=start,
        space=model["space"],
    )


def probability(value: float, space: str) -> float:
    """A number in the space of the attributions as a probability."""
    return value if space == "probability" else 1 / (1 + math.exp(-value))
