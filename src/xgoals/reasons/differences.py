"""Two models of the same shots, told apart part by part: ours, and what our features can say of the provider's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.reasons.from_there import Compared, blocks_of, coalitions, parts_of
from xgoals.reasons.judges import Judge

FloatArray = npt.NDArray[np.float64]

SHOTS_A_BLOCK = 128
"""So many shots are transplanted at once."""


@dataclass(frozen=True, slots=True)
class InParts:
    """What a model says of n shots, in football's order.

    Attributes
    ----------
    average
        Where every shot begins.
    parts
        Place, keeper, opponents and strike, (n, 4); NaN where one is not known of the shot.
    """

    average: float
    parts: FloatArray

    @property
    def xg(self) -> FloatArray:
        """What average and parts add up to, (n,)."""
        return np.asarray(self.average + np.nansum(self.parts, axis=1))


@dataclass(frozen=True, slots=True)
class Differences:
    """Of n shots, ours minus the provider's: ``average`` and ``rest`` (n,), ``parts`` (n, 4), NaN where not known."""

    average: FloatArray
    parts: FloatArray
    rest: FloatArray


def in_parts(compared: Compared, judges: Sequence[tuple[Judge, float]]) -> list[InParts]:
    """What each of some models says of the same shots, none of them a penalty, amid the same reference shots.

    Parameters
    ----------
    judges
        The models, each with its mean xG.
    """
    n = len(compared.scenes)
    worth = np.full((len(judges), n, 8), np.nan)
    compared.prepare()
    for shots in blocks_of(compared, SHOTS_A_BLOCK):
        block = coalitions(compared, shots)
        for of, (judge, _) in enumerate(judges):
            worth[of, shots] = block.worth(judge(block.rows, block.shot))
    return [
        InParts(
            average, parts_of(worth[of], judge(compared.features, np.arange(n)), average, compared.is_present)
        )
        for of, (judge, average) in enumerate(judges)
    ]


def differences(ours: InParts, theirs: InParts, xg: FloatArray, provider_xg: FloatArray) -> Differences:
    """Ours minus the provider's, where ``theirs`` is what our features can say of the provider's number.

    Parameters
    ----------
    xg
        The numbers that were published, (n,): ours, to more digits than XGBoost gives. The place has them.
    """
    parts = ours.parts - theirs.parts
    parts[:, 0] += xg - ours.xg
    return Differences(np.full(len(xg), ours.average - theirs.average), parts, theirs.xg - provider_xg)
