"""Whether the model promises any club too many goals, or too few, beyond chance.

The model knows no finisher, so a club whose players finish well scores more than it promises: what is tested is whether
any club is off by more than luck leaves, and how many would be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import FloatArray, floats, match_codes, rated
from xgoals.model.goals_by_chance import goals_distribution, surplus_interval

MIN_SHOTS = 100
"""Below this a club is left out."""
FALSE_DISCOVERY_RATE = 0.05
N_SHUFFLINGS = 9_999
_SEED = 1
_AT_ONCE = 500
"""Shufflings held at once."""


@dataclass(frozen=True)
class ClubSurplus:
    """Goals minus honest xG of one club's shots.

    Attributes
    ----------
    club, n_shots, goals, xg
        Which one; its shots without penalties, the goals from them, and their xG by models that had not seen the match.
    per_100, interval
        Goals minus xG in goals per 100 shots, and its exact 95 % interval, shots taken as independent.
    p
        Two-sided, by shuffling club names over the teams of all matches.
    is_off
        Whether it stands among all clubs with the false discovery rate held at 5 %.
    """

    club: str
    n_shots: int
    goals: int
    xg: float
    per_100: float
    interval: tuple[float, float]
    p: float
    is_off: bool

    @property
    def is_outside(self) -> bool:
        """Whether its own interval leaves out 0."""
        return not self.interval[0] <= 0 <= self.interval[1]


@dataclass(frozen=True)
class ClubCalibration:
    """All clubs with enough shots, those with the most first; ``n_small``: how many have too few."""

    clubs: tuple[ClubSurplus, ...]
    n_small: int

    @property
    def n_outside(self) -> int:
        """Clubs whose own 95 % interval leaves out 0."""
        return sum(club.is_outside for club in self.clubs)

    @property
    def outside_by_chance(self) -> float:
        """Up to how many would be by chance alone."""
        return 0.05 * len(self.clubs)

    @property
    def off(self) -> list[ClubSurplus]:
        """Those that are off beyond chance, the surest first."""
        return sorted((club for club in self.clubs if club.is_off), key=lambda club: (club.p, club.club))


def club_calibration(shots: pd.DataFrame, n_shufflings: int = N_SHUFFLINGS) -> ClubCalibration:
    """Goals against honest xG, club by club.

    A club's goals minus xG, over the standard deviation that chance alone would give them, is compared with what
    it is when club names are shuffled over the teams of all matches (the shots of a team in a match stay together,
    since they are not independent). Clubs stand out by Benjamini and Hochberg's procedure (1995, JRSS B 57).

    Parameters
    ----------
    shots
        As everywhere.
    n_shufflings
        No p is below one in so many and one.
    """
    cut = rated(shots)
    team, names = pd.factorize(cut["team"].astype(str), sort=True)
    goal, xg = floats(cut["is_goal"]), floats(cut["xg_out_of_fold"])
    block = pd.factorize(pd.Series(list(zip(match_codes(cut), team, strict=True)), dtype=object))[0]
    n_shots = np.bincount(team, minlength=len(names))
    p = _shuffled_p(goal - xg, xg * (1 - xg), block, team, n_shufflings)
    large = [code for code in range(len(names)) if n_shots[code] >= MIN_SHOTS]
    stands = dict(zip(large, beyond_chance([p[code] for code in large]), strict=True))
    clubs = [
        _surplus(str(names[code]), goal[team == code], xg[team == code], p[code], is_off=stands[code])
        for code in large
    ]
    clubs.sort(key=lambda club: (-club.n_shots, club.club))
    return ClubCalibration(tuple(clubs), len(names) - len(large))


def beyond_chance(p: Sequence[float]) -> list[bool]:
    """Which tests stand after Benjamini and Hochberg's procedure.

    With the n tests in the order of p, all up to the last one with ``p <= FALSE_DISCOVERY_RATE * rank / n``.
    """
    ordered = np.sort(np.asarray(p, dtype=np.float64))
    passed = np.flatnonzero(
        ordered <= FALSE_DISCOVERY_RATE * np.arange(1, len(ordered) + 1) / max(1, len(ordered))
    )
    bound = ordered[passed[-1]] if len(passed) else -1.0
    return [bool(value <= bound) for value in p]


def _surplus(club: str, goal: FloatArray, xg: FloatArray, p: float, *, is_off: bool) -> ClubSurplus:
    goals, per_100 = int(goal.sum()), 100 / len(goal)
    low, high = surplus_interval(goals, goals_distribution(xg))
    total = float(xg.sum())
    return ClubSurplus(
        club, len(goal), goals, total, per_100 * (goals - total), (per_100 * low, per_100 * high), float(p), is_off
    )  # fmt: skip


def _shuffled_p(
    surplus: FloatArray,
    variance: FloatArray,
    block: npt.NDArray[np.intp],
    team: npt.NDArray[np.intp],
    n_shufflings: int,
) -> FloatArray:
    """How often a club with as many matches, drawn from the teams of all matches, is as far out; shape (clubs,)."""
    if len(team) == 0:
        return np.empty(0)
    of_block, varying = (
        np.bincount(block, weights=weights).astype(np.float64) for weights in (surplus, variance)
    )
    label = np.zeros(len(of_block), dtype=np.intp)
    label[block] = team
    n_clubs = int(team.max()) + 1
    found = _distance(label[None], of_block, varying, n_clubs)[0]
    rng = np.random.default_rng(_SEED)
    as_far = np.zeros(n_clubs)
    for start in range(0, n_shufflings, _AT_ONCE):
        n = min(_AT_ONCE, n_shufflings - start)
        shuffled = rng.permuted(np.broadcast_to(label, (n, len(label))), axis=1)
        as_far += (_distance(shuffled, of_block, varying, n_clubs) >= found - 1e-12).sum(axis=0)
    return np.asarray((1 + as_far) / (1 + n_shufflings))


def _distance(
    labels: npt.NDArray[np.intp], surplus: FloatArray, variance: FloatArray, n_clubs: int
) -> FloatArray:
    """Each club's surplus over its standard deviation, absolute; labels (n, blocks) -> (n, clubs)."""
    place = (labels + n_clubs * np.arange(len(labels))[:, None]).ravel()
    shape = (len(labels), n_clubs)
    sums = np.bincount(place, weights=np.tile(surplus, len(labels)), minlength=shape[0] * n_clubs)
    spread = np.bincount(place, weights=np.tile(variance, len(labels)), minlength=shape[0] * n_clubs)
    return np.abs(sums.reshape(shape)) / np.sqrt(np.maximum(spread.reshape(shape), 1e-12))
