"""The reasons of some shots: what they are compared with, the games, and how sure all of it is."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.shot import ShotType
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes
from xgoals.reasons.from_there import Compared, blocks_of, coalitions, parts_of
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.judges import Judge
from xgoals.reasons.references import nearest
from xgoals.reasons.refits import Halving
from xgoals.reasons.sureness import Sureness, sureness

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]

SHOTS_A_BLOCK = 128
"""So many shots are transplanted at once: some ten thousand scenes, a few megabytes."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why n shots have their xG.

    Attributes
    ----------
    xg
        The model's answer, (n,).
    worth
        What each coalition of keeper, opponents and strike is worth, (n, 8); NaN without references.
    parts
        Place, keeper, opponents and strike, (n, 4); NaN where a part is unknown, all of them at a penalty.
    refitted
        The same of every refit, (r, n, 4).
    sure
        What the refits say.
    is_penalty
        (n,).
    """

    xg: FloatArray
    worth: FloatArray
    parts: FloatArray
    refitted: FloatArray
    sure: Sureness
    is_penalty: npt.NDArray[np.bool_]


def compare(
    scenes: Scenes, features: FloatArray, match: Sequence[str], window: FrozenWindow, catalogue: Catalogue
) -> Compared:
    """Find the reference shots of n shots.

    Parameters
    ----------
    scenes, features
        The shots; (n, p).
    match
        The name of the real match that each belongs to, (n,).
    window
        What the model that judges them has learned from.
    catalogue
        What the features are.
    """
    pool, known = window.pool_for(catalogue), {name: number for number, name in enumerate(window.matches)}
    asked = np.array([known.get(name, -1) for name in match], dtype=np.int64)
    references = nearest(scenes, pool.scenes, asked, pool.match)
    return Compared(scenes, features, pool.scenes, pool.features, references, catalogue)


def reasons_of(
    compared: Compared,
    match: Sequence[str],
    judge: Judge,
    average_xg: float,
    halvings: Sequence[Halving],
    *,
    published: FloatArray | None = None,
    workers: int = 2,
) -> Reasons:
    """The parts of n shots by the model and by every refit.

    Parameters
    ----------
    match
        The name of the real match that each belongs to, (n,).
    judge
        The model, or its sisters.
    average_xg
        The model's mean xG without penalties.
    published
        The numbers that the parts have to add up to, (n,): the model's, to more digits than XGBoost gives.
    workers
        Threads; XGBoost and most of numpy leave the interpreter to each other.
    """
    names, number = np.unique(np.array(match, dtype=np.str_), return_inverse=True)
    judges = [judge, *(halving.judge(names.tolist(), number.astype(np.int64)) for halving in halvings)]
    averages = np.array([average_xg, *(halving.average_xg for halving in halvings)])
    n = len(compared.scenes)
    everybody = np.arange(n)
    worth = np.full((len(judges), n, 8), np.nan)

    def play(shots: IndexArray) -> None:
        block = coalitions(compared, shots)
        for of, asked in enumerate(judges):
            worth[of, shots] = block.worth(asked(block.rows, block.shot))

    blocks = list(blocks_of(compared, min(SHOTS_A_BLOCK, max(1, -(-n // workers)))))
    compared.prepare()
    if len(blocks) > 1:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            list(pool.map(play, blocks))
    else:
        for shots in blocks:  # a single shot is done before a thread has begun
            play(shots)
    parts = np.full((len(judges), n, 4), np.nan)
    is_penalty = compared.scenes.is_word("shot_type", ShotType.PENALTY)
    open_play = np.flatnonzero(~is_penalty)
    xg = np.stack([asked(compared.features, everybody) for asked in judges])
    told = xg if published is None else np.vstack([published, xg[1:]])
    for of in range(len(judges)):
        parts[of, open_play] = parts_of(
            worth[of, open_play], told[of, open_play], averages[of], compared.is_present[open_play]
        )
    return Reasons(xg[0], worth[0], parts[0], parts[1:], sureness(parts[0], parts[1:]), is_penalty)
