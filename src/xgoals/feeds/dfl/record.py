"""Shots, tracks and sides of one match -> its record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xgoals.domain.bounds import FIRST_MINUTE, SHOT_OUTSIDE_M, is_on
from xgoals.domain.errors import Problem
from xgoals.domain.match import MatchStatus, OwnGoal
from xgoals.domain.scene import Clip, MatchRecord, Scene
from xgoals.domain.shot import Shot
from xgoals.feeds.dfl.events import EventSheet
from xgoals.feeds.dfl.incidents import in_periods
from xgoals.feeds.dfl.matchinfo import PROVIDER, MatchInfo
from xgoals.feeds.dfl.shots import ShotEvent
from xgoals.feeds.dfl.sides import Signs
from xgoals.feeds.dfl.tracking import Tracked, event_place
from xgoals.feeds.synchronise.stage import Cast, clip_around, scene_at


class RecordBuilder:
    """Puts the record of one match together, and notes what does not fit."""

    def __init__(self, info: MatchInfo, sheet: EventSheet, signs: Signs, where: str) -> None:
        self.info = info
        self.sheet = sheet
        self.signs = signs
        self.where = where
        self.problems: list[Problem] = []

    def record(self, shots: Sequence[ShotEvent], tracked: Mapping[str, Tracked]) -> MatchRecord:
        """The record, as yet with any values."""
        match = self.info.match
        if self.sheet.is_broken_off:
            match = replace(match, status=MatchStatus.ABANDONED)
            reason = "the match was broken off (BreakingOff at a FinalWhistle)"
            advice = "The match is marked; its shots count, its result has no place among results"
            self._note("BreakingOff", reason, advice)
        domain_shots: list[Shot] = []
        scenes: list[Scene] = []
        clips: list[Clip] = []
        for number, shot in enumerate(shots):
            here = tracked.get(shot.shot_id)
            domain_shots.append(self._shot(number, shot, here))
            scenes.append(self._scene(shot, here, clips))
        return MatchRecord(
            match=match,
            teams=(match.home, match.away),
            players=tuple(self.info.squads.players.values()),
            shots=tuple(domain_shots),
            scenes=tuple(scenes),
            clips=tuple(clips),
            own_goals=tuple(self._own_goals()),
            incidents=tuple(in_periods(self.sheet.incidents, self.sheet.halves)),
        )

    def _shot(self, number: int, shot: ShotEvent, here: Tracked | None) -> Shot:
        period_time_s = self.sheet.halves.seconds_in(shot.period, shot.time)
        whole_s = int(period_time_s or 0)
        is_timed = shot.is_clock_right or shot.frame_time is not None
        x_m, y_m, place = self._place(shot, here)
        return Shot(
            shot_id=shot.shot_id,
            event_n=number,
            period=shot.period,
            minute=FIRST_MINUTE[shot.period] + whole_s // 60,
            second=whole_s % 60,
            period_time_s=period_time_s if is_timed else None,
            team_id=shot.team_id,
            player_id=shot.player_id,
            x_m=x_m,
            y_m=y_m,
            body_part=shot.body_part,
            shot_type=shot.shot_type,
            outcome=shot.outcome,
            ball_control=shot.ball_control,
            set_up=shot.set_up,
            technique=shot.technique,
            event_time=shot.time if is_timed else None,
            provider_xg=shot.provider_xg,
            official=shot.official,
            raw={**shot.raw, "place": place},
            circumstances=shot.circumstances,
        )

    def _place(self, shot: ShotEvent, here: Tracked | None) -> tuple[float | None, float | None, str]:
        """Where the shot is: the shooter in the tracks, else the provider's place, else the operator's."""
        pitch, sign = self.info.match.pitch, self.signs[shot.period, shot.team_id]
        tracked = None if here is None or here.x_m is None or here.y_m is None else (here.x_m, here.y_m)
        found = (
            (tracked, "tracking"),
            (event_place(shot.tracked_xy_m, sign, pitch), "provider's tracking"),
            (event_place(shot.event_xy_m, sign, pitch), "event"),
        )
        for xy, name in found:
            if xy is None:
                continue
            if is_on(pitch, *xy, SHOT_OUTSIDE_M):
                return *xy, name
            reason = f"the shot's place by {name} cannot be: ({xy[0]:.2f}, {xy[1]:.2f}) m from the centre"
            self._note("place", reason, "Another source is taken, or the place is missing", shot.shot_id)
        return None, None, "none"

    def _scene(self, shot: ShotEvent, here: Tracked | None, clips: list[Clip]) -> Scene:
        """The scene of a shot; its clip goes to ``clips``."""
        if here is None:
            return Scene(shot_id=shot.shot_id)
        cast = self._cast(shot)
        scene, outsiders = scene_at(here.stage, here.moment, cast)
        clips.append(clip_around(here.stage, here.moment, cast.keepers, outsiders))
        if outsiders:
            reason = f"in the frame and not on the pitch by line-up and substitutions: {', '.join(outsiders)}"
            self._note("people", reason, "Left out of the frame; check the positions", shot.shot_id)
        return scene

    def _cast(self, shot: ShotEvent) -> Cast:
        """Who keeps goal at the time of a shot (the latest of each team), and who is on the pitch."""
        squads, (home, away) = self.info.squads, (self.info.match.home.team_id, self.info.match.away.team_id)
        latest = {squads.team_of[player]: player for player in squads.starting_keepers}
        for time, player in sorted(self.sheet.keeper_changes):
            team = squads.team_of.get(player)
            if team is not None and time <= shot.time:
                latest[team] = player
        opponents = away if shot.team_id == home else home
        on_pitch = self.sheet.presence.at(shot.time, shot.team_id, opponents)
        return Cast(frozenset(latest.values()), on_pitch)

    def _own_goals(self) -> Iterable[OwnGoal]:
        for note in self.sheet.own_goals:
            halves = self.sheet.halves
            time = halves.nearest_in(note.time)
            period = halves.period_at(time)
            second = int(halves.seconds_in(period, time) or 0) % 60
            yield OwnGoal(note.team_id, note.player_id, halves.minute(time), period, second)

    def _note(self, field: str, reason: str, advice: str, shot_id: str | None = None) -> None:
        place = field if shot_id is None else f"shot {shot_id}, {field}"
        self.problems.append(
            Problem(
                path=self.where,
                reason=reason,
                advice=advice,
                match_id=self.info.match.match_id,
                place=place,
                provider=PROVIDER,
                shot_id=shot_id,
                field=field,
            )
        )
