"""Which differences between our xG and the provider's own are told, and of which shots."""

from collections.abc import Mapping

from xgoals.domain.difference import MIN_FIT_R2, ShotDifference

SHOWN = 5
"""So many shots of a matchday are told of."""
LARGE = 0.03
"""A difference below this is none that anybody asks about."""
WORTH_TELLING = 0.01
"""Nor is a part of it below this."""


def is_told(difference: ShotDifference | None) -> bool:
    """Whether a difference is large enough to be told, and our features know enough of the provider's number."""
    return difference is not None and abs(difference.difference) >= LARGE and difference.fit_r2 >= MIN_FIT_R2


def largest(differences: Mapping[int, ShotDifference], n: int = SHOWN) -> list[int]:
    """The shots that we and the provider differ about most, by their keys; none that is not told."""
    told = [key for key, difference in differences.items() if is_told(difference)]
    return sorted(told, key=lambda key: (-abs(differences[key].difference), key))[:n]
