"""How far a value goes by chance, so seldom that a season of looking at all of them seldom has a false alarm.

`ALARMS_BY_CHANCE` is the promise: in so many seasons without drift does any alarm of a competition go off. It is
spent evenly (Bonferroni): over `LOOKS` matchdays, four families of series, the series of a family, and the lengths of
the runs that end with the matchday. docs/drift.md has how often it happens in simulated seasons.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from xgoals.analysis.agreement import ndcg
from xgoals.analysis.drift.sums import ALL, N_BINS, Sums

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

ALARMS_BY_CHANCE = 0.05
"""Share of seasons of a competition in which chance alone sets off any alarm, at most."""
LOOKS = 40
"""Points a season: matchdays of a large league."""
FAMILIES = 4
"""Attributions, features, calibration, and calibration of groups."""
LENGTHS = (1, 2, 4, 8, 16, 32)
"""The last so many points together are held against the window: what is small shows itself in many matchdays."""
NOTABLE = 0.08
"""A feature has moved if more than this share of shots would have to be other ones, however sure it is."""
NOTABLE_SHIFT = 0.15
"""Its mean has moved if it has by more than so many standard deviations of a shot (a tenth of the distance to goal is
0.2)."""
N_DRAWS = 2_000
_SEED = 9


def error_rate(n_series: int) -> float:
    """How often one series of a family of so many may be beyond its limits by chance, at one look at one length."""
    return ALARMS_BY_CHANCE / LOOKS / FAMILIES / max(n_series, 1) / len(LENGTHS)


def z_of(rate: float) -> float:
    """The two-sided bound of the normal distribution that is passed so often."""
    return float(-ndtri(rate / 2))


def design_effects(window: Sums) -> FloatArray:
    """By how much shots of a match are alike: the variance of a feature's shares over that of independent shots.

    Returns
    -------
    array (features,)
        At least 1; the mean over bins, each with the weight of its variance.
    """
    n, share = window.n_shots, window.tallies / window.n_shots
    of_matches = window.tally_squares - 2 * share * window.tallies_by_shots + share**2 * window.shots_squared
    independent = (share * (1 - share) * n).sum(axis=1)
    ratio = of_matches.sum(axis=1) / np.where(independent > 0, independent, np.inf)
    return np.asarray(np.maximum(1.0, ratio * window.n_matches / max(window.n_matches - 1, 1)))


def distance_limits(run: Sums, window: Sums, effects: FloatArray, is_category: BoolArray) -> FloatArray:
    """How far each feature's distance from the window goes by chance, shape (features,).

    Notes
    -----
    By the inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant, of a category by that of Weissman et
    al. (2003, L1 deviation of an empirical distribution); shots count as many as they are worth, by
    :func:`design_effects`.
    """
    rate = error_rate(3 * len(effects))
    n = 1 / (effects * (1 / np.maximum(run.known, 1) + 1 / np.maximum(window.known, 1)))
    n_codes = (window.tallies[:, :N_BINS] > 0).sum(axis=1)
    log_constant = np.where(is_category, n_codes, 1) * math.log(2)
    return np.asarray(np.minimum(1.0, np.sqrt((log_constant + math.log(1 / rate)) / (2 * n))))


def mean_room(run: Sums, window: Sums) -> FloatArray:
    """How far each feature's mean goes from the window's by chance, or is not notable, shape (features,)."""
    known = np.maximum(window.known, 1)
    spread = np.sqrt(np.maximum(window.squares / known - (window.values / known) ** 2, 0.0))
    bound = z_of(error_rate(3 * len(spread)))
    return np.asarray(np.maximum(bound * mean_error(run, window), NOTABLE_SHIFT * spread))


def mean_error(run: Sums, window: Sums) -> FloatArray:
    """Standard error of the difference of each feature's means, matches as the independent units; never 0."""
    known = np.maximum(window.known, 1)
    mean = window.values / known
    scatter = window.value_squares - 2 * mean * window.values_by_known + mean**2 * window.known_squares
    of_match = scatter / max(window.n_matches - 1, 1)
    errors = [of.n_matches / np.maximum(of.known, 1) ** 2 for of in (run, window)]
    return np.asarray(np.sqrt(np.maximum(of_match, 1e-18) * (errors[0] + errors[1])))


def overdispersion(window: Sums) -> float:
    """Variance of goals minus xG by match, over what independent shots would have; at least 1."""
    own = window.groups[ALL]
    return max(1.0, float(own[5] / own[3])) if own[3] > 0 else 1.0


def surplus_limits(
    run: FloatArray, window: FloatArray, spread: float, z: float
) -> tuple[FloatArray, FloatArray]:
    """Between which bounds goals minus xG a shot of groups stay by chance, if they are calibrated as in the window.

    Parameters
    ----------
    run, window
        `GROUP_SUMS` of the same groups, shape (groups, 9).
    spread
        :func:`overdispersion`. A group whose own goals vary more from match to match in the window gets its own.

    Notes
    -----
    Few goals are skewed: the bounds follow Cornish and Fisher (1938) to the third moment.
    """
    n, n_window = np.maximum(run[:, 0], 1), np.maximum(window[:, 0], 1)
    level = (window[:, 1] - window[:, 2]) / n_window
    spreads = np.maximum(spread, window[:, 5] / np.maximum(window[:, 3], 1e-9))
    error = np.sqrt(spreads * (run[:, 3] / n**2 + window[:, 3] / n_window**2))
    skewness = run[:, 4] / np.maximum(run[:, 3], 1e-9) ** 1.5
    shift = (z**2 - 1) * skewness / 6
    return level + error * (shift - z), level + error * (shift + z)


def ndcg_by_chance(window: Sums, n_matches: int) -> float:
    """What nDCG of so many matches like those of the window falls below once in a thousand times; 1 for none.

    Mean absolute attributions of so many matches are drawn from a normal distribution with the window's covariance
    over matches, and ranked.
    """
    if window.n_matches < 2 or n_matches < 1:
        return 1.0
    mean = window.absolute / window.n_shots
    crossed = np.outer(mean, window.absolute_by_shots)
    scatter = window.absolute_squares - crossed - crossed.T + np.outer(mean, mean) * window.shots_squared
    shots_a_match = window.n_shots / window.n_matches
    values, vectors = np.linalg.eigh(scatter / (window.n_matches - 1) / shots_a_match**2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    draws = np.random.default_rng(_SEED).standard_normal((N_DRAWS, len(mean))) @ root.T
    found = [ndcg(own, mean) for own in np.abs(mean + draws / math.sqrt(n_matches))]
    known = [value for value in found if value is not None]
    return float(np.quantile(known, 0.001)) if known else 1.0
