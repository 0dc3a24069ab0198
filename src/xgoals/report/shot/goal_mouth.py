"""Who gets to the ball where in the goal: the strips above the goal line on a card.

The same small physics as the features ``GoalkeeperInterception`` and ``UnblockedShare``
(:mod:`xgoals.features.interception`), line by line: the strips are what those two numbers sum up.
"""

from itertools import groupby

import numpy as np
import pandas as pd

from xgoals.analysis.shots import FloatArray
from xgoals.domain.geometry import HALF_GOAL_M
from xgoals.features.interception import N_LINES
from xgoals.features.scenes import Scenes
from xgoals.report.facts import Facts

_STEPS = 10
"""Probabilities are drawn in this many shades."""

SHOWN_FEATURES = frozenset({"GoalkeeperInterception", "UnblockedShare"})


def goal_mouths(shots: pd.DataFrame, people: pd.DataFrame) -> dict[str, Facts]:
    """The strips of every shot whose place is known.

    Parameters
    ----------
    shots
        ``shot_id, x_m, y_m, pitch_length_m, body_part``.
    people
        ``shot_id, x_m, y_m, is_teammate, is_keeper``; without positions are left out.

    Returns
    -------
    dict
        By shot ``keeper`` and ``blockers``: cells ``x, width`` in metres of the picture (the goal from -3.66 to 3.66)
        and ``opacity``; an empty list where nobody's place is known, or no keeper's.
    """
    placed = shots[shots["x_m"].notna() & shots["y_m"].notna()].reset_index(drop=True)
    if placed.empty:
        return {}
    rows = pd.Series(placed.index, index=placed["shot_id"])
    around = people.assign(row=people["shot_id"].map(rows))
    around = around[around["row"].notna() & around["x_m"].notna() & around["y_m"].notna()]
    around = around.astype({"row": int, "is_teammate": bool, "is_keeper": bool, "x_m": float, "y_m": float})
    with np.errstate(invalid="ignore"):
        lines = Scenes(placed, around).lines
    return {
        str(shot_id): {"keeper": _cells(keeper), "blockers": _cells(1 - unblocked)}
        for shot_id, keeper, unblocked in zip(placed["shot_id"], lines.keeper, lines.unblocked, strict=True)
    }


def _cells(chance: FloatArray) -> list[Facts]:
    """Neighbouring lines of one shade as one cell; the first line is the rightmost of the picture."""
    if np.isnan(chance).any():
        return []
    shades = np.rint(chance[::-1] * _STEPS).astype(int)
    width = 2 * HALF_GOAL_M / N_LINES
    cells, at = [], 0
    for shade, same in groupby(shades):
        n = len(list(same))
        if shade:
            cells.append({"x": -HALF_GOAL_M + at * width, "width": n * width, "opacity": shade / _STEPS})
        at += n
    return cells
