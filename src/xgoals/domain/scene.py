"""A scene: where everybody was when the shot was taken. A clip: the seconds around it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xgoals.domain.incident import Incident
from xgoals.domain.match import Match, OwnGoal, Player, Team
from xgoals.domain.shot import Shot

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class FrameSource(StrEnum):
    """Where positions come from: the provider's synchronisation, ours, a freeze frame, nowhere."""

    OFFICIAL = "official"
    FOUND = "found"
    FREEZE_FRAME = "freeze_frame"
    NONE = "none"


WITHOUT_POSITIONS = " without positions"
"""Behind the kind of those shots whose number knows nobody's position: they are ranked among themselves."""


@dataclass(frozen=True, slots=True)
class Person:
    """One player other than the shooter, in the shot's coordinates; velocities are None without tracking."""

    x_m: float
    y_m: float
    is_teammate: bool
    is_keeper: bool
    player_id: str | None = None
    vx_ms: float | None = None
    vy_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everybody at the moment of one shot.

    ``clock_offset_s`` is the event's time minus the time of the frame (positive: the event is late).
    ``confidence`` (0-1) says how sure the synchronisation is. ``ball_z_m`` is the height of the ball.
    """

    shot_id: str
    people: tuple[Person, ...] = ()
    frame_source: FrameSource = FrameSource.NONE
    frame_n: int | None = None
    clock_offset_s: float | None = None
    confidence: float | None = None
    shooter_vx_ms: float | None = None
    shooter_vy_ms: float | None = None
    ball_x_m: float | None = None
    ball_y_m: float | None = None
    ball_z_m: float | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """The seconds around a shot at 25 Hz, in the shot's coordinates.

    ``frame_n`` has shape (frames,); ``xy_m`` (frames, people, 2) with NaN where someone is not on the pitch;
    ``ball_xyz_m`` (frames, 3). ``player_ids``, ``is_teammate``, ``is_keeper`` have length people.
    """

    shot_id: str
    frame_n: "npt.NDArray[np.int64]"
    time_s: "npt.NDArray[np.float64]"
    xy_m: "npt.NDArray[np.float32]"
    ball_xyz_m: "npt.NDArray[np.float32]"
    player_ids: tuple[str, ...]
    is_teammate: tuple[bool, ...]
    is_keeper: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """All that a feed knows of one match: what one ingest transaction writes."""

    match: Match
    teams: tuple[Team, ...]
    players: tuple[Player, ...]
    shots: tuple[Shot, ...]
    scenes: tuple[Scene, ...]
    clips: tuple[Clip, ...] = ()
    own_goals: tuple[OwnGoal, ...] = ()
    incidents: tuple[Incident, ...] = ()
