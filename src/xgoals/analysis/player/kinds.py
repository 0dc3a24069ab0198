"""Of what kind a shot is: from where, how struck, after what, how good. What profiles, tables and filters share."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import floats
from xgoals.domain.shot import BodyPart, SetUp, ShotType

CodeArray = npt.NDArray[np.intp]


class Zone(StrEnum):
    """From where, as the attacker sees it."""

    GOAL_AREA = "goal_area"
    NEAR = "near"
    BOX = "box"
    BOX_LEFT = "box_left"
    BOX_RIGHT = "box_right"
    EDGE = "edge"
    EDGE_LEFT = "edge_left"
    EDGE_RIGHT = "edge_right"
    FAR = "far"
    UNKNOWN = "unknown"


class Strike(StrEnum):
    """With what, and from a dead ball or not."""

    RIGHT_FOOT = "right_foot"
    LEFT_FOOT = "left_foot"
    HEAD = "head"
    OTHER = "other"


class Situation(StrEnum):
    """After what."""

    OPEN_PLAY = "open_play"
    COUNTER = "counter"
    CORNER = "corner"
    FREE_KICK = "free_kick"
    THROW_IN = "throw_in"
    DIRECT_FREE_KICK = "direct_free_kick"
    PENALTY = "penalty"


class Band(StrEnum):
    """How good a chance, by xG."""

    TINY = "tiny"
    SMALL = "small"
    FAIR = "fair"
    GOOD = "good"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Of what kind a shot is, four times."""

    zone: Zone
    strike: Strike
    situation: Situation
    band: Band


BAND_EDGES_XG = (0.03, 0.07, 0.15, 0.3)
"""Where one band ends and the next begins."""

GOAL_AREA_M, SPOT_M, BOX_M, EDGE_M = 5.5, 11.0, 16.5, 25.0
"""Depths from the goal line that part the zones."""

CENTRE_M, EDGE_CENTRE_M = 9.16, 12.0
"""How far to either side the middle reaches: as far as the goal area within the box, a little further before it."""


def kinds_of(shots: pd.DataFrame) -> list[Kinds]:
    """The kinds of each shot.

    Parameters
    ----------
    shots
        ``x_m, y_m, pitch_length_m, body_part, shot_type, set_up, xg``.
    """
    names = (tuple(Zone), tuple(Strike), tuple(Situation), tuple(Band))
    codes = (
        _zones(shots),
        _strikes(shots),
        _situations(shots),
        np.digitize(floats(shots["xg"]), BAND_EDGES_XG),
    )
    named = ([kind[code] for code in of.tolist()] for kind, of in zip(names, codes, strict=True))
    return [Kinds(*of_shot) for of_shot in zip(*named, strict=True)]


def _zones(shots: pd.DataFrame) -> CodeArray:
    """The zone of each shot (``x_m, y_m, pitch_length_m``), as its number in :class:`Zone`; shape (n,)."""
    depth, left = floats(shots["pitch_length_m"]) / 2 - floats(shots["x_m"]), floats(shots["y_m"])
    is_central, is_before = np.abs(left) <= CENTRE_M, np.abs(left) <= EDGE_CENTRE_M
    in_box, at_edge = depth <= BOX_M, depth <= EDGE_M
    tests = (
        (np.isnan(depth) | np.isnan(left), Zone.UNKNOWN),
        (is_central & (depth <= GOAL_AREA_M), Zone.GOAL_AREA),
        (is_central & (depth <= SPOT_M), Zone.NEAR),
        (is_central & in_box, Zone.BOX),
        (in_box & (left > 0), Zone.BOX_LEFT),
        (in_box, Zone.BOX_RIGHT),
        (is_before & at_edge, Zone.EDGE),
        (at_edge & (left > 0), Zone.EDGE_LEFT),
        (at_edge, Zone.EDGE_RIGHT),
    )
    return _chosen(tests, Zone.FAR)


def _strikes(shots: pd.DataFrame) -> CodeArray:
    """With what each shot was struck (``body_part``), as its number in :class:`Strike`; shape (n,)."""
    body = shots["body_part"].astype(str).to_numpy()
    same = (
        (BodyPart.RIGHT_FOOT, Strike.RIGHT_FOOT), (BodyPart.LEFT_FOOT, Strike.LEFT_FOOT), (BodyPart.HEAD, Strike.HEAD)
    )  # fmt: skip
    return _chosen(tuple((body == part, strike) for part, strike in same), Strike.OTHER)


_AFTER = {
    SetUp.COUNTER: Situation.COUNTER,
    SetUp.CORNER: Situation.CORNER,
    SetUp.FREE_KICK: Situation.FREE_KICK,
    SetUp.THROW_IN: Situation.THROW_IN,
}


def _situations(shots: pd.DataFrame) -> CodeArray:
    """After what each shot came (``shot_type, set_up``), as its number in :class:`Situation`; shape (n,)."""
    kind, set_up = (shots[column].astype(str).to_numpy() for column in ("shot_type", "set_up"))
    tests = (
        (kind == ShotType.PENALTY, Situation.PENALTY),
        (kind == ShotType.FREE_KICK, Situation.DIRECT_FREE_KICK),
        (kind == ShotType.CORNER, Situation.CORNER),
        *((set_up == of, situation) for of, situation in _AFTER.items()),
    )
    return _chosen(tests, Situation.OPEN_PLAY)


def _chosen(tests: tuple[tuple[npt.NDArray[np.bool_], StrEnum], ...], otherwise: StrEnum) -> CodeArray:
    """The kind of the first test that each shot passes, as its number in the kind's enumeration."""
    order = {kind: n for n, kind in enumerate(type(otherwise))}
    return np.select([test for test, _ in tests], [order[kind] for _, kind in tests], order[otherwise])
