"""Whose shots make a drift: what each club, provider or venue adds to the difference from the window."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_LEAST_SHARE = 0.2
_TIMES_ITS_SHOTS = 2.0
_MOST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """What a group adds to a difference.

    Attributes
    ----------
    share
        Of the difference; those of all groups add up to 1. Negative: it lessens it.
    share_of_shots
        Of the shots: with as much of the difference a group is like all others.
    """

    name: str
    share: float
    share_of_shots: float


def parts_of(shift: FloatArray, groups: Sequence[str] | npt.NDArray[np.str_]) -> tuple[Part, ...]:
    """Every group's part, the largest first; none where there is no difference.

    Parameters
    ----------
    shift
        Of each shot: what it counts minus the window's mean; the difference is their mean.
    groups
        Whose each shot is.
    """
    total = float(shift.sum())
    if not len(shift) or abs(total) < 1e-9:
        return ()
    names, code = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    shares = np.bincount(code, weights=shift) / total
    of_shots = np.bincount(code) / len(shift)
    parts = (Part(str(n), float(a), float(b)) for n, a, b in zip(names, shares, of_shots, strict=True))
    return tuple(sorted(parts, key=lambda part: -part.share))


def who_makes_it(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those few who make more of it than their shots would; none where all are alike in it.

    The largest parts, each a fifth of the difference at least and twice its share of the shots; half of it together.
    """
    found: list[Part] = []
    for part in parts[:_MOST]:
        if part.share < _LEAST_SHARE or part.share < _TIMES_ITS_SHOTS * part.share_of_shots:
            break
        found.append(part)
    return tuple(found) if sum(own.share for own in found) >= 0.5 else ()
