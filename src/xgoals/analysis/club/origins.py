"""How chances come about, as far as a feed tells it: how the attack began, and what the last pass was."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import BoolArray, match_numbers
from xgoals.analysis.shots import text_or_empty
from xgoals.domain.circumstances import PassKind
from xgoals.domain.shot import SetUp, ShotType


class Origin(StrEnum):
    """How an attack began; each shot has one. What ``set_up`` and ``shot_type`` say of a shot, told apart."""

    PENALTY = "penalty"
    DIRECT_FREE_KICK = "direct_free_kick"
    AFTER_FREE_KICK = "after_free_kick"
    CORNER = "corner"
    THROW_IN = "throw_in"
    COUNTER = "counter"
    CROSS = "cross"
    OPPONENT_ERROR = "opponent_error"
    REBOUND = "rebound"
    GOAL_KICK = "goal_kick"
    KICK_OFF = "kick_off"
    OPEN_PLAY = "open_play"
    OTHER = "other"


class LastPass(StrEnum):
    """The pass before a shot, where a feed tells passes; ``none``: it names no pass before this one."""

    THROUGH_BALL = "through_ball"
    CUT_BACK = "cut_back"
    CROSS = "cross"
    CORNER = "corner"
    FREE_KICK = "free_kick"
    THROW_IN = "throw_in"
    PASS = "pass"  # noqa: S105  (football's word)
    OTHER = "other"
    NONE = "none"


SET_PIECES = (Origin.PENALTY, Origin.DIRECT_FREE_KICK, Origin.AFTER_FREE_KICK, Origin.CORNER)
"""Penalties, direct free kicks, and what follows a free kick or a corner; throw-ins are not among them."""
_OF_TYPE: dict[str, Origin] = {
    ShotType.PENALTY: Origin.PENALTY,
    ShotType.FREE_KICK: Origin.DIRECT_FREE_KICK,
    ShotType.CORNER: Origin.CORNER,
}
_OF_SET_UP: dict[str, Origin] = {SetUp.FREE_KICK: Origin.AFTER_FREE_KICK}
_NAMES = frozenset(map(str, Origin))
_OF_PASS = {str(kind): LastPass(str(kind)) for kind in PassKind if str(kind) in set(map(str, LastPass))}


@dataclass(frozen=True, slots=True)
class PassesKnown:
    """Of how many of the season's matches the feed tells passes."""

    n_matches: int
    n_of: int


def origins(shots: pd.DataFrame) -> "pd.Series[str]":
    """How the attack before each shot began.

    Parameters
    ----------
    shots
        ``shot_type, is_penalty`` and, where a feed tells it, ``set_up``.
    """
    rows = zip(_column(shots, "shot_type"), _column(shots, "set_up"), shots["is_penalty"], strict=True)
    said = [_origin(*row) for row in rows]
    return pd.Series(said, index=shots.index, dtype=object)


def _origin(shot_type: object, set_up: object, is_penalty: object) -> Origin:
    if is_penalty:
        return Origin.PENALTY
    said = _OF_TYPE.get(str(shot_type)) or _OF_SET_UP.get(str(set_up))
    return said or (Origin(str(set_up)) if str(set_up) in _NAMES else Origin.OTHER)


def _column(shots: pd.DataFrame, name: str) -> Sequence[object]:
    return shots[name].tolist() if name in shots else [None] * len(shots)


def last_passes(shots: pd.DataFrame) -> "pd.Series[str]":
    """What the pass before each shot was; missing in matches of which the feed tells no pass, and of penalties."""
    told = _tells_passes(shots)
    said = [
        _OF_PASS.get(kind, LastPass.OTHER) if kind else LastPass.NONE
        for kind in map(text_or_empty, _column(shots, "assist_kind"))
    ]
    is_known = told & ~shots["is_penalty"].to_numpy(dtype=bool)
    return pd.Series(said, index=shots.index, dtype=object).where(is_known)


def passes_known(shots: pd.DataFrame) -> PassesKnown:
    """Of how many matches with a shot the feed names a pass before at least one of them."""
    match = match_numbers(shots)
    return PassesKnown(len(np.unique(match[_tells_passes(shots)])), len(np.unique(match)))


def _tells_passes(shots: pd.DataFrame) -> BoolArray:
    has = np.array([bool(text_or_empty(kind)) for kind in _column(shots, "assist_kind")], dtype=bool)
    match = match_numbers(shots)
    return np.isin(match, np.unique(match[has]))
