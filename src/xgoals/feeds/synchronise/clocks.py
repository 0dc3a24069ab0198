"""By how much the events' clock is late against the tracking's, found from the shots themselves.

Two providers count from two kick-offs, so that all shots of a period are late by the same seconds, give or take the
operator's usual error. A first search knows nothing of it; where its sure finds agree, a second one uses what
they say.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from xgoals.feeds.synchronise.shot_frame import CLOCK_SD_S, PLACE_SD_M

FIRST_SD_S = 8.0
"""How far off a clock can be of which nothing is known."""
SURE = 0.6
"""Confidence from which on a find says something of the clock."""
MIN_AGREEING = 4
AGREE_S = 1.5
MIN_PLACES = 8
"""Fewer finds say nothing of how far off the operator's places are."""


@dataclass(frozen=True, slots=True)
class ClockPrior:
    """By how much the events' clock of a period is expected to be late, and how sure that is."""

    mean_s: float = 0.0
    sd_s: float = FIRST_SD_S

    @property
    def is_agreed(self) -> bool:
        """Whether shots agreed on it."""
        return self.sd_s < FIRST_SD_S


def agreed_clock(finds: Iterable[tuple[float, float]]) -> ClockPrior:
    """What the finds of one period say of its clock.

    Parameters
    ----------
    finds
        For each shot how late its event is (s), and the confidence of its frame.

    Returns
    -------
    ClockPrior
        Around the median of those that agree; as wide as before where fewer than four do, or where as many agree on
        another one.
    """
    late_s = np.array(sorted(late for late, confidence in finds if confidence > SURE))
    if len(late_s) < MIN_AGREEING:
        return ClockPrior()
    near = np.abs(late_s[:, None] - late_s) <= 2 * CLOCK_SD_S
    centre_s = float(np.median(late_s[near[int(near.sum(axis=1).argmax())]]))
    agreeing = np.abs(late_s - centre_s) <= AGREE_S
    if agreeing.sum() < MIN_AGREEING or 3 * (np.abs(late_s - centre_s) <= 2 * CLOCK_SD_S).sum() < len(late_s):
        return ClockPrior()
    return ClockPrior(centre_s, CLOCK_SD_S)


def place_sd_m(off_m: Iterable[float | None]) -> float:
    """How far off the operator's places are on each axis, from how far the sure finds of a match are from them.

    Never less than usual, and as usual where fewer than eight say so. The median of a distance in the plane is
    ``sqrt(2 ln 2)`` times the deviation on each axis, and hardly knows of a few wrong finds.
    """
    known = [off for off in off_m if off is not None]
    if len(known) < MIN_PLACES:
        return PLACE_SD_M
    return max(float(np.median(known)) / math.sqrt(2 * math.log(2)), PLACE_SD_M)
