"""What a first model has to show: there is no champion yet that it could be held against.

It must not be surely worse than plain geometry, and it must keep its promises as far as so few matches can tell. Both
are asked at 99 %, so that a league of twenty matches passes, and a model that knows nothing does not.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from xgoals.domain.errors import ModelError
from xgoals.model.calibration import fit_slope
from xgoals.model.folds import match_folds
from xgoals.model.gate import CONFIDENCE, N_RESAMPLES, GateCheck, paired_loss
from xgoals.model.losses import log_odds
from xgoals.model.peers.geometry import geometry_predictions
from xgoals.model.resampling import Draws, one_sided_bounds
from xgoals.model.shots.eligible import is_judged

Z_99 = 2.576
"""Half the width of a two-sided 99 % interval, in standard errors, where there are many matches."""
LEAST_SLOPE = 0.5
"""Below this no slope is let pass, however badly geometry does."""


@dataclass(frozen=True, slots=True)
class Unchallenged:
    """Shots that are judged, each with the first model's xG and plain geometry's; neither had seen the match.

    Attributes
    ----------
    match_id, is_goal
        Of the shot.
    model
        xG out of fold; of the latest matches by a sister of the earlier ones.
    geometry
        xG by distance, angle and header, fitted on the same matches as the model's.
    """

    match_id: "pd.Series[str]"
    is_goal: "pd.Series[bool]"
    model: "pd.Series[float]"
    geometry: "pd.Series[float]"


def beside_geometry(window: pd.DataFrame) -> Unchallenged:
    """Put plain geometry beside a model's own predictions, shot by shot, out of fold both.

    Parameters
    ----------
    window
        The shots that the model has learned from, in the order in which it learned: ``match_id, is_goal, is_penalty,
        x_m, y_m, pitch_length_m, body_part, shot_type, xg_out_of_fold``.
    """
    window = window.reset_index(drop=True)
    folds = match_folds(window["match_id"])
    geometry = pd.Series(geometry_predictions(window, folds), index=window.index)
    counted = geometry.notna() & is_judged(window)
    return Unchallenged(
        window.loc[counted, "match_id"],
        window.loc[counted, "is_goal"].astype(bool),
        window.loc[counted, "xg_out_of_fold"],
        geometry[counted],
    )


def floor_checks(shots: Unchallenged) -> list[GateCheck]:
    """All that is asked of a first model's predictions.

    Raises
    ------
    ModelError
        If there are no goals or nothing but goals among the shots: nothing can be asked then.
    """
    if shots.is_goal.nunique() < 2:
        n, goals = len(shots.is_goal), int(shots.is_goal.sum())
        raise ModelError(
            f"{goals} goals in {n} shots with a place: a first model cannot be judged on that",
            advice="Ingest more matches; see quarantine for places that are missing",
        )
    return [not_worse_than_geometry(shots), *kept_promises(shots)]


def not_worse_than_geometry(shots: Unchallenged) -> GateCheck:
    """Whether the model is not surely worse than a logistic regression on distance, angle and header."""
    loss = paired_loss(shots.is_goal, shots.match_id, shots.model, shots.geometry)
    n, n_matches = len(shots.is_goal), shots.match_id.nunique()
    low = loss.mean - (loss.mean - loss.low) * _wider(n_matches, 1, CONFIDENCE)
    words = (
        f"log loss {loss.mean:+.4f} against distance, angle and header alone, on {n} shots of {n_matches} matches "
        f"(99 % bounds {low:+.4f} and {loss.high:+.4f}; the lower one at most 0)"
    )
    return GateCheck("geometry", bool(low <= 0), loss.mean, 0.0, words, low, loss.high, n, n_matches)


def kept_promises(shots: Unchallenged) -> list[GateCheck]:
    """Whether slope and sum of the model may be 1: each 99 % interval has to hold it."""
    goal, xg = (np.asarray(column, dtype=np.float64) for column in (shots.is_goal, shots.model))
    draws = Draws.of(shots.match_id, N_RESAMPLES, seed=0)
    resampled = draws.sums(xg) / np.maximum(draws.sums(goal), 1)
    low, high = one_sided_bounds(resampled, 1 - (1 - CONFIDENCE) / 2)
    total = float(xg.sum() / goal.sum())
    # Twenty matches, drawn again and again, are more alike than chance would make others: it has its say, too.
    by_chance = Z_99 * float(np.sqrt((xg * (1 - xg)).sum()) / goal.sum())
    low, high = min(low, total - by_chance), max(high, total + by_chance)
    words = f"sum of xG over goals {total:.3f} (99 % interval {low:.3f} to {high:.3f}; it has to hold 1)"
    on = (len(goal), shots.match_id.nunique())
    return [_slope(shots), GateCheck("calibrated_sum", low <= 1 <= high, total, 1.0, words, low, high, *on)]


def _slope(shots: Unchallenged) -> GateCheck:
    """The slope of the outcome on the model's log odds.

    On few matches every fitted model is a little too sure of itself, the simplest one too: what plain geometry reaches
    on the same shots is asked of nobody else. With many, that is 1.
    """
    try:
        slope, (low, high) = _fitted(shots, shots.model)
    except ModelError as error:  # it rates all shots alike
        return GateCheck("calibrated_slope", False, 0.0, 1.0, f"slope: {error.what}")
    reached = min(1.0, max(LEAST_SLOPE, _slope_of_geometry(shots)))
    words = (
        f"slope of goals on its log odds {slope:.3f} (99 % interval {low:.3f} to {high:.3f}; it has to hold 1, "
        f"or to reach the {reached:.3f} of plain geometry)"
    )
    on = (len(shots.is_goal), shots.match_id.nunique())
    return GateCheck("calibrated_slope", low <= 1 and high >= reached, slope, 1.0, words, low, high, *on)


def _slope_of_geometry(shots: Unchallenged) -> float:
    try:
        return _fitted(shots, shots.geometry)[0]
    except ModelError:  # there is no sense in where goals come from: nothing is let pass for it
        return 1.0


def _fitted(shots: Unchallenged, xg: "pd.Series[float]") -> tuple[float, tuple[float, float]]:
    z = Z_99 * _wider(shots.match_id.nunique(), 2, 1 - (1 - CONFIDENCE) / 2)
    return fit_slope(log_odds(xg.to_numpy(dtype=np.float64)), shots.is_goal, shots.match_id, z=z)


def _wider(n_matches: int, n_fitted: int, confidence: float) -> float:
    """By how much errors that are estimated from few matches are too small: Student's t, and degrees of freedom."""
    left = max(1, n_matches - n_fitted)
    return float(t.ppf(confidence, left) / norm.ppf(confidence) * np.sqrt(n_matches / left))
