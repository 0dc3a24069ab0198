"""Where ball and players are in the seconds around a simulated shot.

Paths run through the scene: at the frame of the shot everybody is where the scene says, with the velocity it
says. The noise model is published in ``docs/feeds-dfl.md`` and fixed: the frame finder is judged on it.
Coordinates are the shot's (x towards the goal attacked); time is in seconds from the frame of the shot.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.pitch import GOAL_WIDTH_M
from xgoals.domain.scene import Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, Shot, ShotType

Floats = npt.NDArray[np.float64]
Path = Callable[[Floats], Floats]
"""Times (n,) in seconds -> positions (n, 2) in metres."""

FRAME_S = 1 / 25
SETTLE_S = 1.0
"""Time scale in which a player's velocity dies down before and after the shot."""
DRAG_PER_S = 0.35
KICK_MS, KICK_SD_MS, KICK_MIN_MS = 22.0, 4.0, 12.0
HEADER_MS, HEADER_SD_MS, HEADER_MIN_MS = 12.0, 2.0, 7.0
PASS_MS = (8.0, 18.0)
PASS_M = (8.0, 25.0)
AIM_MARGIN_M = 1.5
ONE_TWO_SHARE = 0.3
HELD_S = (1.0, 3.0)

CARRY_S = {
    BallControl.DIRECT: (0.4, 0.8),
    BallControl.CONTROL: (0.8, 1.5),
    BallControl.DRIBBLE_SHORT: (1.0, 2.5),
    BallControl.DRIBBLE_LONG: (2.0, 4.0),
    BallControl.OTHER: (0.4, 4.0),
}
"""How long the ball is with the shooter; a volley or header is taken as it arrives."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Paths around one shot: ``people`` by player id (shooter included), ``ball`` (n,) -> (n, 3)."""

    people: dict[str, Path]
    ball: Path


def motion_around(rng: np.random.Generator, shot: Shot, scene: Scene, goal_x_m: float) -> Motion:
    """Draw the motion around a shot.

    Parameters
    ----------
    rng
        The match's random stream.
    shot, scene
        The shot (with a place) and its scene (with the ball's position).
    goal_x_m
        x of the goal line attacked.
    """
    people = {p.player_id: person_path(p) for p in scene.people if p.player_id is not None}
    here = Person(
        shot.x_m or 0.0, shot.y_m or 0.0, True, False, None, scene.shooter_vx_ms, scene.shooter_vy_ms
    )
    shooter = person_path(here)
    if shot.player_id is not None:
        people[shot.player_id] = shooter
    start = np.array([scene.ball_x_m or here.x_m, scene.ball_y_m or here.y_m])
    before = _before(rng, shot, scene, shooter, start)
    after = _after(rng, shot, scene, start, goal_x_m)
    z_path = _height(rng, shot, scene)

    def ball(time_s: Floats) -> Floats:
        """Places (n, 3) in m at some times (n,), in s from the shot."""
        flat = np.where((time_s <= 0)[:, None], before(np.minimum(time_s, 0)), after(np.maximum(time_s, 0)))
        return np.column_stack([flat, z_path(time_s)])

    return Motion(people=people, ball=ball)


def person_path(person: Person) -> Path:
    """Through the person's place at time 0 with the person's velocity, which dies down on either side."""
    place = np.array([person.x_m, person.y_m])
    velocity = np.array([person.vx_ms or 0.0, person.vy_ms or 0.0])

    def path(time_s: Floats) -> Floats:
        """Places (n, 2) in m at some times (n,), in s from the shot."""
        reach_s = SETTLE_S * np.arctan(time_s / SETTLE_S)
        return np.asarray(place + reach_s[:, None] * velocity)

    return path


def _before(rng: np.random.Generator, shot: Shot, scene: Scene, shooter: Path, start: Floats) -> Path:
    """The ball up to the shot: lying still for a set piece, else a pass, then with the shooter."""
    if shot.shot_type in (ShotType.FREE_KICK, ShotType.PENALTY):
        return lambda time_s: np.broadcast_to(start, (len(time_s), 2))
    is_first_time = shot.ball_control is BallControl.VOLLEY or shot.body_part is BodyPart.HEAD
    carried_s = 0.0 if is_first_time else rng.uniform(*CARRY_S.get(shot.ball_control, (0.4, 4.0)))
    passer = _passer(rng, shot, scene)
    carry = _carried(rng, shooter, start)
    received = carry(np.array([-carried_s]))[0]
    speed_ms = rng.uniform(*PASS_MS)
    passed_s = -carried_s - _flight_s(passer, received, -carried_s, speed_ms)
    passed_from = passer(np.array([passed_s]))[0]
    held_s = passed_s - rng.uniform(*HELD_S)
    earlier = shooter if rng.random() < ONE_TWO_SHARE else _somebody(rng, passed_from)
    taken = passer(np.array([held_s]))[0]
    earlier_s = held_s - _flight_s(earlier, taken, held_s, rng.uniform(*PASS_MS))
    earlier_from = earlier(np.array([earlier_s]))[0]
    with_passer, with_earlier = _carried(rng, passer, None), _carried(rng, earlier, None)

    def path(time_s: Floats) -> Floats:
        """Places (n, 2) of the ball in m at some times (n,), up to the shot."""
        stages = (
            (time_s > -carried_s, carry(time_s)),
            (time_s > passed_s, _line(time_s, passed_s, -carried_s, passed_from, received)),
            (time_s > held_s, with_passer(time_s)),
            (time_s > earlier_s, _line(time_s, earlier_s, held_s, earlier_from, taken)),
            (np.full(len(time_s), True), with_earlier(time_s)),
        )
        flat = np.select([when[:, None] for when, _ in stages], [where for _, where in stages])
        flat[time_s >= 0] = start
        return flat

    return path


def _passer(rng: np.random.Generator, shot: Shot, scene: Scene) -> Path:
    """A team-mate at passing distance, or somebody outside the scene."""
    here = np.array([shot.x_m, shot.y_m], dtype=float)
    mates = [p for p in scene.people if p.is_teammate and not p.is_keeper]
    near = [p for p in mates if PASS_M[0] <= np.hypot(p.x_m - here[0], p.y_m - here[1]) <= PASS_M[1]]
    return person_path(near[rng.integers(len(near))]) if near else _somebody(rng, here)


def _somebody(rng: np.random.Generator, around: Floats) -> Path:
    """Somebody who stands at passing distance, on the pitch."""
    bearing, distance = rng.uniform(0.5 * np.pi, 1.5 * np.pi), rng.uniform(*PASS_M)
    place = around + distance * np.array([np.cos(bearing), np.sin(bearing)])
    return person_path(Person(float(place[0]), float(np.clip(place[1], -33, 33)), True, False))


def _flight_s(giver: Path, target: Floats, arrival_s: float, speed_ms: float) -> float:
    """How long a pass takes that arrives at ``arrival_s``; the giver moves meanwhile."""
    flight_s = 1.0
    for _ in range(20):
        start = giver(np.array([arrival_s - flight_s]))[0]
        flight_s = max(float(np.linalg.norm(target - start)) / speed_ms, 2 * FRAME_S)
    return flight_s


def _carried(rng: np.random.Generator, carrier: Path, start: Floats | None) -> Path:
    """The ball 0.3-0.9 m from its carrier, touched every 0.3-0.7 s; at time 0 at ``start``."""
    touch_s, phase, bearing = rng.uniform(0.3, 0.7), rng.uniform(0, np.pi), rng.uniform(-1, 1)
    offset = np.zeros(2) if start is None else start - carrier(np.zeros(1))[0]

    def path(time_s: Floats) -> Floats:
        """Places (n, 2) of the ball in m at some times (n,), with its carrier."""
        reach = 0.3 + 0.6 * np.abs(np.sin(np.pi * time_s / touch_s + phase))
        turning = bearing + 0.4 * np.sin(time_s)
        drift = reach[:, None] * np.column_stack([np.cos(turning), np.sin(turning)])
        share = np.exp(-np.abs(time_s) / 0.2)[:, None] if start is not None else 0.0
        return np.asarray(carrier(time_s) + share * offset + (1 - share) * drift)

    return path


def _line(time_s: Floats, from_s: float, to_s: float, start: Floats, end: Floats) -> Floats:
    share = np.clip((time_s - from_s) / (to_s - from_s), 0, 1)[:, None]
    return np.asarray(start + share * (end - start))


def _after(rng: np.random.Generator, shot: Shot, scene: Scene, start: Floats, goal_x_m: float) -> Path:
    """The ball after the shot: to goal, keeper or blocker, and what becomes of it."""
    is_header = shot.body_part is BodyPart.HEAD
    mean, sd, least = (
        (HEADER_MS, HEADER_SD_MS, HEADER_MIN_MS) if is_header else (KICK_MS, KICK_SD_MS, KICK_MIN_MS)
    )
    speed_ms = max(rng.normal(mean, sd), least)
    aim = np.array([goal_x_m, _aim_y_m(rng, shot)])
    to_goal_m = max(float(np.linalg.norm(aim - start)), 0.5)
    way = (aim - start) / to_goal_m
    if shot.outcome is Outcome.BLOCKED:
        free_m = float(np.clip(rng.uniform(1, 6), 2 * FRAME_S * speed_ms, max(to_goal_m - 0.5, 1.0)))
    elif shot.outcome is Outcome.SAVED:
        free_m = max(to_goal_m - rng.uniform(0, 2), 1.0)
    else:
        free_m = to_goal_m + (1.5 if shot.outcome is Outcome.GOAL else rng.uniform(2, 6))
    stop_s = -np.log(max(1 - DRAG_PER_S * free_m / speed_ms, 0.05)) / DRAG_PER_S
    stopped = start + way * free_m
    turned = _turned(rng, way, shot.outcome)
    rest_ms = speed_ms * (rng.uniform(0.2, 0.5) if np.any(turned) else 0.0)
    cleared_s = stop_s + rng.uniform(0.5, 2.0) if np.any(turned) and rng.random() < 0.5 else np.inf
    clearing = rng.uniform(12, 20) * _away(rng)

    def path(time_s: Floats) -> Floats:
        """Places (n, 2) of the ball in m at some times (n,), from the shot on."""
        flown = np.minimum(speed_ms * (1 - np.exp(-DRAG_PER_S * time_s)) / DRAG_PER_S, free_m)[:, None] * way
        since = np.maximum(np.minimum(time_s, cleared_s) - stop_s, 0)[:, None]
        loose = turned * rest_ms * (1 - np.exp(-2 * since)) / 2
        kicked_s = np.clip(time_s - cleared_s, 0, None)[:, None] if np.isfinite(cleared_s) else 0.0
        return np.asarray(
            np.where((time_s < stop_s)[:, None], start + flown, stopped + loose + clearing * kicked_s)
        )

    return path


def _aim_y_m(rng: np.random.Generator, shot: Shot) -> float:
    half = GOAL_WIDTH_M / 2
    if shot.outcome in (Outcome.GOAL, Outcome.SAVED):
        return float(rng.uniform(-half, half))
    if shot.outcome is Outcome.WOODWORK:
        return float(half * rng.choice([-1, 1]))
    return float(rng.uniform(-half - AIM_MARGIN_M, half + AIM_MARGIN_M))


def _turned(rng: np.random.Generator, way: Floats, outcome: Outcome) -> Floats:
    """Direction after a block, a save or the post: turned by 60-180 degrees; none where the ball is gone."""
    if outcome not in (Outcome.BLOCKED, Outcome.SAVED, Outcome.WOODWORK):
        return np.zeros(2)
    angle = rng.uniform(np.pi / 3, np.pi) * rng.choice([-1, 1])
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([cos * way[0] - sin * way[1], sin * way[0] + cos * way[1]])


def _away(rng: np.random.Generator) -> Floats:
    angle = np.pi + rng.uniform(-1, 1)
    return np.array([np.cos(angle), np.sin(angle)])


def _height(rng: np.random.Generator, shot: Shot, scene: Scene) -> Path:
    """Height of the ball: at the scene's height at the shot, on the ground long before, flying after."""
    at_shot = scene.ball_z_m if scene.ball_z_m is not None else 0.1
    rise_ms = rng.uniform(0.5, 3.0)

    def path(time_s: Floats) -> Floats:
        """Heights (n,) of the ball in m at some times (n,)."""
        before = at_shot * np.exp(np.minimum(time_s, 0) / 0.5)
        after = at_shot + rise_ms * time_s - 2.0 * time_s**2
        return np.asarray(np.maximum(np.where(time_s <= 0, before, after), 0.0))

    return path
