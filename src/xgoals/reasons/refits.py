"""How sure a reason is: the same game with models that learned from other halves of the matches.

Twenty times the matches of the training window are halved at random and a model is fitted on each half; every shot is
judged by the twenty models that have not seen its match. A half drawn without replacement has the variance of a
bootstrap, and no model that has seen the shot itself is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from xgoals.domain.reason import Part

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

N_HALVINGS = 20
HOLDS_IN = 16
"""A first reason that fewer of the twenty agree on is not told."""
TOLD_FROM = 0.01
"""A value below this much xG is not told."""
TOLD_SD = 2.0
"""Nor is one smaller than so many of its standard deviations."""


def halving(matches: Sequence[str], number: int) -> BoolArray:
    """Which matches are in the first half of a halving, shape (n,): half of them, by a hash of their names.

    The same matches are halved in the same way whatever their order.
    """
    drawn = [blake2b(f"{number}\x1f{match}".encode(), digest_size=8).digest() for match in matches]
    rank = np.argsort(np.argsort(np.array([int.from_bytes(d, "big") for d in drawn], dtype=np.uint64)))
    return np.asarray(rank < len(drawn) // 2)


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
    same_sign: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    held: npt.NDArray[np.int64]

    def is_told(self, parts: FloatArray) -> BoolArray:
        """Which parts hold: large enough, beyond their uncertainty, of the same sign; (n, 4)."""
        size = np.abs(np.nan_to_num(parts))
        holds = self.same_sign >= HOLDS_IN
        return np.asarray((size > TOLD_FROM) & (size > TOLD_SD * self.sd) & holds)


def sureness(parts: FloatArray, refitted: FloatArray) -> Sureness:
    """What the refits say of the card's parts.

    Parameters
    ----------
    parts
        The card's, shape (n, 4); NaN where a part is unknown.
    refitted
        The same of every refit, shape (r, n, 4).
    """
    size = np.abs(np.nan_to_num(refitted))
    largest = size.argmax(axis=2)
    votes = np.stack([(largest == part).sum(axis=0) for part in range(len(Part))], axis=1)
    on_card = np.abs(np.nan_to_num(parts))
    of_most = np.where(votes == votes.max(axis=1, keepdims=True), on_card, -1.0)
    first = of_most.argmax(axis=1)
    held = np.take_along_axis(votes, first[:, None], axis=1)[:, 0]
    same_sign = (np.sign(refitted) == np.sign(parts)).sum(axis=0)
    return Sureness(refitted.std(axis=0, ddof=1), same_sign, first, held)
