"""Which shots go in: a published logit of geometry, keeper and opponents, and what becomes of the others.

The simulator knows the true probability of every shot it invents. That makes it a testing ground: a model
trained on simulated shots can be compared with the truth, and an estimate "of the provider" can be given
whose quality is known exactly.
"""

import numpy as np
import numpy.typing as npt

from xgoals.domain.geometry import (
    angle_to_goal_deg,
    distance_to_goal_m,
    in_shot_triangle,
    keeper_coverage_share,
    off_bisector_deg,
    pressure,
)
from xgoals.domain.shot import Outcome
from xgoals.feeds.simulator.manner import Words, word, words
from xgoals.feeds.simulator.scenes import GOAL_X_M, Kind, Moments

FloatArray = npt.NDArray[np.float64]

PENALTY_GOAL_RATE = 0.76
"""Share of penalties scored, the long-run figure of the big leagues."""

INTERCEPT = 4.47
"""Intercept of the logit, tuned so that 9.5 % of the simulated shots (penalties left out) go in."""

KEEPER_HALF_REACH_M = 1.0
PROVIDER_NOISE_LOGIT = 0.15
"""Standard deviation of the provider's error, in log-odds."""

_MISSES = words([Outcome.SAVED, Outcome.OFF_TARGET, Outcome.WOODWORK])
_MISS_SHARES = np.array([0.36, 0.61, 0.03])
_PENALTY_MISS_SHARES = np.array([0.68, 0.22, 0.10])


def goal_log_odds(moments: Moments) -> FloatArray:
    """Log-odds of a goal from the scene alone, before any difference between sides and players.

    Parameters
    ----------
    moments
        The scenes of n shots. A keeper out of the frame counts as absent in every term about him.

    Returns
    -------
    (n,) log-odds
        For penalties the constant of `PENALTY_GOAL_RATE`.

    Notes
    -----
    A logistic regression fitted to real open-data shots (AUC .805 there)::

        intercept - 2.02 ln(distance) + .127 angle / 10 deg - .90 header - .32 opponents in the triangle
        - 2.19 coverage (half reach 1 m) - .34 |keeper off the bisector| / 10 deg
        - .28 ln(1 + distance shooter-keeper) - .68 pressure + 1.35 free kick
        + .203 keeper's distance from goal
    """
    x, y = moments.x_m, moments.y_m
    px, py = moments.opponents_m[..., 0], moments.opponents_m[..., 1]
    opponents = np.nansum(in_shot_triangle(x[:, None], y[:, None], px, py, GOAL_X_M), axis=1)
    pressed = np.nansum(pressure(x[:, None], y[:, None], px, py, GOAL_X_M), axis=1)
    log_odds = (
        INTERCEPT
        - 2.02 * np.log(distance_to_goal_m(x, y, GOAL_X_M))
        + 0.0127 * angle_to_goal_deg(x, y, GOAL_X_M)
        - 0.90 * (moments.kind == Kind.HEADER)
        - 0.32 * opponents
        - 0.68 * pressed
        + 1.35 * (moments.kind == Kind.FREE_KICK)
        + np.nan_to_num(_keeper_terms(moments))
    )
    penalty = np.log(PENALTY_GOAL_RATE / (1 - PENALTY_GOAL_RATE))
    return np.asarray(np.where(moments.kind == Kind.PENALTY, penalty, log_odds))


def _keeper_terms(moments: Moments) -> FloatArray:
    x, y = moments.x_m, moments.y_m
    kx, ky = moments.keeper_m[:, 0], moments.keeper_m[:, 1]
    return np.asarray(
        -2.19 * keeper_coverage_share(x, y, kx, ky, GOAL_X_M, half_reach_m=KEEPER_HALF_REACH_M)
        - 0.034 * np.abs(off_bisector_deg(x, y, kx, ky, GOAL_X_M))
        - 0.28 * np.log1p(np.hypot(kx - x, ky - y))
        + 0.203 * distance_to_goal_m(kx, ky, GOAL_X_M)
    )


def provider_estimate(rng: np.random.Generator, probability: FloatArray) -> FloatArray:
    """An estimate like a good provider's: the truth, off by `PROVIDER_NOISE_LOGIT` log-odds (sd)."""
    log_odds = np.log(probability / (1 - probability))
    return sigmoid(log_odds + rng.normal(0, PROVIDER_NOISE_LOGIT, probability.size))


def outcomes(rng: np.random.Generator, moments: Moments, probability: FloatArray) -> Words:
    """(n,) of `Outcome`: goals by their probability, a quarter of all blocked, the rest saved or wide."""
    n = probability.size
    px, py = moments.opponents_m[..., 0], moments.opponents_m[..., 1]
    x, y = moments.x_m[:, None], moments.y_m[:, None]
    in_the_way = np.nansum(in_shot_triangle(x, y, px, py, GOAL_X_M, margin_m=0.5), axis=1)
    blocked = rng.random(n) < sigmoid(-2.0 + 0.75 * in_the_way)
    blocked &= moments.kind != Kind.PENALTY
    missed = _MISSES[rng.choice(3, n, p=_MISS_SHARES)]
    missed_penalty = _MISSES[rng.choice(3, n, p=_PENALTY_MISS_SHARES)]
    result = np.where(moments.kind == Kind.PENALTY, missed_penalty, missed)
    result = np.where(blocked, word(Outcome.BLOCKED), result)
    return np.where(rng.random(n) < probability, word(Outcome.GOAL), result)


def sigmoid(log_odds: FloatArray) -> FloatArray:
    """Log-odds to probability."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))
