"""A simulated shot in Opta's terms: type, qualifiers and place, as F24 and MA3 both have them."""

from collections.abc import Iterator

import numpy as np

from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.simulator.scenes import PITCH

TYPES = {
    Outcome.GOAL: 16,
    Outcome.SAVED: 15,
    Outcome.BLOCKED: 15,
    Outcome.WOODWORK: 14,
    Outcome.OFF_TARGET: 13,
    Outcome.OTHER: 13,
}
BODY_PARTS = {BodyPart.RIGHT_FOOT: 20, BodyPart.LEFT_FOOT: 72, BodyPart.HEAD: 15, BodyPart.OTHER: 21}
SHOT_TYPES = {ShotType.PENALTY: 9, ShotType.FREE_KICK: 26, ShotType.CORNER: 263}
SET_UPS = {SetUp.COUNTER: 23, SetUp.CORNER: 25, SetUp.FREE_KICK: 24, SetUp.THROW_IN: 160, SetUp.REBOUND: 297}
BALL_CONTROLS = {
    BallControl.VOLLEY: 108,
    BallControl.DIRECT: 328,
    BallControl.DRIBBLE_SHORT: 254,
    BallControl.DRIBBLE_LONG: 254,
}
TECHNIQUES = {
    Technique.OVERHEAD: 109,
    Technique.BACKHEEL: 262,
    Technique.DIVING_HEADER: 111,
    Technique.LOB: 117,
    Technique.HALF_VOLLEY: 110,
    Technique.VOLLEY: 108,
}
BLOCKED, REGULAR_PLAY, EXPECTED_GOALS = 82, 22, 321

# Hundredths of the pitch where its markings are, and metres from the goal line or the middle.
_X = (
    (0.0, 5.8, 11.5, 17.0, 50.0, 83.0, 88.5, 94.2, 100.0),
    (105.0, 99.5, 94.0, 88.5, 52.5, 16.5, 11.0, 5.5, 0.0),
)
_Y = ((50.0, 54.8, 63.2, 78.9, 100.0), (0.0, 3.66, 9.16, 20.16, 34.0))


def qualifiers(shot: Shot) -> Iterator[tuple[int, str]]:
    """Number and value of each qualifier of a shot, in order and once each."""
    found = {BODY_PARTS[shot.body_part]: ""}
    if shot.shot_type in SHOT_TYPES:
        found[SHOT_TYPES[shot.shot_type]] = ""
    found[SET_UPS.get(shot.set_up, REGULAR_PLAY)] = ""
    if shot.ball_control in BALL_CONTROLS:
        found[BALL_CONTROLS[shot.ball_control]] = ""
    if shot.technique in TECHNIQUES:
        found[TECHNIQUES[shot.technique]] = ""
    if shot.outcome is Outcome.BLOCKED:
        found[BLOCKED] = ""
    if shot.provider_xg is not None:
        found[EXPECTED_GOALS] = f"{shot.provider_xg:.4f}"
    yield from sorted(found.items())


def place(rng: np.random.Generator, shot: Shot, sd_m: float) -> tuple[float, float]:
    """Where the operator saw the shot, in hundredths of the pitch of the team that attacks towards 100.

    ``sd_m``: how far off he is, on each axis.
    """
    x_m, y_m = np.array([shot.x_m, shot.y_m], dtype=float) + rng.normal(0, sd_m, 2)
    x = np.interp(-np.clip(PITCH.goal_x_m - x_m, 0, PITCH.length_m), [-m for m in _X[1]], _X[0])
    y = np.interp(min(abs(y_m), PITCH.width_m / 2), _Y[1], _Y[0]) - 50.0
    return round(float(x), 1), round(50.0 + float(np.sign(y_m) * y), 1)
