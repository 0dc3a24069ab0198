"""Events of one provider and tracking of another -> the same record with scenes and clips.

The shots stand whatever the tracking is worth: where it cannot be used a note says so, and they go without.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.frame import OnPitch
from xgoals.domain.match import Match
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import Clip, FrameSource, MatchRecord, Scene
from xgoals.domain.shot import Shot
from xgoals.feeds.synchronise.acceptance import (
    CAMERA_JITTER_M,
    Known,
    confidence_needed,
    is_ball_seen,
    jitter_m,
)
from xgoals.feeds.synchronise.clocks import ClockPrior
from xgoals.feeds.synchronise.identities import MIN_NAMED_SHARE, Identities, Member, identify
from xgoals.feeds.synchronise.search import Attempt, Candidate, Hit, attempt, with_agreed_clocks
from xgoals.feeds.synchronise.stage import Cast, Moment, clip_around, scene_at
from xgoals.feeds.synchronise.tracking import ReadWindows, Span, TrackingWindows, unusable
from xgoals.feeds.synchronise.views import views_of

log = logging.getLogger(__name__)

REACH_S = 26.0
"""Read to either side of an event: the widest search and the clip at its ends."""
MIN_FIT, CLEAR_FIT = 0.25, 0.5
"""Share of the shots that are found where the events saw them: below the one it is another match, below the other
something is the wrong way round."""
STRANGERS_TOLD = 8
MIN_SHOTS = 5
"""Fewer shots prove nothing."""
WITHOUT = "The shots stand; those without a frame go without tracking"
UNFORESEEN = "the tracking cannot be used, for a reason that nobody has foreseen"
REPORT = "Look at the file; if nothing is wrong with it, report this sentence and the log with its traceback"
CHECK = "Deliver the tracking of this match"


@dataclass(frozen=True, slots=True)
class Followed:
    """The record with all that the tracking gave, what is wrong with it, and the hashes of its files."""

    record: MatchRecord
    problems: list[Problem]
    sha256: Mapping[Path, str] = field(default_factory=dict)


def follow(record: MatchRecord, members: Sequence[Member], read: ReadWindows, where: str) -> Followed:
    """Bring the shots of a record and a tracking file together.

    Parameters
    ----------
    record
        By the events alone: shots with ``period_time_s`` and, if known, place and shooter.
    members
        The line-ups by the events, with shirts and names.
    read
        Reads windows of the tracking.
    where
        The tracking's file, for messages.
    """
    note = _Notes(record, where)
    try:
        return _Follower(record, members, note).follow(read)
    except FeedError as error:
        note.add(error.what, error.advice or WITHOUT, where=error.where)
        return Followed(record, note.problems)
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, the shots are not to blame
        log.warning("the tracking %s cannot be used", where, exc_info=error)
        last_line = traceback.format_exception_only(error)[-1].strip()
        note.add(f"{UNFORESEEN} ({last_line}): the shots go without tracking", REPORT)
        return Followed(record, note.problems)


class _Notes:
    """Problems of one tracking file."""

    def __init__(self, record: MatchRecord, where: str) -> None:
        self.problems: list[Problem] = []
        self._match = record.match
        self._where = where

    def add(self, reason: str, advice: str, *, shot: Shot | None = None, where: str | None = None) -> None:
        """Note what is wrong with the file, or with what it has of a shot."""
        shot_id = shot.shot_id if shot else None
        self.problems.append(
            Problem(
                path=where or self._where,
                reason=reason,
                advice=advice,
                match_id=self._match.match_id,
                place=f"shot {shot_id}, tracking" if shot else "tracking",
                provider=self._match.provider,
                shot_id=shot_id,
                field="tracking",
            )
        )


class _Follower:
    """Follows the shots of one match."""

    def __init__(self, record: MatchRecord, members: Sequence[Member], notes: _Notes) -> None:
        self.record = record
        self.members = members
        self.known = [*members, *_shooters(record, members)]
        self.notes = notes
        self.teams = (record.match.home.team_id, record.match.away.team_id)

    def follow(self, read: ReadWindows) -> Followed:
        """The record with scenes and clips."""
        timed = [(shot, s) for shot in self.record.shots if (s := shot.period_time_s) is not None]
        spans = [Span(shot.period, s - REACH_S, s + REACH_S) for shot, s in timed]
        windows = read(spans)
        for text in windows.notes:
            self.notes.add(text, WITHOUT)
        self._refuse_another_day(windows)
        self._refuse_another_world(windows)
        pitch = windows.pitch or self.record.match.pitch
        timed = [(shot.on_pitch(pitch, before=self.record.match.pitch), s) for shot, s in timed]
        views, far = views_of(windows, spans, pitch)
        for text in far:
            self.notes.add(text, "Check the tracking")
        candidates = [
            Candidate(shot, view, windows.periods[shot.period].n_first, s)
            for (shot, s), view in zip(timed, views, strict=True)
            if view is not None and np.isfinite(view.xy_m).any()
        ]
        self._refuse_short_periods(timed, windows)
        self._refuse_jitter(windows)
        best = self._best(candidates, windows, pitch)
        hits = with_agreed_clocks(best, candidates, self.teams, pitch)
        return self._followed(best, hits, windows, pitch)

    def _refuse_another_day(self, windows: TrackingWindows) -> None:
        match = self.record.match
        if windows.match_date and abs(windows.match_date - match.match_date) > timedelta(days=1):
            told = f"the tracking is of {windows.match_date}, the match was on {match.match_date}"
            raise unusable(told, windows.where, CHECK)

    def _refuse_another_world(self, windows: TrackingWindows) -> None:
        is_simulated = self.record.match.is_simulated
        if any(windows.tracks) and windows.is_simulated != is_simulated:
            of_match = "the match is simulated, and the tracking is not"
            of_tracking = "the tracking is simulated, and the match is not"
            raise unusable(of_match if is_simulated else of_tracking, windows.where, CHECK)

    def _refuse_short_periods(self, timed: Sequence[tuple[Shot, float]], windows: TrackingWindows) -> None:
        """Shots minutes after the end of their period: the frame rate is wrong, or the match."""
        for shot, time_s in timed:
            period = windows.periods.get(shot.period)
            length_s = period.length_s if period else None
            if length_s is not None and time_s > length_s + 2 * REACH_S:
                raise unusable(
                    f"shot {shot.shot_id} was taken {time_s / 60:.0f} min into period {shot.period}, which in the "
                    f"tracking has {length_s / 60:.0f} min at {windows.rate_hz:g} frames a second: the rate "
                    "is wrong, it is another match, or part of it is missing",
                    windows.where,
                )

    def _refuse_jitter(self, windows: TrackingWindows) -> None:
        """Places that jump from frame to frame: kicks cannot be told from noise, and speeds would be noise."""
        off_m = jitter_m(track for tracks in windows.tracks for track in tracks)
        if off_m > CAMERA_JITTER_M:
            told = f"places jitter by {off_m:.1f} m from frame to frame, as no camera's in a stadium do"
            raise unusable(f"{told}: tracking from a broadcast is not read", windows.where, CHECK)

    def _best(self, candidates: Sequence[Candidate], windows: TrackingWindows, pitch: Pitch) -> Attempt:
        """The way to read the tracking in which the shots are found where the events saw them."""
        people = list(windows.people.values())
        straight, swapped = (
            identify(people, self.known, self.record.match, swapped=s) for s in (False, True)
        )
        likely = swapped if _is_clearly_swapped(straight, swapped) else straight
        if not self.members and not likely.named:
            told = "there are no line-ups beside the events: nobody in the tracking has a name"
            raise unusable(told, windows.where, "Add the file that has them")
        if self.members and max(straight.share, swapped.share) < MIN_NAMED_SHARE:
            told = f"{likely.named} of {len(people)} people in the tracking are in the line-ups of the match"
            raise unusable(f"only {told}: it is another match's", windows.where, CHECK)
        keepers = self._keepers(windows, likely)

        def tried(who: Identities, mirrored: bool) -> Attempt:
            return attempt(candidates, who, self.teams, keepers, pitch, mirrored=mirrored)

        first = tried(likely, False)
        if first.fit < CLEAR_FIT and len(candidates) >= MIN_SHOTS:
            first = self._turned(first, (straight, swapped), tried)
        if first.fit < MIN_FIT and len(candidates) >= MIN_SHOTS:
            n_shots = len(candidates)
            told = f"{round(first.fit * n_shots)} of {n_shots} shots are found where the events saw them"
            rate = f"it is another match's, or its {windows.rate_hz:g} frames a second are wrong"
            raise unusable(f"only {told}: {rate}", windows.where, CHECK)
        if first.who is swapped or _sides_by_id(windows, first.who, self.teams):
            self.notes.add(
                "home and away are swapped in the tracking", "They are taken from line-ups and shots"
            )
        if first.mirrored:
            self.notes.add("the tracking has left and right the wrong way round", "It is read mirrored")
        return first

    def _turned(
        self,
        first: Attempt,
        ways: tuple[Identities, Identities],
        tried: Callable[[Identities, bool], Attempt],
    ) -> Attempt:
        """The best of all ways to read it, where it is clearly better than the likely one."""
        others = [
            tried(who, mirrored)
            for who in ways
            for mirrored in (False, True)
            if who is not first.who or mirrored != first.mirrored
        ]
        best = max(others, key=lambda one: one.fit)
        return best if best.fit >= max(2 * first.fit, CLEAR_FIT) else first

    def _keepers(self, windows: TrackingWindows, who: Identities) -> frozenset[str]:
        tracked = {who.player_ids[key] for key, person in windows.people.items() if person.is_keeper}
        return frozenset(tracked | {member.player_id for member in self.members if member.is_keeper})

    def _followed(
        self, best: Attempt, hits: Mapping[str, Hit], windows: TrackingWindows, pitch: Pitch
    ) -> Followed:
        keepers = self._keepers(windows, best.who)
        shots, scenes, clips = list[Shot](), list[Scene](), list[Clip]()
        before = self.record.match.pitch
        for shot in (shot.on_pitch(pitch, before=before) for shot in self.record.shots):
            hit = hits.get(shot.shot_id)
            why = self._why_not(shot, hit, best)
            if hit is None or why is not None:
                self.notes.add(
                    f"{why}: the shot goes without tracking", "Features of tracking are missing", shot=shot
                )
                shots.append(shot)
                scenes.append(Scene(shot.shot_id))
                continue
            scene, clip = _scene_and_clip(shot, hit, best, keepers)
            shots.append(_placed(shot, hit))
            scenes.append(scene)
            clips.append(clip)
        self._name_strangers(best.who, windows)
        match: Match = replace(self.record.match, pitch=pitch)
        record = replace(
            self.record, match=match, shots=tuple(shots), scenes=tuple(scenes), clips=tuple(clips)
        )
        return Followed(record, self.notes.problems, windows.sha256)

    def _why_not(self, shot: Shot, hit: Hit | None, best: Attempt) -> str | None:
        """Why a shot has no frame; None where it has one."""
        if shot.player_id is None:
            return "nobody is named as the shooter"
        if shot.period_time_s is None:
            return "its time is not known"
        if hit is None:
            is_known = shot.player_id in best.who.player_ids.values()
            return (
                "no frame of ball and shooter around it" if is_known else "the shooter is not in the tracking"
            )
        agreed = best.clocks.get(shot.period, ClockPrior()).is_agreed
        known = Known(agreed, best.place_sd_m)
        needed = confidence_needed(hit.view, *hit.looked_at, known)
        if hit.confidence < needed:
            return f"no frame is clearly the shot's (confidence {hit.confidence:.2f} where {needed:.1f} is needed)"
        return None if is_ball_seen(hit.view, hit.index) else "the ball is not seen around the shot"

    def _name_strangers(self, who: Identities, windows: TrackingWindows) -> None:
        if who.strangers and self.members:
            told = ", ".join(_shown(windows, key) for key in who.strangers[:STRANGERS_TOLD])
            if len(who.strangers) > STRANGERS_TOLD:
                told = f"{told} and {len(who.strangers) - STRANGERS_TOLD} more"
            self.notes.add(
                f"in the tracking and in no line-up: {told}", "They stay in the frames without a name"
            )


def _shooters(record: MatchRecord, members: Sequence[Member]) -> Iterator[Member]:
    """Those who shoot and are in no line-up: by their ids they may be found all the same."""
    known = {member.player_id for member in members}
    shooters = {shot.player_id: shot.team_id for shot in record.shots if shot.player_id}
    return (Member(player, team) for player, team in shooters.items() if player not in known)


def _is_clearly_swapped(straight: Identities, swapped: Identities) -> bool:
    """Whether the line-ups fit with home and away the other way round, by names and ids or, without any, by shirts."""
    if straight.by_id_or_name != swapped.by_id_or_name:
        return swapped.by_id_or_name > straight.by_id_or_name + 2
    return swapped.share > straight.share + 0.2


def _sides_by_id(windows: TrackingWindows, who: Identities, teams: tuple[str, str]) -> bool:
    """Whether most people are by their ids in the other team than the file says."""
    astray = [
        who.team_ids[key] != teams[0 if person.side == "home" else 1]
        for key, person in windows.people.items()
    ]
    return sum(astray) > len(astray) / 2


def _shown(windows: TrackingWindows, key: str) -> str:
    person = windows.people[key]
    return f"{person.side} {person.name or person.shirt or person.player_id}"


def _placed(shot: Shot, hit: Hit) -> Shot:
    """The shot where its shooter stands in the tracks."""
    x_m, y_m = hit.view.xy_m[hit.index, hit.view.player_ids.index(shot.player_id or "")].tolist()
    return replace(shot, x_m=x_m, y_m=y_m, raw={**shot.raw, "place": "tracking"})


def _scene_and_clip(shot: Shot, hit: Hit, best: Attempt, keepers: frozenset[str]) -> tuple[Scene, Clip]:
    view = hit.view
    there = {p for i, p in enumerate(view.player_ids) if np.isfinite(view.xy_m[hit.index, i]).all()}
    kept = frozenset(
        _with_rearmost(keepers & there, there, best, shot.period, view.player_ids, view.team_ids)
    )
    moment = Moment(
        shot_id=shot.shot_id,
        shooter_id=shot.player_id,
        team_id=shot.team_id,
        frame_n=int(view.n[hit.index]),
        source=FrameSource.FOUND,
        confidence=hit.confidence,
        clock_offset_s=round(hit.late_s, 3),
    )
    scene, outsiders = scene_at(view, moment, Cast(kept, OnPitch()))
    return scene, clip_around(view, moment, kept, outsiders)


def _with_rearmost(
    keepers: Iterable[str],
    there: set[str],
    best: Attempt,
    period: int,
    player_ids: Sequence[str],
    team_ids: Sequence[str],
) -> Iterator[str]:
    """Those who keep goal at a shot; of a team without one in the frame, its last man of the period."""
    team_of = dict(zip(player_ids, team_ids, strict=True))
    keepers = list(keepers)
    yield from keepers
    for team, last in best.ends[period].rearmost.items():
        if last in there and team not in {team_of[keeper] for keeper in keepers}:
            yield last
