"""How a shot is struck and how the chance came about: body part, ball control, set-up, technique."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from xgoals.domain.shot import BallControl, BodyPart, SetUp, ShotType, Technique
from xgoals.feeds.simulator.scenes import BoolArray, IntArray, Kind

Words = npt.NDArray[np.object_]
Shares = Mapping[StrEnum, float]

_FOOT_TECHNIQUES: Shares = {
    Technique.NORMAL: 0.785,
    Technique.HALF_VOLLEY: 0.115,
    Technique.VOLLEY: 0.075,
    Technique.LOB: 0.013,
    Technique.BACKHEEL: 0.006,
    Technique.OVERHEAD: 0.006,
}
_HEADER_TECHNIQUES: Shares = {Technique.NORMAL: 0.97, Technique.DIVING_HEADER: 0.03}
_FOOT_CONTROLS: Shares = {
    BallControl.DIRECT: 0.36,
    BallControl.CONTROL: 0.27,
    BallControl.DRIBBLE_SHORT: 0.25,
    BallControl.DRIBBLE_LONG: 0.12,
}
_FOOT_SET_UPS: Shares = {
    SetUp.OPEN_PLAY: 0.50,
    SetUp.CROSS: 0.11,
    SetUp.COUNTER: 0.07,
    SetUp.OPPONENT_ERROR: 0.05,
    SetUp.CORNER: 0.10,
    SetUp.FREE_KICK: 0.05,
    SetUp.THROW_IN: 0.08,
    SetUp.GOAL_KICK: 0.03,
    SetUp.KICK_OFF: 0.01,
}
_HEADER_SET_UPS: Shares = {
    SetUp.CROSS: 0.47,
    SetUp.CORNER: 0.33,
    SetUp.FREE_KICK: 0.12,
    SetUp.OPEN_PLAY: 0.05,
    SetUp.THROW_IN: 0.03,
}
STRONG_FOOT_SHARE = 0.8
"""How often a foot shot comes from the shooter's better foot; dead balls nearly always do."""


def word(member: StrEnum) -> Words:
    """A word as numpy takes it without making a plain string of it (0-dimensional, of objects)."""
    return np.array(member, dtype=object)


def words(members: Iterable[StrEnum]) -> Words:
    """Words as an array of objects."""
    return np.array(list(members), dtype=object)


_SHOT_TYPES = words([ShotType.OPEN_PLAY, ShotType.OPEN_PLAY, ShotType.FREE_KICK, ShotType.PENALTY])
"""By `Kind`."""


@dataclass(frozen=True, slots=True)
class Manner:
    """Arrays of n words each."""

    body_part: Words
    shot_type: Words
    ball_control: Words
    set_up: Words
    technique: Words


def draw(rng: np.random.Generator, kind: IntArray, is_rebound: BoolArray, right_footed: BoolArray) -> Manner:
    """Invent the manner of n shots.

    Parameters
    ----------
    rng
        Source of chance.
    kind
        (n,) of `Kind`.
    is_rebound
        (n,); the set-up of a rebound is the rebound.
    right_footed
        (n,); whether the shooter's right foot is the better one.
    """
    n = kind.size
    dead_ball = (kind == Kind.FREE_KICK) | (kind == Kind.PENALTY)
    header = kind == Kind.HEADER
    strong = rng.random(n) < np.where(dead_ball, 0.98, STRONG_FOOT_SHARE)
    foot = np.where(strong == right_footed, word(BodyPart.RIGHT_FOOT), word(BodyPart.LEFT_FOOT))
    technique = np.where(header, _drawn(rng, _HEADER_TECHNIQUES, n), _drawn(rng, _FOOT_TECHNIQUES, n))
    technique = np.where(dead_ball, word(Technique.NORMAL), technique)
    in_the_air = (technique == Technique.VOLLEY) | (technique == Technique.OVERHEAD)
    control = np.where(in_the_air, word(BallControl.VOLLEY), _drawn(rng, _FOOT_CONTROLS, n))
    first_touch = (technique == Technique.HALF_VOLLEY) | (technique == Technique.BACKHEEL) | is_rebound
    control = np.where(first_touch & ~in_the_air, word(BallControl.DIRECT), control)
    set_up = np.where(header, _drawn(rng, _HEADER_SET_UPS, n), _drawn(rng, _FOOT_SET_UPS, n))
    set_up = np.where(is_rebound, word(SetUp.REBOUND), set_up)
    set_up = np.where(kind == Kind.FREE_KICK, word(SetUp.FREE_KICK), set_up)
    return Manner(
        body_part=np.where(header, word(BodyPart.HEAD), foot),
        shot_type=_SHOT_TYPES[kind],
        ball_control=np.where(header | dead_ball, word(BallControl.DIRECT), control),
        set_up=np.where(kind == Kind.PENALTY, word(SetUp.OTHER), set_up),
        technique=technique,
    )


def _drawn(rng: np.random.Generator, shares: Shares, n: int) -> Words:
    return words(shares)[rng.choice(len(shares), n, p=list(shares.values()))]
