"""The keepers of reference shots, as they would stand before the shots that are explained."""

import numpy as np
import numpy.typing as npt

from xgoals.domain.shot import BodyPart
from xgoals.features.interception import Persons, Placement
from xgoals.reasons.from_there import Compared
from xgoals.reasons.transplant import Some, moved

IndexArray = npt.NDArray[np.intp]

NOBODY = Persons(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))


def reference_keepers(compared: Compared, shots: IndexArray) -> tuple[IndexArray, Some]:
    """Of each shot the keepers of its k references, one after the other: the shot and the keeper of every pair."""
    references = compared.references.rows[shots]
    pair, reference = np.repeat(shots, references.shape[1]), references.ravel()
    x_m, y_m = (of[reference] for of in compared.pool.keeper_xy_m)
    no, yes = np.zeros(len(pair), dtype=bool), np.ones(len(pair), dtype=bool)
    keepers = Some(np.arange(len(pair)), x_m, y_m, no, yes)
    return pair, moved(compared.scenes, compared.pool, pair, reference, keepers)


def placement(compared: Compared, shots: IndexArray, keepers: Some, screens: Persons = NOBODY) -> Placement:
    """Shots with a keeper each, and people who may stand in his sight."""
    scenes = compared.scenes
    return Placement(
        x_m=scenes.column("x_m")[shots],
        y_m=scenes.column("y_m")[shots],
        goal_x_m=scenes.goal_x_m[shots],
        is_header=scenes.is_word("body_part", BodyPart.HEAD)[shots],
        keeper_xy_m=(keepers.x_m, keepers.y_m),
        has_people=np.ones(len(shots), dtype=bool),
        screens=screens,
        blockers=NOBODY,
    )
