"""Which real shots a shot is compared with: those taken from the same spot, in the same manner, in other matches.

The pool is the training window of a champion, frozen with it, so that a reason never depends on the order in which
matches arrive. Places are measured from the goal line attacked and folded along the middle of the pitch.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from xgoals.domain.reason import N_REFERENCES
from xgoals.domain.shot import BodyPart, ShotType
from xgoals.features.scenes import Scenes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]


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


def nearest(
    asked: Scenes,
    pool: Scenes,
    asked_match: npt.NDArray[np.int64],
    pool_match: npt.NDArray[np.int64],
    *,
    k: int = N_REFERENCES,
) -> References:
    """The nearest shots of the same kind from other matches.

    Parameters
    ----------
    asked
        n shots. One whose place is not known has no references.
    pool
        Real shots with their people, ordered by provider, match and shot id: of two that are equally far the
        first is taken.
    asked_match, pool_match
        The real match that each belongs to, as a number.
    k
        How many references a shot gets at most.
    """
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
    tree, n_pool = cKDTree(pool_places), len(pool_places)
    k = min(k, n_pool)
    rows, distance = np.zeros((len(places), k), dtype=np.intp), np.full((len(places), k), np.inf)
    left, width = np.arange(len(places)), min(2 * k, n_pool)
    while len(left):
        away, found = tree.query(places[left], k=np.arange(1, width + 1))
        away = away.round(9)
        furthest = away[:, -1]
        away = np.where(pool_matches[found] == matches[left][:, None], np.inf, away)
        order = np.lexsort((found, away), axis=1)[:, :k]
        rows[left] = np.take_along_axis(found, order, axis=1)
        distance[left] = np.take_along_axis(away, order, axis=1)
        # Beyond what was found there may be others that are as far as the last of them: look further.
        left = left[distance[left, -1] >= furthest] if width < n_pool else left[:0]
        width = min(2 * width, n_pool)
    return rows, distance
