"""When a frame that was found is believed: the less of the ball is seen, the less sure it is."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from xgoals.feeds.synchronise.shot_frame import (
    MAX_EXPONENT,
    NEIGHBOURS,
    NONE_OF_THESE,
    PLACE_SD_M,
    Floats,
    Found,
    ShotWindow,
    likelihood_terms,
)
from xgoals.feeds.synchronise.stage import Stage
from xgoals.feeds.synchronise.tracking import BALL, Track

NEAR_FRAMES = 8
"""The ball has to be seen for 0.3 s to either side of the kick."""
MIN_CONFIDENCE = 0.3
"""Below it a frame is as likely wrong as right."""
DOUBTED_CONFIDENCE = 0.6
"""Where the ball is seen in fewer frames than `WHOLE_SHARE` of those looked at, where nothing is known of the clock,
and where the operator's places are further off than `POOR_PLACE_SD_M`."""
WHOLE_SHARE = 0.98
POOR_PLACE_SD_M = 2.0
CAMERA_JITTER_M = 0.2
"""Places that jitter by more were not taken by cameras in a stadium: those have 0.05 m."""
NORMAL_MEDIAN = 0.6745
"""Of the absolute values of a normal distribution with deviation 1."""
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


def jitter_m(tracks: Iterable[Track]) -> float:
    """How far places are off from frame to frame, on each axis; 0 where too few are seen.

    By how far of three frames in a row the middle one lies from the way between the others: at 10 Hz nobody gets to
    more than 0.03 m by running.
    """
    bends = [
        np.abs(np.diff(_finite(track.xyz_m[:, :2]), n=2, axis=0)).ravel()
        for track in tracks
        if track.key != BALL
    ]
    known = np.concatenate(bends) if bends else np.empty(0)
    known = known[np.isfinite(known)]
    return float(np.median(known) / (NORMAL_MEDIAN * np.sqrt(6))) if len(known) else 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the events: whether shots agreed on their clock, and how far off their places are, by axis."""

    is_clock_agreed: bool = True
    place_sd_m: float = PLACE_SD_M


def confidence_needed(view: Stage, first: int, last: int, known: Known) -> float:
    """What a frame that was found among those from ``first`` to ``last`` has to have."""
    is_whole = float(np.isfinite(view.ball_xyz_m[first : last + 1, 0]).mean()) >= WHOLE_SHARE
    is_well_told = known.is_clock_agreed and known.place_sd_m <= POOR_PLACE_SD_M
    return MIN_CONFIDENCE if is_whole and is_well_told else DOUBTED_CONFIDENCE


def is_ball_seen(view: Stage, index: int) -> bool:
    """Whether the ball is seen around a frame without a hole."""
    near = view.ball_xyz_m[max(index - NEAR_FRAMES, 0) : index + NEAR_FRAMES + 1, 0]
    return bool(np.isfinite(near).all())


def _finite(places: Floats) -> Floats:
    return np.where(np.isfinite(places), places, np.nan)
