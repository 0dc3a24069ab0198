"""Simulated motion -> the frames of a half: excerpts around the shots, or the whole half without a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xgoals.domain.bounds import MAX_A_SIDE
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import Scene
from xgoals.domain.shot import Shot
from xgoals.feeds.simulator.dfl_motion import motion_around

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RATE_HZ = 25
HALF_FRAMES = 47 * 60 * RATE_HZ
NOISE_M = 0.05
CLIP_BEFORE, CLIP_AFTER = 85, 60
"""Frames written around a shot at the least: a clip and what a velocity at its edges needs."""
SEARCH_BEFORE, SEARCH_AFTER = 238, 126
"""Frames written around the event's time where the shot frame has to be searched (9.5 s and 5 s)."""
CONTIGUOUS_GAP = 350
"""Frames between two excerpts of a half without gaps: time for everybody to get to the next scene."""
RUN_OFF_M = 3.0


@dataclass(frozen=True, slots=True)
class TimedShot:
    """A shot with its scene and its true frame; ``has_official``: the feed names the frame."""

    shot: Shot
    scene: Scene
    n: int
    sign: int
    has_official: bool

    @property
    def event_n(self) -> int:
        """The frame that the event's clock points to."""
        return self.n + round((self.scene.clock_offset_s or 0.0) * RATE_HZ)

    def excerpt(self) -> tuple[int, int]:
        """First and last frame to write."""
        first, last = self.n - CLIP_BEFORE, self.n + CLIP_AFTER
        if not self.has_official:
            first = min(first, self.event_n - SEARCH_BEFORE)
            last = max(last, self.event_n + SEARCH_AFTER)
        return first, last


def last_frame(shots: Sequence[TimedShot], n_first: int) -> int:
    """The last frame of a half: 47 minutes after its first, later where shots were moved beyond."""
    return max([n_first + HALF_FRAMES, *(timed.excerpt()[1] + RATE_HZ for timed in shots)])


@dataclass(slots=True)
class HalfFrames:
    """Frames of one half by object: numbers (n,), places (n, 2) of people, (n, 3) of the ball; without noise."""

    people: dict[str, list[tuple[Ints, Floats]]] = field(default_factory=dict)
    ball: list[tuple[Ints, Floats]] = field(default_factory=list)


def spread(shots: Sequence[TimedShot], n_first: int, *, contiguous: bool) -> list[TimedShot]:
    """The shots of one half, moved later where their excerpts would overlap (a rebound follows in a second).

    Simulated scenes of two shots are independent, so nobody could be at both in time.
    """
    gap = CONTIGUOUS_GAP if contiguous else 1
    placed: list[TimedShot] = []
    free_from, moved = n_first + 1, 0
    for timed in sorted(shots, key=lambda t: t.n):
        at = _at(timed, timed.n + moved)
        late = free_from - at.excerpt()[0]
        if late > 0:
            moved += late
            at = _at(timed, timed.n + moved)
        placed.append(at)
        free_from = at.excerpt()[1] + gap
    return placed


def _at(timed: TimedShot, n: int) -> TimedShot:
    return TimedShot(timed.shot, timed.scene, n, timed.sign, timed.has_official)


def excerpts(rng: np.random.Generator, shots: Sequence[TimedShot], pitch: Pitch) -> HalfFrames:
    """The frames around each shot, in the stadium's directions; whoever is not in the scene is not there."""
    half = HalfFrames()
    for timed in shots:
        motion = motion_around(rng, timed.shot, timed.scene, pitch.goal_x_m)
        first, last = timed.excerpt()
        n = np.arange(first, last + 1)
        time_s = (n - timed.n) / RATE_HZ
        for player_id, path in motion.people.items():
            half.people.setdefault(player_id, []).append((n, timed.sign * _kept_near(path(time_s), pitch)))
        ball = motion.ball(time_s)
        ball[:, :2] = timed.sign * _kept_near(ball[:, :2], pitch)
        half.ball.append((n, ball))
    return half


def fill(
    rng: np.random.Generator,
    half: HalfFrames,
    shots: Sequence[TimedShot],
    first: int,
    last: int,
    team_of: Mapping[str, str],
) -> HalfFrames:
    """The half without gaps: everybody from first to last, walking from scene to scene.

    Whoever is not in a scene spends it far behind the shooter or, where his side is complete without him, off the pitch
    (which is as near as this comes to substitutions).
    """
    n = np.arange(first, last + 1)
    people = {}
    off = _off_the_pitch(half, shots, team_of)
    for player_id, parts in half.people.items():
        known = list(parts)
        present = {int(part[0][0]) for part in parts}
        for timed in shots:
            start, end = timed.excerpt()
            if start not in present:
                away = timed.sign * np.array([rng.uniform(-35, -10), rng.uniform(-25, 25)])
                known.append((np.array([start, end]), np.tile(away, (2, 1))))
        is_on = np.ones(len(n), dtype=bool)
        for start, end in off.get(player_id, ()):
            is_on[start - first : end - first + 1] = False
        places = _interpolated(n, known)
        breaks = np.flatnonzero(np.diff(n[is_on]) > 1) + 1
        people[player_id] = list(
            zip(np.split(n[is_on], breaks), np.split(places[is_on], breaks), strict=True)
        )
    return HalfFrames(people=people, ball=[(n, _interpolated(n, half.ball))])


def _off_the_pitch(
    half: HalfFrames, shots: Sequence[TimedShot], team_of: Mapping[str, str]
) -> dict[str, list[tuple[int, int]]]:
    """For each person the excerpts during which eleven others of his side are on the pitch."""
    off: dict[str, list[tuple[int, int]]] = {}
    starts = {player_id: {int(part[0][0]) for part in parts} for player_id, parts in half.people.items()}
    for timed in shots:
        start, end = timed.excerpt()
        for team in sorted(set(team_of.values())):
            side = [player_id for player_id in sorted(half.people) if team_of[player_id] == team]
            waiting = [player_id for player_id in side if start not in starts[player_id]]
            free = max(MAX_A_SIDE - (len(side) - len(waiting)), 0)
            for player_id in waiting[free:]:
                off.setdefault(player_id, []).append((start, end))
    return off


def noisy(rng: np.random.Generator, places: Floats, noise_m: float = NOISE_M) -> Floats:
    """Places as measured: with noise, heights never below the ground."""
    measured = places + rng.normal(0, noise_m, places.shape)
    if places.shape[1] == 3:
        measured[:, 2] = np.maximum(measured[:, 2], 0.0)
    return np.asarray(measured)


def _kept_near(xy_m: Floats, pitch: Pitch) -> Floats:
    limit = np.array([pitch.length_m / 2 + RUN_OFF_M, pitch.width_m / 2 + RUN_OFF_M])
    return np.clip(xy_m, -limit, limit)


def _interpolated(n: Ints, parts: Sequence[tuple[Ints, Floats]]) -> Floats:
    ordered = sorted(parts, key=lambda part: int(part[0][0]))
    known_n = np.concatenate([part[0] for part in ordered])
    known = np.concatenate([part[1] for part in ordered])
    return np.column_stack([np.interp(n, known_n, known[:, axis]) for axis in range(known.shape[1])])
