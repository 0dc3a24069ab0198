"""The real shots most like a scene: those to which everybody who matters would have to move the least.

The measure is in metres. Shooter and keeper are held against shooter and keeper; the opponents who matter (in the way
of the ball, or close to the shooter) against each other so that together they move the least, one too many or too few
counting as ``NOT_THERE_M``; team-mates do not count. The distance is the mean over all of them. Left and right are the
same: scenes are mirrored to one side. Only shots of the same kind (header or not, direct free kick or not) from other
matches are asked, and of these the ``LOOKED_AT`` whose shooter and keeper are nearest.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from xgoals.domain.geometry import in_shot_triangle
from xgoals.explore.near_window import NearWindow, keepers_of, side_of
from xgoals.features.catalogue import DEFENDER_MARGIN_M
from xgoals.features.scenes import Scenes
from xgoals.reasons.references import kinds_of

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

NOT_THERE_M = 5.0
"""Somebody who is in one scene alone counts as moved by this much, and nobody counts more."""
CLOSE_M = 5.0
"""Opponents this close to the shooter matter wherever they stand."""
LOOKED_AT = 200
N_ALIKE = 8


@dataclass(frozen=True, slots=True)
class Alike:
    """Shots of the pool, the most alike first, and how far each is from the scene, in metres."""

    shot_keys: tuple[int, ...]
    distance_m: tuple[float, ...]


def most_alike(asked: Scenes, match: str, near: NearWindow, *, n: int = N_ALIKE) -> Alike:
    """The real shots most like one scene.

    Parameters
    ----------
    asked
        One scene.
    match
        The name of the real match that it is from: shots of that match are left out.
    near
        The real shots.
    """
    fits = (near.kind == kinds_of(asked)[0]) & (near.pool.match != near.number.get(match, -1))
    own = _Placed.of(asked)
    # A shot without positions is like shots without; of the others it is not known whether they are like it.
    candidates = np.flatnonzero(fits & (np.isfinite(near.keeper).all(axis=1) == own.has_people))
    if not len(candidates):
        return Alike((), ())
    away = np.hypot(*(near.place[candidates] - own.shooter[0]).T)
    if own.has_keeper:
        away += np.hypot(*(near.keeper[candidates] - own.keeper[0]).T)
    candidates = candidates[np.argsort(away, kind="stable")[:LOOKED_AT]]
    theirs = _Placed.of(near.take(candidates).scenes)
    found = np.array([_distance_m(own, theirs, shot) for shot in range(len(candidates))])
    order = np.argsort(found, kind="stable")[:n]
    return Alike(tuple(near.pool.shot_key[candidates[order]].tolist()), tuple(found[order].tolist()))


@dataclass(frozen=True, slots=True)
class _Placed:
    """Everybody who matters at n shots: metres from the goal line, and from the middle, the shooter's side positive.

    Attributes
    ----------
    shooter, keeper
        (n, 2); NaN where the keeper is not known.
    opponents
        Of each shot, (k, 2).
    has_people
        Whether anybody is known at the first shot.
    """

    shooter: FloatArray
    keeper: FloatArray
    opponents: list[FloatArray]
    has_people: bool

    @property
    def has_keeper(self) -> bool:
        """Whether the first shot's keeper is known."""
        return bool(np.isfinite(self.keeper[0]).all())

    @classmethod
    def of(cls, scenes: Scenes) -> "_Placed":
        """Those of some scenes."""
        side = side_of(scenes)
        x_m, y_m, goal_x_m = scenes.column("x_m"), scenes.column("y_m"), scenes.goal_x_m
        people = scenes.outfield_opponents
        row = people.row
        matters = (
            in_shot_triangle(
                x_m[row], y_m[row], people.x_m, people.y_m, goal_x_m[row], margin_m=DEFENDER_MARGIN_M
            )
            > 0
        ) | (np.hypot(people.x_m - x_m[row], people.y_m - y_m[row]) <= CLOSE_M)
        at = np.column_stack([goal_x_m[row] - people.x_m, people.y_m * side[row]])[matters]
        of_shot = row[matters]
        opponents = [at[of_shot == shot] for shot in range(len(scenes))]
        shooter = np.column_stack([goal_x_m - x_m, y_m * side])
        return cls(shooter, keepers_of(scenes), opponents, bool(scenes.has_people[:1].any()))


def _distance_m(own: _Placed, theirs: _Placed, shot: int) -> float:
    """By how many metres those who matter would have to move, on average."""
    moved = [float(np.hypot(*(theirs.shooter[shot] - own.shooter[0])))]
    if own.has_keeper:
        moved.append(float(np.hypot(*(theirs.keeper[shot] - own.keeper[0]))))
    if own.has_people:
        moved += _moved_opponents(own.opponents[0], theirs.opponents[shot])
    return sum(moved) / len(moved)


def _moved_opponents(ours: FloatArray, theirs: FloatArray) -> list[float]:
    apart = np.minimum(np.hypot(*(ours[:, None] - theirs[None]).transpose(2, 0, 1)), NOT_THERE_M)
    rows, columns = linear_sum_assignment(apart)
    return [*apart[rows, columns].tolist(), *[NOT_THERE_M] * abs(len(ours) - len(theirs))]
