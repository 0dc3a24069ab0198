"""Scenes that could be: a shot with the people of another shot from the same spot.

Only what moves is moved: people are shifted with the goal line and mirrored where the shots were taken from different
sides. The shooter stays where he was, and so does the manner of his shot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.features.scenes import Scenes

IndexArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_OF_THE_SHOT = ("x_m", "y_m", "pitch_length_m")
_WORDS = ("body_part", "shot_type")


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
        """The people of some scenes, in the order of their shots; of each shot in the order in which they stand."""
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

    @property
    def is_opponent(self) -> BoolArray:
        """Outfield opponents."""
        return ~self.is_teammate & ~self.is_keeper

    def of_scenes(self, scenes: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Everybody in these scenes: (position in ``scenes``, person's number), scene by scene."""
        counts = self.starts[scenes + 1] - self.starts[scenes]
        row = np.repeat(np.arange(len(scenes)), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return row, self.starts[scenes][row] + within


@dataclass(frozen=True, slots=True)
class Some:
    """Some people: the scene that each stands in, and where; each shape (people,)."""

    row: IndexArray
    x_m: FloatArray
    y_m: FloatArray
    is_teammate: BoolArray
    is_keeper: BoolArray

    @classmethod
    def of(cls, people: People, row: IndexArray, person: IndexArray) -> "Some":
        """These persons in these scenes."""
        return cls(
            row, people.x_m[person], people.y_m[person], people.is_teammate[person], people.is_keeper[person]
        )

    def moved_by(self, n: int) -> "Some":
        """The same people in scenes n further on."""
        return Some(self.row + n, self.x_m, self.y_m, self.is_teammate, self.is_keeper)

    def where(self, chosen: "BoolArray | IndexArray") -> "Some":
        """Some of them."""
        return Some(
            *(self.row[chosen], self.x_m[chosen], self.y_m[chosen]),
            *(self.is_teammate[chosen], self.is_keeper[chosen]),
        )


def bare_shots(scenes: Scenes) -> pd.DataFrame:
    """Of the shots what the features of keeper and opponents are made of, quick to repeat."""
    columns: dict[str, Any] = {name: scenes.column(name) for name in _OF_THE_SHOT}
    columns |= {name: pd.Categorical(scenes.shots[name]) for name in _WORDS}
    return pd.DataFrame(columns)


def scenes_with(shots: pd.DataFrame, rows: IndexArray, people: Sequence[Some], like: Scenes) -> Scenes:
    """Scenes of these shots (a row of ``shots`` each) in which these people stand."""
    columns = {
        name: np.concatenate([getattr(some, name) for some in people]) for name in Some.__dataclass_fields__
    }
    return Scenes(shots.iloc[rows].reset_index(drop=True), pd.DataFrame(columns), like.interception)


def moved(asked: Scenes, pool: Scenes, shots: IndexArray, references: IndexArray, some: Some) -> Some:
    """People of reference shots as they stand around the asked shots, scene by scene.

    Parameters
    ----------
    shots, references
        A row of ``asked`` and a row of ``pool`` for each scene, shape (m,).
    some
        People of the references; ``row`` is the scene.
    """
    shift_m = (asked.goal_x_m[shots] - pool.goal_x_m[references])[some.row]
    side = _side(asked, pool, shots, references)[some.row]
    return Some(some.row, some.x_m + shift_m, some.y_m * side, some.is_teammate, some.is_keeper)


def _side(asked: Scenes, pool: Scenes, shots: IndexArray, references: IndexArray) -> FloatArray:
    """-1 where shot and reference were taken from different sides of the middle, else 1."""
    across = asked.column("y_m")[shots] * pool.column("y_m")[references]
    return np.where(across < 0, -1.0, 1.0)
