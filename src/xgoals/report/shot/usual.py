"""What is usual at the shots that a shot is compared with."""

from collections.abc import Mapping
from statistics import fmean

from xgoals.domain.reason import ShotReasons

UsualKeepers = Mapping[int, float]
"""How far off their lines keepers stood at a shot's reference shots, in metres, by its ``shot_key``."""


def usual_keepers(reasons: Mapping[int, ShotReasons], off_line_m: Mapping[int, float]) -> UsualKeepers:
    """How far off their lines keepers usually stood, for every shot with references of which that is known.

    Parameters
    ----------
    reasons
        By ``shot_key``.
    off_line_m
        How far off his line the keeper stood at each reference shot, by its ``shot_key``.
    """
    usual = {}
    for key, of in reasons.items():
        known = [off_line_m[reference] for reference in of.references if reference in off_line_m]
        if known:
            usual[key] = fmean(known)
    return usual
