"""Scenes that could be: a shot with the people of another shot from the same spot.

Only what moves is moved: people are shifted with the goal line and mirrored where the shots were taken from different
sides. The shooter stays where he was, and so does the manner of his shot.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.features.scenes import Scenes

IndexArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class People:
    """The people of many scenes as columns, those of scene i in ``starts[i]:starts[i + 1]``."""

    starts: IndexArray
    x_m: FloatArray
    y_m: FloatArray
    is_teammate: BoolArray
    is_keeper: BoolArray

    @classmethod
    def of(cls, scenes: Scenes) -> "People":
        """The people of some scenes, in the order of their shots."""
        people = scenes.people.sort_values("row", kind="stable")
        counts = np.bincount(people["row"].to_numpy(dtype=np.int64), minlength=len(scenes))
        is_teammate = people["is_teammate"].to_numpy(dtype=bool)
        return cls(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
            people["x_m"].to_numpy(dtype=np.float64),
            people["y_m"].to_numpy(dtype=np.float64),
            is_teammate,
            people["is_keeper"].to_numpy(dtype=bool) & ~is_teammate,
        )

    def of_scenes(self, scenes: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Everybody in these scenes: (position in ``scenes``, person's number), scene by scene."""
        counts = self.starts[scenes + 1] - self.starts[scenes]
        row = np.repeat(np.arange(len(scenes)), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return row, self.starts[scenes][row] + within


def transplanted(
    asked: Scenes,
    pool: Scenes,
    shots: IndexArray,
    references: IndexArray,
    *,
    other_keeper: bool,
    other_opponents: bool,
    people: tuple[People, People],
) -> Scenes:
    """Scenes of asked shots in which some people are a reference shot's.

    Parameters
    ----------
    asked, pool
        The shots asked about, and those that references are taken from.
    shots, references
        A row of ``asked`` and a row of ``pool`` for each scene, shape (m,).
    other_keeper, other_opponents
        Whose keeper, and whose outfield players (opponents and team-mates) stand there: the reference's, or the
        shot's own.
    people
        ``People.of(asked), People.of(pool)``.

    Returns
    -------
    Scenes
        m shots, in order. A scene without any people at all stays one; where one of the two has no keeper, the
        scenes with that keeper have none.
    """
    own, other = people
    parts = []
    for is_other, wants_keepers in ((other_keeper, True), (other_opponents, False)):
        source, scenes = (other, references) if is_other else (own, shots)
        row, person = source.of_scenes(scenes)
        chosen = source.is_keeper[person] == wants_keepers
        row, person = row[chosen], person[chosen]
        x_m, y_m = source.x_m[person], source.y_m[person]
        if is_other:
            x_m = x_m + (asked.goal_x_m[shots] - pool.goal_x_m[references])[row]
            y_m = y_m * _side(asked, pool, shots, references)[row]
        parts.append((row, x_m, y_m, source.is_teammate[person], np.full(len(row), wants_keepers)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    names = ("row", "x_m", "y_m", "is_teammate", "is_keeper")
    frame = pd.DataFrame({name: column[order] for name, column in zip(names, columns, strict=True)})
    return Scenes(asked.shots.iloc[shots].reset_index(drop=True), frame, asked.interception)


def _side(asked: Scenes, pool: Scenes, shots: IndexArray, references: IndexArray) -> FloatArray:
    """-1 where shot and reference were taken from different sides of the middle, else 1."""
    across = asked.column("y_m")[shots] * pool.column("y_m")[references]
    return np.where(across < 0, -1.0, 1.0)
