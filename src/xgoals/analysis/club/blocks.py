"""The shots of a season by match and club: what is drawn, and what is shuffled.

The shots that a club takes in a match are not independent, so they stay together: they are one block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]


class Direction(StrEnum):
    """Whose shots: those that a club takes, or those that it faces."""

    FOR = "for"
    AGAINST = "against"


DIRECTIONS = tuple(Direction)
WHOSE = {Direction.FOR: "team_id", Direction.AGAINST: "opponent_id"}
"""Whose id counts, by direction."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A value of every shot that it applies to.

    Attributes
    ----------
    family
        The comparisons among which its own are judged.
    name
        By which differences are asked for; no two measures have the same.
    of_shot
        Shape (shots,); NaN where it does not apply. A club's figure is the mean over the shots where it does.
    """

    family: str
    name: str
    of_shot: FloatArray


@dataclass(frozen=True, slots=True)
class Blocks:
    """Sums of measures by match and club.

    Attributes
    ----------
    clubs
        Their ids (:func:`club_id`), sorted.
    club, match
        Number of each block's club and match, shape (blocks,).
    sums, counts
        Sum of each measure over the shots of a block where it applies, and how many those are: (blocks, measures).
    """

    clubs: tuple[str, ...]
    club: IntArray
    match: IntArray
    sums: FloatArray
    counts: FloatArray

    @classmethod
    def of(cls, shots: pd.DataFrame, measures: Sequence[Measure], direction: Direction) -> "Blocks":
        """Add up.

        Parameters
        ----------
        shots
            ``provider, match_id, team_id, opponent_id``.
        measures
            As long as the frame.
        direction
            Whether a shot counts for who takes it or for who faces it.
        """
        ids = shots["provider"].astype(str) + "/" + shots[WHOSE[direction]].astype(str)
        club, names = pd.factorize(ids, sort=True)
        match = match_numbers(shots)
        pairs, block = np.unique(match.astype(np.int64) * len(names) + club, return_inverse=True)
        values = np.column_stack([measure.of_shot for measure in measures])
        is_known = ~np.isnan(values)
        return cls(
            tuple(names),
            (pairs % max(1, len(names))).astype(np.intp),
            (pairs // max(1, len(names))).astype(np.intp),
            _by_block(np.where(is_known, values, 0.0), block, len(pairs)),
            _by_block(is_known.astype(np.float64), block, len(pairs)),
        )


def club_id(provider: str, team_id: str) -> str:
    """How a club is told apart: two of one name may come from two providers."""
    return f"{provider}/{team_id}"


def match_numbers(shots: pd.DataFrame) -> IntArray:
    """The match of each shot as a number from 0; an id alone may be another provider's match."""
    keys = shots["provider"].astype(str) + "/" + shots["match_id"].astype(str)
    return pd.factorize(keys, sort=True)[0]


def _by_block(values: FloatArray, block: IntArray, n: int) -> FloatArray:
    columns = [np.bincount(block, weights=column, minlength=n) for column in values.T]
    return np.column_stack(columns) if columns else np.zeros((n, 0))
