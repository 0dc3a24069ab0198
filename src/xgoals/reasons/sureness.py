"""What the refits say of a shot's reasons: their spread, and what may be told."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.reason import Part

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How n shots' reasons hold over the refits.

    Attributes
    ----------
    sd
        Standard deviation of each part, (n, 4).
    same_sign
        In how many refits each part has the card's sign, (n, 4).
    first
        The first reason, as a number of :class:`Part`, (n,): the part that is the largest in most refits, of two
        the one that is larger on the card.
    held
        In how many refits it is the largest, (n,).
    """

    sd: FloatArray
    same_sign: IntArray
    first: IntArray
    held: IntArray


def sureness(parts: FloatArray, refitted: FloatArray) -> Sureness:
    """What the refits say of the card's parts.

    Parameters
    ----------
    parts
        The card's, shape (n, 4); NaN where a part is unknown.
    refitted
        The same of every refit, shape (r, n, 4). Without any, the first reason is the largest part.
    """
    size = np.abs(np.nan_to_num(refitted))
    largest = size.argmax(axis=2) if len(size) else np.empty((0, len(parts)), dtype=np.int64)
    votes = np.stack([(largest == part).sum(axis=0) for part in range(len(Part))], axis=1)
    on_card = np.abs(np.nan_to_num(parts))
    of_most = np.where(votes == votes.max(axis=1, keepdims=True), on_card, -1.0)
    first = of_most.argmax(axis=1)
    held = np.take_along_axis(votes, first[:, None], axis=1)[:, 0]
    same_sign = (np.sign(refitted) == np.sign(parts)).sum(axis=0)
    sd = refitted.std(axis=0, ddof=1) if len(refitted) > 1 else np.full(parts.shape, np.nan)
    return Sureness(sd, same_sign, first, held)
