"""The reference shots of one scene, found at once: a champion's frozen window, ordered for single questions.

Transplanting asks about a few dozen shots around one place; handed a window of just those, it takes a hundredth of the
time, and says the same.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.reason import N_REFERENCES
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.references import kinds_of, places_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]

_AS_FAR_M = 1e-6
"""Beyond the last reference, so that none that is as far as it is lost to rounding."""


class _Pool(FrozenWindow):
    """A part of a pool: all of it may be compared with."""

    @property
    def pool(self) -> FrozenWindow:
        """Itself."""
        return self

    @property
    def placed(self) -> FrozenWindow:
        """Itself."""
        return self


@dataclass(frozen=True, slots=True)
class NearWindow:
    """The shots that others are compared with, with their people in order.

    Attributes
    ----------
    pool
        n shots; its people ordered by shot.
    kind, place
        Of each, (n,) and (n, 2), as :mod:`xgoals.reasons.references` tells them.
    keeper
        Where each one's keeper stood, (n, 2), see :func:`keepers_of`.
    starts
        The people of shot i are those in ``starts[i]:starts[i + 1]``, (n + 1,).
    number
        The number of each real match by its name.
    """

    pool: FrozenWindow
    kind: IntArray
    place: FloatArray
    keeper: FloatArray
    starts: IndexArray
    number: dict[str, int]

    @classmethod
    def of(cls, window: FrozenWindow, catalogue: Catalogue) -> "NearWindow":
        """A frozen window, made ready for a model of this catalogue."""
        pool = window.pool_for(catalogue)
        counts = np.bincount(pool.scenes.people["row"].to_numpy(dtype=np.int64), minlength=len(pool))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        number = {name: n for n, name in enumerate(window.matches)}
        scenes = pool.scenes
        return cls(pool, kinds_of(scenes), places_of(scenes), keepers_of(scenes), starts, number)

    def around(self, asked: Scenes, match: str) -> FrozenWindow:
        """All shots that can be among the references of one scene: of its kind, from other matches, near enough.

        Parameters
        ----------
        asked
            One scene.
        match
            The name of the real match that it is from; anything else where it is from none.
        """
        fits = (self.kind == kinds_of(asked)[0]) & (self.pool.match != self.number.get(match, -1))
        candidates = np.flatnonzero(fits)
        away = np.hypot(*(self.place[candidates] - places_of(asked)[0]).T)
        if len(candidates) > N_REFERENCES:
            farthest = np.partition(away, N_REFERENCES - 1)[N_REFERENCES - 1]
            candidates = candidates[away <= farthest + _AS_FAR_M]
        return self.take(candidates)

    def take(self, rows: IndexArray) -> FrozenWindow:
        """Some of the pool, in this order."""
        pool, counts = self.pool, self.starts[rows + 1] - self.starts[rows]
        row = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        people = pool.scenes.people.iloc[self.starts[rows][row] + within].assign(row=row)
        scenes = Scenes(pool.scenes.shots.iloc[rows].reset_index(drop=True), people.reset_index(drop=True))
        return _Pool(
            *(scenes, pool.features[rows], pool.is_goal[rows], pool.shot_key[rows], pool.match[rows]),
            pool.matches,
        )


def side_of(scenes: Scenes) -> FloatArray:
    """1 where a shot was taken from the attacker's left or the middle, -1 from his right, (n,)."""
    return np.where(scenes.column("y_m") < 0, -1.0, 1.0)


def keepers_of(scenes: Scenes) -> FloatArray:
    """Where keepers stood, (n, 2): metres from the goal line, and from the middle, the shooter's side positive."""
    x_m, y_m = scenes.keeper_xy_m
    return np.column_stack([scenes.goal_x_m - x_m, y_m * side_of(scenes)])
