"""Who is where around a shot, frame by frame, and what is made of it: the scene at its frame, the clip around it.

Everything is in the shot's coordinates: origin at the pitch centre, x towards the goal attacked, y to the attacker's
left.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.frame import OnPitch, without_outsiders
from xgoals.domain.motion import velocity_ms
from xgoals.domain.scene import Clip, FrameSource, Person, Scene
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ

Floats = npt.NDArray[np.float64]

CLIP_BEFORE = 3 * FRAME_RATE_HZ
CLIP_AFTER = 2 * FRAME_RATE_HZ


@dataclass(frozen=True, slots=True)
class Astray:
    """So many frames of somebody (or the ball) say that he is nowhere near the pitch; the first of them."""

    person_id: str
    n_frames: int
    first_n: int
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody in every frame of a window, in the shot's coordinates; NaN where somebody is not seen.

    ``n`` (F,), ``ball_xyz_m`` (F, 3), ``xy_m`` (F, P, 2), ``player_ids`` and ``team_ids`` of length P. ``astray``: the
    first place of each track that is nowhere near the pitch, and so is no position.
    """

    n: npt.NDArray[np.int64]
    ball_xyz_m: Floats
    xy_m: Floats
    player_ids: tuple[str, ...]
    team_ids: tuple[str, ...]
    astray: tuple[Astray, ...] = ()

    def index(self, n: int) -> int | None:
        """Index of a frame, None where the window does not hold it."""
        i = n - int(self.n[0])
        return i if 0 <= i < len(self.n) else None

    def is_covered(self, n: int) -> bool:
        """Whether anybody is seen at a frame."""
        i = self.index(n)
        return i is not None and bool(np.isfinite(self.xy_m[i]).any())


@dataclass(frozen=True, slots=True)
class Moment:
    """Which frame of a stage is whose shot, and how that is known."""

    shot_id: str
    shooter_id: str | None
    team_id: str
    frame_n: int
    source: FrameSource
    confidence: float
    clock_offset_s: float


@dataclass(frozen=True, slots=True)
class Cast:
    """Who keeps goal at a shot, and who takes part in it at all."""

    keepers: frozenset[str]
    on_pitch: OnPitch


def scene_at(view: Stage, moment: Moment, cast: Cast) -> tuple[Scene, tuple[str, ...]]:
    """The scene at a frame of a stage, and the ids of those in the frame who are not on the pitch.

    People who are not seen at the frame are left out.
    """
    i = moment.frame_n - int(view.n[0])
    people = []
    shooter_velocity = (float("nan"), float("nan"))
    for p, (player_id, team_id) in enumerate(zip(view.player_ids, view.team_ids, strict=True)):
        x, y = view.xy_m[i, p]
        if not np.isfinite([x, y]).all():
            continue
        vx, vy = velocity_ms(view.xy_m[:, p], i, FRAME_RATE_HZ)
        if player_id == moment.shooter_id:
            shooter_velocity = vx, vy
            continue
        people.append(
            Person(
                x_m=float(x),
                y_m=float(y),
                is_teammate=team_id == moment.team_id,
                is_keeper=player_id in cast.keepers,
                player_id=player_id,
                vx_ms=_or_none(vx),
                vy_ms=_or_none(vy),
            )
        )
    ball = view.ball_xyz_m[i]
    kept, outsiders = without_outsiders(people, cast.on_pitch, moment.shooter_id)
    scene = Scene(
        shot_id=moment.shot_id,
        people=kept,
        frame_source=moment.source,
        frame_n=moment.frame_n,
        clock_offset_s=moment.clock_offset_s,
        confidence=moment.confidence,
        shooter_vx_ms=_or_none(shooter_velocity[0]),
        shooter_vy_ms=_or_none(shooter_velocity[1]),
        ball_x_m=_or_none(ball[0]),
        ball_y_m=_or_none(ball[1]),
        ball_z_m=_or_none(ball[2]),
    )
    return scene, tuple(person.player_id or "" for person in outsiders)


def clip_around(
    view: Stage, moment: Moment, keepers: frozenset[str], outsiders: Collection[str] = ()
) -> Clip:
    """The clip from 3 s before to 2 s after the frame, as far as the stage reaches, without outsiders."""
    i = moment.frame_n - int(view.n[0])
    part = slice(max(i - CLIP_BEFORE, 0), i + CLIP_AFTER + 1)
    n = view.n[part]
    seen = np.isfinite(view.xy_m[part]).all(axis=2).any(axis=0)
    takes_part = np.array([player_id not in outsiders for player_id in view.player_ids], dtype=bool)
    chosen = np.flatnonzero(seen & takes_part)
    return Clip(
        shot_id=moment.shot_id,
        frame_n=n,
        time_s=(n - moment.frame_n) / FRAME_RATE_HZ,
        xy_m=view.xy_m[part][:, chosen].astype(np.float32),
        ball_xyz_m=view.ball_xyz_m[part].astype(np.float32),
        player_ids=tuple(view.player_ids[p] for p in chosen),
        is_teammate=tuple(view.team_ids[p] == moment.team_id for p in chosen),
        is_keeper=tuple(view.player_ids[p] in keepers for p in chosen),
    )


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
