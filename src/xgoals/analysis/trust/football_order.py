"""The first reason in football's order: whether it survives other models, and half the reference shots."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import xgboost

from xgoals.analysis.trust.one_baseline import first_reasons
from xgoals.analysis.trust.panel import Panel
from xgoals.domain.trust import Question
from xgoals.reasons.from_there import Coalitions, Compared, blocks_of, coalitions, parts_of
from xgoals.reasons.judges import as_judge, predicted

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SHOTS_A_BLOCK = 128
SCENES_KEPT = 128
"""Of every block so many scenes are kept, to be asked whether anything seen is like them."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Shares of shots whose first reason is the same; some of the scenes that were asked about, (m, features)."""

    shares: dict[Question, float]
    scenes: FloatArray


def shares_that_stay(panel: Panel, compared: Compared, learned: FloatArray) -> Stays:
    """Of the shots compared (no penalties): the share whose first part is the same.

    Parameters
    ----------
    learned
        Features of the shots that the models have learned from, without penalties: their mean xG is the start.
    """
    boosters = [as_judge(of) for of in (panel.reference, *panel.other_seeds, *panel.halves)]
    averages = [float(predicted(booster, learned).mean()) for booster in boosters]
    parts, fewer, scenes = [], [], []
    compared.prepare()
    for shots in blocks_of(compared, SHOTS_A_BLOCK):
        block = coalitions(compared, shots)
        scenes.append(block.rows[:: max(1, len(block.rows) // SCENES_KEPT)])
        told = [predicted(booster, block.rows) for booster in boosters]
        parts.append(_parts(compared, block, boosters, averages, told))
        fewer.append(_parts(compared, _half_of(block), boosters[:1], averages, told))
    of = np.concatenate(parts, axis=1)
    first = first_reasons(of[0])
    same = [float((first_reasons(other) == first).mean()) for other in of[1:]]
    n_seeds = len(panel.other_seeds)
    shares = {
        Question.OTHER_SEED: float(np.mean(same[:n_seeds])),
        Question.HALF_THE_MATCHES: float(np.mean(same[n_seeds:])),
        Question.HALF_THE_REFERENCES: float(
            (first_reasons(np.concatenate(fewer, axis=1)[0]) == first).mean()
        ),
    }
    return Stays(shares, np.concatenate(scenes))


def _parts(
    compared: Compared,
    block: Coalitions,
    boosters: Sequence[xgboost.Booster],
    averages: Sequence[float],
    told: Sequence[FloatArray],
) -> FloatArray:
    """Parts of a block's shots by each of the models, (models, b, 4)."""
    own = compared.features[block.shots]
    found = [
        parts_of(
            block.worth(told[number]),
            predicted(booster, own),
            averages[number],
            compared.is_present[block.shots],
        )
        for number, booster in enumerate(boosters)
    ]
    return np.stack(found)


def _half_of(block: Coalitions) -> Coalitions:
    """The nearer half of the references."""
    half = max(1, block.row.shape[1] // 2)
    return replace(block, row=block.row[:, :half], is_known=block.is_known[:, :half])
