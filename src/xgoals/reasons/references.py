"""Which real shots a shot is compared with: those taken from the same spot, in the same manner, in other matches.

The pool is the training window of a champion, frozen with it, so that a reason never depends on the order in which
matches arrive. Places are measured from the goal line attacked and folded along the middle of the pitch.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from xgoals.domain.shot import BodyPart, ShotType
from xgoals.features.scenes import Scenes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

N_REFERENCES = 24
"""References a shot, the nearest of its kind; their median distance is .4 m on real shots."""
NEAR_M = 3.0
"""A reference further away than this was not taken from the same spot."""


@dataclass(frozen=True, slots=True)
class References:
    """Which shots of the pool each of n shots is compared with.

    Attributes
    ----------
    rows
        Rows of the pool, nearest first, shape (n, k); k is smaller than asked where a kind is rare.
    distance_m
        How far from the shot each was taken, shape (n, k).
    is_known
        Whether a place in ``rows`` holds a reference, shape (n, k).
    """

    rows: IndexArray
    distance_m: FloatArray
    is_known: BoolArray


def kinds_of(scenes: Scenes) -> npt.NDArray[np.int64]:
    """The kind of each shot, (n,): head or not, direct free kick or not, penalty or not, as one number."""
    is_header = scenes.is_word("body_part", BodyPart.HEAD)
    is_free_kick = scenes.is_word("shot_type", ShotType.FREE_KICK)
    is_penalty = scenes.is_word("shot_type", ShotType.PENALTY)
    return is_header + 2 * is_free_kick + 4 * is_penalty.astype(np.int64)


def places_of(scenes: Scenes) -> FloatArray:
    """Where each shot was taken, (n, 2): metres from the goal line attacked, metres from the middle."""
    return np.column_stack([scenes.goal_x_m - scenes.column("x_m"), np.abs(scenes.column("y_m"))])


def match_of(shots: pd.DataFrame) -> pd.Series:
    """Which match each shot belongs to, by provider and id."""
    return shots["provider"].astype(str) + "\x1f" + shots["match_id"].astype(str)


def nearest(asked: Scenes, pool: Scenes, *, k: int = N_REFERENCES) -> References:
    """The nearest shots of the same kind from other matches.

    Parameters
    ----------
    asked
        n shots, with ``provider, match_id``.
    pool
        Real shots with their people, ordered by provider, match and shot id: of two that are equally far the
        first is taken.
    k
        How many references a shot gets at most.
    """
    matches, codes = pd.factorize(pd.concat([match_of(asked.shots), match_of(pool.shots)]), sort=False)
    del codes
    asked_match, pool_match = matches[: len(asked)], matches[len(asked) :]
    asked_kind, pool_kind = kinds_of(asked), kinds_of(pool)
    asked_place, pool_place = places_of(asked), places_of(pool)
    rows = np.zeros((len(asked), k), dtype=np.intp)
    distance = np.full((len(asked), k), np.inf)
    for kind in np.unique(asked_kind):
        of_kind, candidates = np.flatnonzero(asked_kind == kind), np.flatnonzero(pool_kind == kind)
        of_kind = of_kind[np.isfinite(asked_place[of_kind]).all(axis=1)]
        if not len(of_kind) or not len(candidates):
            continue
        found = _of_kind(
            asked_place[of_kind], asked_match[of_kind], pool_place[candidates], pool_match[candidates], k
        )
        width = found[0].shape[1]
        rows[of_kind, :width], distance[of_kind, :width] = candidates[found[0]], found[1]
    return References(rows, distance, np.isfinite(distance))


def _of_kind(
    places: FloatArray,
    matches: npt.NDArray[np.int64],
    pool_places: FloatArray,
    pool_matches: npt.NDArray[np.int64],
    k: int,
) -> tuple[IndexArray, FloatArray]:
    """Rows of the pool and distances, (n, min(k, len(pool))); infinitely far where no other match has one."""
    most_in_a_match = int(np.bincount(pool_matches).max())
    width = min(k + most_in_a_match + 1, len(pool_places))
    distance, rows = cKDTree(pool_places).query(places, k=np.arange(1, width + 1))
    distance = np.where(pool_matches[rows] == matches[:, None], np.inf, distance)
    order = np.lexsort((rows, distance.round(9)), axis=1)[:, :k]
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(distance, order, axis=1)
