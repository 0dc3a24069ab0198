"""When a frame that was found is believed: the less of the ball is seen, the less sure it is."""

import numpy as np

from xgoals.feeds.synchronise.shot_frame import (
    MAX_EXPONENT,
    NEIGHBOURS,
    NONE_OF_THESE,
    Found,
    ShotWindow,
    likelihood_terms,
)
from xgoals.feeds.synchronise.stage import Stage

NEAR_FRAMES = 8
"""The ball has to be seen for 0.3 s to either side of the kick."""
MIN_CONFIDENCE = 0.3
"""Below it a frame is as likely wrong as right."""
HOLED_CONFIDENCE = 0.6
"""Where the ball is seen in fewer frames than `WHOLE_SHARE` of those looked at."""
WHOLE_SHARE = 0.98
UNAGREED_CONFIDENCE = 0.6
"""Where nothing is known of the clock."""
UNSEEN_KICK = 0.0
"""Log-likelihood of the ball's part in a shot at a frame in which the ball is not seen: neither for nor against it."""


def with_holes(window: ShotWindow, found: Found) -> float:
    """The confidence of a frame, with "in a hole of the ball's track" as one more possibility.

    A hole is as likely as its length, the event's clock and the shooter's place at each of its frames make it.
    """
    terms = likelihood_terms(window)
    score = np.sum(terms, axis=0)
    best = score[found.index]
    weight = np.where(np.isfinite(score), np.exp(score - best), 0.0)
    near = weight[max(found.index - NEIGHBOURS, 0) : found.index + NEIGHBOURS + 1].sum()
    unseen = np.where(np.isfinite(score), -np.inf, UNSEEN_KICK + terms.clock + terms.place) - best
    holes = np.exp(np.minimum(unseen[np.isfinite(unseen)], MAX_EXPONENT)).sum()
    none = np.exp(min(NONE_OF_THESE - best, MAX_EXPONENT))
    return float(near / (weight.sum() + holes + none))


def confidence_needed(view: Stage, first: int, last: int, *, is_clock_agreed: bool) -> float:
    """What a frame that was found among those from ``first`` to ``last`` has to have."""
    share = float(np.isfinite(view.ball_xyz_m[first : last + 1, 0]).mean())
    needed = MIN_CONFIDENCE if share >= WHOLE_SHARE else HOLED_CONFIDENCE
    return needed if is_clock_agreed else max(needed, UNAGREED_CONFIDENCE)


def is_ball_seen(view: Stage, index: int) -> bool:
    """Whether the ball is seen around a frame without a hole."""
    near = view.ball_xyz_m[max(index - NEAR_FRAMES, 0) : index + NEAR_FRAMES + 1, 0]
    return bool(np.isfinite(near).all())
