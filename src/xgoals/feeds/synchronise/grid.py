"""The common grid: 25 frames a second, whatever the rate that a camera system has."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FRAME_RATE_HZ = 25
"""Of the grid: what finds frames, takes velocities and cuts clips counts in its frames."""
LONGEST_HOLE_S = 0.5
"""A person's path is bridged over a hole up to this long: he cannot turn far in it."""
LONGEST_BALL_HOLE_S = 0.2
"""The ball's is bridged no longer (a lost frame at 10 Hz): a kick in a hole is seen at another moment."""
SAME_TIME_S = 1e-3


def resample(time_s: Floats, places_m: Floats, grid_s: Floats, longest_hole_s: float) -> Floats:
    """Places on the grid, on straight lines between the places that were seen.

    Parameters
    ----------
    time_s
        When the places were seen, shape (n,), growing.
    places_m
        Shape (n, 2) or (n, 3); a row without x or y was not seen.
    grid_s
        When they are wanted, shape (m,), growing.
    longest_hole_s
        What lies between two places that are further apart in time is not known.

    Returns
    -------
    places
        Shape (m, 2) or (m, 3); NaN where nothing is known: in holes, before the first and after the last place.
        What was seen on the grid comes back as it was.
    """
    is_seen = np.isfinite(places_m[:, :2]).all(axis=1)
    seen_s, seen_m = time_s[is_seen], places_m[is_seen]
    wanted = np.full((len(grid_s), places_m.shape[1]), np.nan)
    if not len(seen_s):
        return wanted
    before = np.searchsorted(seen_s, grid_s + SAME_TIME_S, side="right") - 1
    after = np.minimum(before + 1, len(seen_s) - 1)
    before = np.maximum(before, 0)
    step_s = seen_s[after] - seen_s[before]
    is_there = np.abs(seen_s[before] - grid_s) <= SAME_TIME_S
    is_between = (seen_s[before] <= grid_s) & (step_s > 0) & (step_s <= longest_hole_s + SAME_TIME_S)
    share = np.where(step_s > 0, (grid_s - seen_s[before]) / np.where(step_s > 0, step_s, 1.0), 0.0)[:, None]
    between_m = seen_m[before] + share * (seen_m[after] - seen_m[before])
    wanted[is_between] = between_m[is_between]
    wanted[is_there] = seen_m[before][is_there]
    return wanted
