"""Who gets to the ball where in the goal: the strips above the goal line on a card.

The same small physics as the features ``GoalkeeperInterception`` and ``UnblockedShare``
(:mod:`xgoals.features.interception`), line by line: the strips are what those two numbers sum up.
"""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from xgoals.analysis.shots import FloatArray
from xgoals.domain.geometry import HALF_GOAL_M
from xgoals.features.interception import N_LINES
from xgoals.features.scenes import Scenes

_STEPS = 10
"""Probabilities are drawn in this many shades."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Neighbouring lines of one shade: from ``x`` on, in metres of the picture (the goal from -3.66 to 3.66)."""

    x: float
    width: float
    opacity: float


@dataclass(frozen=True, slots=True)
class GoalMouth:
    """Who gets to the ball where in the goal; no cells where nobody's place is known, or no keeper's.

    Attributes
    ----------
    keeper, blockers
        The strips.
    keeper_share, blockers_share
        How much of the goal they get to, 0 to 1; None where that is not known.
    """

    keeper: tuple[Cell, ...] = ()
    blockers: tuple[Cell, ...] = ()
    keeper_share: float | None = None
    blockers_share: float | None = None


SHOWN_FEATURES = frozenset({"GoalkeeperInterception", "UnblockedShare"})


def goal_mouths(shots: pd.DataFrame, people: pd.DataFrame) -> dict[str, GoalMouth]:
    """The strips of every shot with a known place and somebody around: of nobody, who gets to the ball is not known.

    Parameters
    ----------
    shots
        ``shot_id, x_m, y_m, pitch_length_m, body_part``.
    people
        ``shot_id, x_m, y_m, is_teammate, is_keeper``; without positions are left out.
    """
    seen = people.loc[people["x_m"].notna() & people["y_m"].notna(), "shot_id"]
    is_placed = shots["x_m"].notna() & shots["y_m"].notna() & shots["shot_id"].isin(seen)
    placed = shots[is_placed].reset_index(drop=True)
    if placed.empty:
        return {}
    rows = pd.Series(placed.index, index=placed["shot_id"])
    around = people.assign(row=people["shot_id"].map(rows))
    around = around[around["row"].notna() & around["x_m"].notna() & around["y_m"].notna()]
    around = around.astype({"row": int, "is_teammate": bool, "is_keeper": bool, "x_m": float, "y_m": float})
    with np.errstate(invalid="ignore"):
        lines = Scenes(placed, around).lines
    return {
        str(shot_id): GoalMouth(_cells(keeper), _cells(1 - unblocked), _mean(keeper), _mean(1 - unblocked))
        for shot_id, keeper, unblocked in zip(placed["shot_id"], lines.keeper, lines.unblocked, strict=True)
    }


def _mean(chance: FloatArray) -> float | None:
    return None if np.isnan(chance).any() else float(chance.mean())


def _cells(chance: FloatArray) -> tuple[Cell, ...]:
    """Neighbouring lines of one shade as one cell; the first line is the rightmost of the picture."""
    if np.isnan(chance).any():
        return ()
    shades = np.rint(chance[::-1] * _STEPS).astype(int)
    width = 2 * HALF_GOAL_M / N_LINES
    cells, at = [], 0
    for shade, same in groupby(shades):
        n = len(list(same))
        if shade:
            cells.append(Cell(-HALF_GOAL_M + at * width, n * width, float(shade / _STEPS)))
        at += n
    return tuple(cells)
