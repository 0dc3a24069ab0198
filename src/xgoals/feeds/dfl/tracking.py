"""Shots meet tracking: which frame is whose shot, and the positions around it.

Official frames are taken as they are. Where there is none, the finder looks at EventTime -9.5 s to +5 s, for
the operator's clock is between 2.1 s early and 5.9 s late on real shots.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.motion import SLOPE_FRAMES
from xgoals.domain.pitch import DFL_EVENT_PITCH, Pitch
from xgoals.domain.scene import FrameSource
from xgoals.domain.shot import Outcome
from xgoals.feeds.dfl.matchinfo import PROVIDER
from xgoals.feeds.dfl.positions import PositionsFile
from xgoals.feeds.dfl.sections import sections_by_period
from xgoals.feeds.dfl.shots import ShotEvent
from xgoals.feeds.dfl.stages import stage
from xgoals.feeds.dfl.tracks import Clock, Window, check_time
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ
from xgoals.feeds.synchronise.shot_frame import ShotWindow, find_shot_frame
from xgoals.feeds.synchronise.stage import CLIP_AFTER, CLIP_BEFORE, Astray, Moment, Stage

SEARCH_BEFORE = timedelta(seconds=9.5)
SEARCH_AFTER = timedelta(seconds=5)
MIN_CONFIDENCE = 0.3
"""Below it a found frame is as likely wrong as right: the shot goes without tracking."""
FULL_MATCH_FRAMES = 20 * 60 * FRAME_RATE_HZ
"""A file with more of the ball than this is a whole match, not an excerpt: holes in it are damage."""
HOLE_FRAMES = 60 * FRAME_RATE_HZ
MAX_CONTACT_M = 5.0
MAX_STRAY_S = 60.0
"""On real shots an event's clock is at most 6 s off its frame's."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A shot with its moment and the stage that holds it; ``x_m, y_m`` is where the shooter stands."""

    stage: Stage
    moment: Moment
    x_m: float | None
    y_m: float | None


@dataclass(slots=True)
class Tracking:
    """The shots of a match that have positions, by shot id, and what is wrong with the others."""

    shots: dict[str, Tracked] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class ShotTracker:
    """Finds the frames and stages of one match's shots.

    Parameters
    ----------
    positions, clocks
        The opened file and the clock of each half.
    pitch
        The real pitch.
    team_ids
        The two teams.
    signs
        For each period and team +1 where it attacks towards +x in the stadium's directions, else -1.
    where, match_id
        For messages.
    """

    def __init__(
        self,
        positions: PositionsFile,
        clocks: Mapping[str, Clock],
        pitch: Pitch,
        team_ids: tuple[str, str],
        signs: Mapping[tuple[int, str], int],
        where: str,
        match_id: str,
    ) -> None:
        self.positions = positions
        self.clocks = clocks
        self.pitch = pitch
        self.team_ids = team_ids
        self.signs = signs
        self.where = where
        self.match_id = match_id
        self.result = Tracking()
        self._sections = sections_by_period(positions.heads)
        self._astray: list[tuple[ShotEvent, Astray]] = []

    def track(self, shots: Sequence[ShotEvent]) -> Tracking:
        """Moments and stages of all shots that the positions cover.

        Raises
        ------
        FeedError
            If the clock jumps within a window, or a whole match's file has a hole where shots were taken.
        """
        shots = [self._with_likely_frame(shot) for shot in shots]
        frames = self._official_frames(shots)
        searched = [shot for shot in shots if shot.shot_id not in frames]
        frames |= self._found_frames(searched)
        placed = [shot for shot in shots if shot.shot_id in frames]
        windows = [self._clip_window(shot, frames[shot.shot_id].frame_n) for shot in placed]
        for shot, view in zip(placed, self._stages(placed, windows), strict=True):
            moment = frames[shot.shot_id]
            if view.is_covered(moment.frame_n):
                self.result.shots[shot.shot_id] = self._tracked(shot, moment, view)
        self._judge_the_uncovered(shots)
        self._tell_astray()
        return self.result

    def _with_likely_frame(self, shot: ShotEvent) -> ShotEvent:
        """The shot without an official frame that is minutes away from its event: one number is wrong, not the file."""
        clock = self.clocks.get(self._sections[shot.period])
        if shot.frame_n is None or clock is None:
            return shot
        stray_s = (shot.frame_n - clock.frame(shot.time)) / FRAME_RATE_HZ
        is_confirmed = shot.frame_time and abs(shot.frame_n - clock.frame(shot.frame_time)) <= FRAME_RATE_HZ
        if abs(stray_s) <= MAX_STRAY_S or is_confirmed:
            return shot
        reason = f"CalculatedFrame {shot.frame_n} is {stray_s:+.0f} s away from the event"
        self._note(shot, reason, "CalculatedFrame", advice="It is left out, and the frame is looked for")
        return replace(shot, frame_n=None)

    def _official_frames(self, shots: Sequence[ShotEvent]) -> dict[str, Moment]:
        frames = {}
        for shot in shots:
            clock = self.clocks.get(self._sections[shot.period])
            if shot.frame_n is None or clock is None or not clock.n_origin <= shot.frame_n <= clock.n_last:
                continue
            taken_s = clock.time_s(shot.frame_n)
            if shot.frame_time and abs(taken_s - shot.frame_time.timestamp()) > 1 / FRAME_RATE_HZ:
                stray_s = shot.frame_time.timestamp() - taken_s
                self._note(
                    shot, f"CalculatedTimestamp and CalculatedFrame differ by {stray_s:+.2f} s", "frame"
                )
            offset_s = shot.time.timestamp() - taken_s
            frames[shot.shot_id] = _moment(shot, shot.frame_n, FrameSource.OFFICIAL, 1.0, offset_s)
        return frames

    def _found_frames(self, shots: Sequence[ShotEvent]) -> dict[str, Moment]:
        candidates = [
            shot
            for shot in shots
            if shot.frame_n is None and shot.player_id and shot.is_clock_right and self._has_clock(shot)
        ]
        windows = [self._search_window(shot) for shot in candidates]
        frames = {}
        for shot, view in zip(candidates, self._stages(candidates, windows), strict=True):
            clock = self.clocks[self._sections[shot.period]]
            found = find_shot_frame(self._shot_window(shot, view, clock))
            if found is None or found.confidence < MIN_CONFIDENCE:
                continue
            frame_n = int(view.n[found.index])
            offset_s = shot.time.timestamp() - clock.time_s(frame_n)
            frames[shot.shot_id] = _moment(shot, frame_n, FrameSource.FOUND, found.confidence, offset_s)
        return frames

    def _has_clock(self, shot: ShotEvent) -> bool:
        return self._sections[shot.period] in self.clocks

    def _search_window(self, shot: ShotEvent) -> Window:
        section = self._sections[shot.period]
        clock = self.clocks[section]
        return Window(section, clock.frame(shot.time - SEARCH_BEFORE), clock.frame(shot.time + SEARCH_AFTER))

    def _clip_window(self, shot: ShotEvent, n: int) -> Window:
        return Window(
            self._sections[shot.period], n - CLIP_BEFORE - SLOPE_FRAMES, n + CLIP_AFTER + SLOPE_FRAMES
        )

    def _stages(self, shots: Sequence[ShotEvent], windows: Sequence[Window]) -> list[Stage]:
        stages = []
        for shot, window, tracks in zip(shots, windows, self.positions.windows(windows), strict=True):
            clock = self.clocks[window.section]
            for track in tracks:
                for row in (0, -1):
                    check_time(clock, window.section, int(track.n[row]), float(track.t_s[row]), self.where)
            view = stage(tracks, window, self._sign(shot), self.team_ids, self.pitch)
            self._astray += [(shot, astray) for astray in view.astray]
            stages.append(view)
        return stages

    def _shot_window(self, shot: ShotEvent, view: Stage, clock: Clock) -> ShotWindow:
        is_shooter = np.array([player == shot.player_id for player in view.player_ids], dtype=bool)
        nobody = np.full((len(view.n), 2), np.nan)
        shooter = view.xy_m[:, is_shooter][:, 0] if is_shooter.any() else nobody
        return ShotWindow(
            ball_xyz_m=view.ball_xyz_m,
            shooter_xy_m=shooter,
            others_xy_m=view.xy_m[:, ~is_shooter],
            goal_x_m=self.pitch.goal_x_m,
            event_index=(shot.time.timestamp() - clock.time_s(int(view.n[0]))) * FRAME_RATE_HZ,
            event_xy_m=event_place(shot.event_xy_m, self._sign(shot), self.pitch),
            reaches_goal=shot.outcome in (Outcome.GOAL, Outcome.SAVED, Outcome.OFF_TARGET, Outcome.WOODWORK),
        )

    def _tracked(self, shot: ShotEvent, moment: Moment, view: Stage) -> Tracked:
        i = moment.frame_n - int(view.n[0])
        if shot.player_id not in view.player_ids:
            self._note(shot, "the shooter is not in the positions", "shooter")
            return Tracked(view, moment, None, None)
        x, y = view.xy_m[i, view.player_ids.index(shot.player_id)]
        if not np.isfinite([x, y]).all():
            self._note(shot, f"the shooter has no position at frame {moment.frame_n}", "shooter")
            return Tracked(view, moment, None, None)
        distance_m = float(np.hypot(*(view.ball_xyz_m[i, :2] - (x, y))))
        if not np.isfinite(distance_m):
            self._note(shot, f"the ball has no position at frame {moment.frame_n}", "ball")
        elif distance_m > MAX_CONTACT_M:
            self._note(
                shot, f"the ball is {distance_m:.1f} m from the shooter at frame {moment.frame_n}", "ball"
            )
        return Tracked(view, moment, float(x), float(y))

    def _tell_astray(self) -> None:
        """One note on each person (or the ball) with places that are none, by the first shot that shows one."""
        by_person: dict[str, list[tuple[ShotEvent, Astray]]] = {}
        for shot, astray in self._astray:
            by_person.setdefault(astray.person_id, []).append((shot, astray))
        for person_id, found in by_person.items():
            shot, first = found[0]
            n_frames, n_shots = (
                sum(astray.n_frames for _, astray in found),
                len({s.shot_id for s, _ in found}),
            )
            reason = (
                f"{person_id} is nowhere near the pitch in {n_frames} frames around {n_shots} shots, "
                f"first at ({first.x_m:g}, {first.y_m:g}) m in frame {first.first_n}"
            )
            self._note(shot, reason, "positions", advice="These are no positions; check the tracking")

    def _judge_the_uncovered(self, shots: Sequence[ShotEvent]) -> None:
        """Shots without positions: damage where a whole match has a hole, else a note each."""
        missing = [shot for shot in shots if shot.shot_id not in self.result.shots]
        if not missing:
            return
        if self.positions.ball_frames() >= FULL_MATCH_FRAMES:
            for shot in missing:
                if shot.is_clock_right:
                    self._refuse_hole(shot)
        for shot in missing:
            frame = (
                "no official frame, and none found" if shot.frame_n is None else f"no frame {shot.frame_n}"
            )
            reason = f"{frame} in the positions: the shot goes without tracking"
            self._note(shot, reason, "positions", advice="Features of tracking are missing")

    def _refuse_hole(self, shot: ShotEvent) -> None:
        """Raise FeedError if nobody is seen for a minute around a shot."""
        section = self._sections[shot.period]
        clock = self.clocks.get(section)
        centre = shot.frame_n or (clock.frame(shot.time) if clock else 0)
        around = Window(section, centre - HOLE_FRAMES // 2, centre + HOLE_FRAMES // 2)
        if clock is None or not self.positions.windows([around])[0]:
            raise FeedError(
                f"no positions around frame {centre}, where {shot.shot_id} was shot: part of the match is missing",
                where=f"{self.where}, {section}, N={centre}",
                advice="Ask for a complete positions file, or leave it out to take the match without tracking",
            )

    def _sign(self, shot: ShotEvent) -> int:
        return self.signs[shot.period, shot.team_id]

    def _note(self, shot: ShotEvent, reason: str, field: str, *, advice: str = "Check the positions") -> None:
        self.result.problems.append(
            Problem(
                path=self.where,
                reason=reason,
                advice=advice,
                match_id=self.match_id,
                place=f"shot {shot.shot_id}, {field}",
                provider=PROVIDER,
                shot_id=shot.shot_id,
                field=field,
            )
        )


def event_place(
    corner_xy_m: tuple[float, float] | None, sign: int, pitch: Pitch
) -> tuple[float, float] | None:
    """A place on the events' 105 x 68 -> the shot's coordinates on the real pitch.

    Distance from the goal line attacked and from the middle are kept, not scaled: the penalty area has the
    same size on every pitch.

    Parameters
    ----------
    corner_xy_m
        Origin in the corner.
    sign
        +1 where the team attacks towards x = 105, else -1.
    pitch
        The real pitch.
    """
    if corner_xy_m is None:
        return None
    x, y = corner_xy_m
    from_goal_line = DFL_EVENT_PITCH.length_m - x if sign > 0 else x
    return pitch.goal_x_m - from_goal_line, sign * (y - DFL_EVENT_PITCH.width_m / 2)


def _moment(shot: ShotEvent, n: int, source: FrameSource, confidence: float, offset_s: float) -> Moment:
    return Moment(shot.shot_id, shot.player_id, shot.team_id, n, source, confidence, round(offset_s, 3))
