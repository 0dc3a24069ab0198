"""Where everybody stood at the moment of a shot, measured anew from the scene: what is told is what is drawn.

Coordinates are those of the picture (:mod:`xgoals.report.shot.plane`).
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from xgoals.analysis.shots import floats
from xgoals.domain.geometry import HALF_GOAL_M, in_shot_triangle, off_bisector_deg, pressure
from xgoals.features.catalogue import DEFENDER_MARGIN_M
from xgoals.report.facts import Facts
from xgoals.report.shot.plane import in_picture
from xgoals.report.shot.shapes import Kind, Point

WORTH_A_LINE = 0.05
"""Less pressure than this is none."""
CLOSE_M = 3.0
"""Whoever is nearer than this is close to the shooter."""
CROWD, CROWD_IN_WAY = 3, 5
"""So many close to the shooter, or so many in the way, are a crowd."""
MANY_IN_WAY = 3
"""So many in the way are said also where nothing else is."""

_STANDING_MS = 1.0
"""Whoever is slower stands."""
_AHEAD_S = 0.4
"""A velocity is drawn as the way covered in this time."""
_CENTRAL_M = 1.0
"""Within this of the middle no post is the near one."""
_ON_LINE_M = 1.5

Side = Literal["near", "far", "left", "right"]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the others.

    Attributes
    ----------
    person_n
        His number in the shot's frame.
    name
        Empty where unknown.
    x, y
        In the picture, in metres.
    distance_m
        From the shooter.
    is_in_way
        Goal-side, and in the triangle of shooter and posts or within 1.5 m of it (any kind but team-mates).
    is_goal_side
        Nearer to the goal line than the shooter.
    is_on_line
        At most 1.5 m before the goal line, between the posts.
    pressure
        That an outfield opponent puts on the shooter; 0 for everybody else.
    to
        Where he will be in a moment, as he runs; None where he stands, or nobody knows.
    """

    person_n: int
    name: str
    kind: Kind
    x: float
    y: float
    distance_m: float
    is_in_way: bool
    is_goal_side: bool
    is_on_line: bool
    pressure: float
    to: Point | None


@dataclass(frozen=True, slots=True)
class KeeperStand:
    """How the keeper stood.

    Attributes
    ----------
    off_line_m
        From the goal line.
    from_goal_m
        From the middle of the goal line.
    aside_m, side
        How far off the middle of the angle that the goal opens to the ball, and towards which post; where the ball
        lies centrally, to whose side as the shooter sees it.
    is_in_way, is_behind_ball
        Whether a shot could meet him where he stood.
    """

    name: str
    off_line_m: float
    from_goal_m: float
    aside_m: float
    side: Side
    is_in_way: bool
    is_behind_ball: bool


@dataclass(frozen=True, slots=True)
class Positions:
    """Everybody at the moment of a shot; ``people`` is empty where nobody's place is known."""

    shooter: Point
    people: tuple[Person, ...]

    @property
    def opponents(self) -> list[Person]:
        """Outfield opponents, the nearest first."""
        found = [person for person in self.people if person.kind == "opponent"]
        return sorted(found, key=lambda person: (person.distance_m, person.person_n))

    @property
    def keeper(self) -> Person | None:
        """The opponents' keeper; of two the deepest."""
        keepers = [person for person in self.people if person.kind == "keeper"]
        return min(keepers, key=lambda person: (person.y, abs(person.x)), default=None)

    @property
    def in_way(self) -> list[Person]:
        """Outfield opponents in the way, the nearest first."""
        return [person for person in self.opponents if person.is_in_way]

    @property
    def close(self) -> list[Person]:
        """Outfield opponents close to the shooter, the nearest first."""
        return [person for person in self.opponents if person.distance_m <= CLOSE_M]

    @property
    def is_crowded(self) -> bool:
        """Whether a reader of the picture would speak of a crowd."""
        return len(self.close) >= CROWD or len(self.in_way) >= CROWD_IN_WAY


def positions(shot: Facts, people: pd.DataFrame) -> Positions | None:
    """Measure a scene.

    Parameters
    ----------
    shot
        ``depth_m`` and ``left_m`` of the shooter (None without place).
    people
        The other players of this shot: ``x_m, y_m, is_teammate, is_keeper, player, vx_ms, vy_ms, goal_x_m`` and,
        where known, ``person_n``; without it they are counted from 0. May be empty.

    Returns
    -------
    Positions or None
        None without the shooter's place. People without a place are left out.
    """
    if shot["depth_m"] is None:
        return None
    shooter = (-shot["left_m"], shot["depth_m"])
    numbered = people if "person_n" in people.columns else people.assign(person_n=range(len(people)))
    placed = numbered[numbered["x_m"].notna() & numbered["y_m"].notna()]
    return Positions(shooter, () if placed.empty else _people(shooter, placed))


def keeper_stand(around: Positions) -> KeeperStand | None:
    """How the keeper stood; None where nobody knows."""
    keeper = around.keeper
    if keeper is None:
        return None
    off = math.radians(
        float(off_bisector_deg(*_on_pitch(around.shooter), *_on_pitch((keeper.x, keeper.y)), 0.0))
    )
    (bx, by) = around.shooter
    return KeeperStand(
        name=keeper.name,
        off_line_m=max(keeper.y, 0.0),
        from_goal_m=math.hypot(keeper.x, keeper.y),
        aside_m=abs(keeper.distance_m * math.sin(off)),
        side=_side(bx, is_left=off > 0),
        is_in_way=keeper.is_in_way,
        is_behind_ball=keeper.y >= by,
    )


def _on_pitch(at: Point) -> Point:
    """A point of the picture with the goal line at x = 0 and y to the attacker's left."""
    return -at[1], -at[0]


def _side(ball_x: float, *, is_left: bool) -> Side:
    if abs(ball_x) < _CENTRAL_M:
        return "left" if is_left else "right"
    return "near" if is_left == (ball_x < 0) else "far"


def _people(shooter: Point, placed: pd.DataFrame) -> tuple[Person, ...]:
    xs, ys = in_picture(floats(placed["x_m"]), floats(placed["y_m"]), floats(placed["goal_x_m"]))
    at = (*_on_pitch(shooter), -ys, -xs, 0.0)
    pushes, ways = pressure(*at), in_shot_triangle(*at, margin_m=DEFENDER_MARGIN_M)
    return tuple(
        _person(row, shooter, (float(x), float(y)), float(push), bool(way))
        for row, x, y, push, way in zip(placed.to_dict("records"), xs, ys, pushes, ways, strict=True)
    )


def _person(row: dict[Any, Any], shooter: Point, at: Point, push: float, in_way: bool) -> Person:
    is_mate, is_keeper = bool(row["is_teammate"]), bool(row["is_keeper"])
    kind: Kind = "mate" if is_mate else "keeper" if is_keeper else "opponent"
    return Person(
        person_n=int(row["person_n"]),
        name="" if row.get("player") is None or pd.isna(row["player"]) else str(row["player"]),
        kind=kind,
        x=at[0],
        y=at[1],
        distance_m=math.dist(shooter, at),
        is_in_way=in_way and at[1] < shooter[1] and not is_mate,
        is_goal_side=at[1] < shooter[1],
        is_on_line=abs(at[0]) <= HALF_GOAL_M and at[1] <= _ON_LINE_M,
        pressure=push if kind == "opponent" and push >= WORTH_A_LINE else 0.0,
        to=_on_his_way(row, at),
    )


def _on_his_way(row: dict[Any, Any], at: Point) -> Point | None:
    vx, vy = (float("nan") if row.get(key) is None else float(row[key]) for key in ("vx_ms", "vy_ms"))
    if not math.hypot(vx, vy) > _STANDING_MS:
        return None
    return float(at[0] - vy * _AHEAD_S), float(at[1] - vx * _AHEAD_S)
