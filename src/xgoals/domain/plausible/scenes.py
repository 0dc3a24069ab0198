"""The frames of the shots: who can be in them, where, and how fast."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from xgoals.domain.bounds import (
    BALL_HEIGHT_M,
    CLOCK_OFFSET_S,
    FRAME_N,
    MAX_A_SIDE,
    MAX_SPEED_KMH,
    PERSON_OUTSIDE_M,
    PROBABILITY,
    Range,
    is_ball_place,
    is_on,
    speed_kmh,
)
from xgoals.domain.ends import Ends, ends_of, is_keeper_behind, turned
from xgoals.domain.frame import People, crowd, without_doubles
from xgoals.domain.match import Match
from xgoals.domain.plausible.notes import LEFT_MISSING, Notes, shown
from xgoals.domain.plausible.shots import id_or_none
from xgoals.domain.scene import Person, Scene
from xgoals.domain.shot import Shot

LEFT_OUT = "Left out of the frame; correct it where the file comes from"
SHOOTERS_PLACE_M = 1.5
"""No team-mate stands this close to somebody who shoots."""
NOBODY = "Nobody's place is known for this shot; correct it where the file comes from"


def checked_scenes(
    match: Match, taken: Sequence[tuple[Shot, Shot | None]], scenes: Iterable[Scene], notes: Notes
) -> tuple[tuple[Shot, ...], tuple[Scene, ...]]:
    """Shots and scenes that fit each other.

    ``taken`` are the shots as they came, each with what is kept of it; several that came with one id (or none) have
    their scenes in the same order.
    """
    waiting: dict[str, list[Scene]] = defaultdict(list)
    for scene in scenes:
        waiting[scene.shot_id].append(scene)
    shots, kept_scenes = [], []
    for shot, kept in taken:
        its_scene = waiting[shot.shot_id].pop(0) if waiting[shot.shot_id] else None
        if kept is None:
            continue
        if its_scene is not None:
            kept, its_scene = _SceneGate(match, kept, notes).checked(its_scene)  # noqa: PLW2901
            kept_scenes.append(its_scene)
        shots.append(kept)
    orphans = sum(map(len, waiting.values()))
    if orphans:
        notes.add(
            "scenes", f"{orphans} frames of shots that are not in the match", advice="They are left out"
        )
    return tuple(shots), tuple(kept_scenes)


class _SceneGate:
    """Checks the scene of one shot, and the shot's place against it."""

    def __init__(self, match: Match, shot: Shot, notes: Notes) -> None:
        self._match = match
        self._shot = shot
        self._notes = notes

    def checked(self, scene: Scene) -> tuple[Shot, Scene]:
        """The shot and its scene with what can be; the rest is missing or left out, and noted."""
        people = self._at_the_right_end(self._countable(self._placed(scene.people)))
        vx_ms, vy_ms = self._shooters_velocity(scene)
        ball_x_m, ball_y_m = self._ball(scene)
        frame_n = self._within(scene.frame_n, FRAME_N, "frame_n")
        return self._shot, replace(
            scene,
            shot_id=self._shot.shot_id,
            people=self._paced(people),
            frame_n=None if frame_n is None else int(frame_n),
            clock_offset_s=self._within(scene.clock_offset_s, CLOCK_OFFSET_S, "clock_offset_s"),
            confidence=self._within(scene.confidence, PROBABILITY, "confidence"),
            shooter_vx_ms=vx_ms,
            shooter_vy_ms=vy_ms,
            ball_x_m=ball_x_m,
            ball_y_m=ball_y_m,
            ball_z_m=self._within(scene.ball_z_m, BALL_HEIGHT_M, "ball_z_m"),
        )

    def _placed(self, people: Iterable[Person]) -> People:
        """Those who are on the pitch or close to it."""
        kept: list[Person] = []
        astray: list[Person] = []
        for person in people:
            is_placed = is_on(self._match.pitch, person.x_m, person.y_m, PERSON_OUTSIDE_M)
            (kept if is_placed else astray).append(person)
        if astray:
            first = astray[0]
            place = f"({shown(first.x_m)}, {shown(first.y_m)})"
            self._note("people", f"{_who(astray)} at {place} m cannot be placed", LEFT_OUT, place)
        return tuple(map(_with_clean_id, kept))

    def _countable(self, people: People) -> People:
        """Everybody once, and nobody where there are more than a side has."""
        shooter = self._shot.player_id
        once, again = without_doubles(people, shooter)
        if again:
            self._note("people", f"in the frame twice: {', '.join(again)}", "Counted once", again[0])
        himself = self._shooter_among(once)
        if himself is not None:
            once = tuple(person for person in once if person is not himself)
            reason = f"11 team-mates, and one of them ({_who([himself])}) in the shooter's place"
            self._note("people", reason, "He is taken for the shooter", str(himself.player_id))
        too_many = crowd(once, is_shooter_apart=shooter is not None)
        if too_many is None:
            return once
        self._note("people", f"{too_many} in one frame", NOBODY, too_many)
        return ()

    def _shooter_among(self, people: People) -> Person | None:
        """The shooter under another id: where there are eleven beside him, the one who is in his place."""
        x_m, y_m = self._shot.x_m, self._shot.y_m
        mates = [person for person in people if person.is_teammate]
        if len(mates) != MAX_A_SIDE or x_m is None or y_m is None:
            return None
        nearest = min(mates, key=lambda mate: math.hypot(mate.x_m - x_m, mate.y_m - y_m))
        return nearest if math.hypot(nearest.x_m - x_m, nearest.y_m - y_m) <= SHOOTERS_PLACE_M else None

    def _at_the_right_end(self, people: People) -> People:
        """Shot and people at one end: the one that is turned is turned back, or nobody's place is known."""
        x_m, y_m = self._shot.x_m, self._shot.y_m
        if x_m is None or y_m is None:
            return people
        ends = ends_of(x_m, y_m, people, self._match.pitch)
        if ends is Ends.RIGHT:
            return people
        reason, advice = _ENDS[ends]
        self._note(
            "place" if ends is Ends.SHOT_TURNED else "people", reason, advice, f"({x_m:.6g}, {y_m:.6g})"
        )
        if ends is Ends.SHOT_TURNED:
            self._shot = replace(self._shot, x_m=-x_m, y_m=-y_m)
            return people
        if ends is Ends.KEEPER_WRONG:
            return tuple(
                p for p in people if p.is_teammate or not p.is_keeper or not is_keeper_behind(p, x_m)
            )
        return turned(people) if ends is Ends.FRAME_TURNED else ()

    def _shooters_velocity(self, scene: Scene) -> tuple[float | None, float | None]:
        vx_ms, vy_ms = scene.shooter_vx_ms, scene.shooter_vy_ms
        if vx_ms is None or vy_ms is None or math.isnan(vx_ms) or math.isnan(vy_ms):
            return None, None
        if speed_kmh(vx_ms, vy_ms) <= MAX_SPEED_KMH:
            return vx_ms, vy_ms
        value = f"{speed_kmh(vx_ms, vy_ms):.2f} km/h"
        reason = f"shooter's speed = {value} cannot be (0 to {MAX_SPEED_KMH:g} km/h can)"
        self._note("shooter's speed", reason, LEFT_MISSING, value)
        return None, None

    def _paced(self, people: People) -> People:
        """The people, without the velocities that nobody has."""
        hasty = [p for p in people if _speed_kmh(p) > MAX_SPEED_KMH]
        if hasty:
            value = f"{_speed_kmh(hasty[0]):.2f} km/h"
            reason = f"speed of {_who(hasty)} = {value} cannot be (0 to {MAX_SPEED_KMH:g} km/h can)"
            self._note("people", reason, LEFT_MISSING, value)
        return tuple(p if _is_steady(p) else replace(p, vx_ms=None, vy_ms=None) for p in people)

    def _ball(self, scene: Scene) -> tuple[float | None, float | None]:
        x_m, y_m = scene.ball_x_m, scene.ball_y_m
        if x_m is None or y_m is None or math.isnan(x_m) or math.isnan(y_m):
            return None, None
        if is_ball_place(self._match.pitch, x_m, y_m):
            return x_m, y_m
        place = f"({shown(x_m)}, {shown(y_m)})"
        self._note("ball", f"the ball at {place} m cannot be", LEFT_MISSING, place)
        return None, None

    def _within(self, value: float | None, possible: Range, field: str) -> float | None:
        return self._notes.within(value, possible, field, shot_id=self._shot.shot_id)

    def _note(self, field: str, reason: str, advice: str, value: str) -> None:
        self._notes.add(field, reason, advice=advice, shot_id=self._shot.shot_id, value=value)


_ENDS = {
    Ends.SHOT_TURNED: (
        "the shot lies at the other end than everybody in its frame, the keeper at his goal",
        "The shot is turned to where they are; check its place where the file comes from",
    ),
    Ends.FRAME_TURNED: (
        "everybody in the frame is at the other end than the shot, the keeper too",
        "The frame is turned to where the shot is; check it where the file comes from",
    ),
    Ends.IN_DOUBT: ("shot and frame lie at different ends", NOBODY),
    Ends.KEEPER_WRONG: ("the opponents' keeper stands at the wrong end", LEFT_OUT),
}


def _who(people: Sequence[Person]) -> str:
    first = people[0].player_id
    one = f"player {first}" if first else "somebody"
    return one if len(people) == 1 else f"{len(people)} people, the first {one}"


def _speed_kmh(person: Person) -> float:
    if person.vx_ms is None or person.vy_ms is None:
        return math.nan
    return speed_kmh(person.vx_ms, person.vy_ms)


def _is_steady(person: Person) -> bool:
    """Whether the velocity is one that somebody can have, or there is none."""
    return (person.vx_ms is None and person.vy_ms is None) or _speed_kmh(person) <= MAX_SPEED_KMH


def _with_clean_id(person: Person) -> Person:
    player_id = id_or_none(person.player_id)
    return person if player_id == person.player_id else replace(person, player_id=player_id)
