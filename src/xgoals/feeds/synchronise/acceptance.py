"""When a frame that was found is believed: the less of the ball is seen, the surer it has to be."""

import numpy as np

from xgoals.feeds.synchronise.stage import Stage

NEAR_FRAMES = 8
"""The ball has to be seen for 0.3 s to either side of the kick."""
MIN_CONFIDENCE = ((0.97, 0.3), (0.9, 0.6), (0.0, 0.8))
"""Share of the frames in which the ball is seen, from which on -> confidence needed (measured on simulated matches)."""
UNAGREED_CONFIDENCE = 0.6
"""Where nothing is known of the clock."""


def confidence_needed(view: Stage, first: int, last: int, *, is_clock_agreed: bool) -> float:
    """What a frame found among those from ``first`` to ``last`` has to have."""
    is_seen = np.isfinite(view.ball_xyz_m[first : last + 1, 0])
    share = float(is_seen.mean()) if len(is_seen) else 0.0
    needed = next(confidence for least, confidence in MIN_CONFIDENCE if share >= least)
    return needed if is_clock_agreed else max(needed, UNAGREED_CONFIDENCE)


def is_ball_seen(view: Stage, index: int) -> bool:
    """Whether the ball is seen around a frame without a hole."""
    near = view.ball_xyz_m[max(index - NEAR_FRAMES, 0) : index + NEAR_FRAMES + 1, 0]
    return bool(np.isfinite(near).all())
