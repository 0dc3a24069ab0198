"""The frames of a match's shots under one way to read its tracking: first with any clock, then with the agreed one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from xgoals.domain.pitch import Pitch
from xgoals.domain.shot import Outcome, Shot
from xgoals.feeds.synchronise.acceptance import with_holes
from xgoals.feeds.synchronise.clocks import SURE, ClockPrior, agreed_clock, place_sd_m
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ
from xgoals.feeds.synchronise.identities import Identities
from xgoals.feeds.synchronise.shot_frame import CLOCK_MEAN_S, PLACE_SD_M, Found, ShotWindow, find_shot_frame
from xgoals.feeds.synchronise.sides import Ends, ends_of
from xgoals.feeds.synchronise.stage import Stage
from xgoals.feeds.synchronise.views import named

FIRST_REACH_S = 22.0
"""The first search looks so far to either side of the event."""
SEARCH_BEFORE_S, SEARCH_AFTER_S = 9.5, 5.0
"""The second one, once the clock is known: as for a feed with one clock."""
REACHES_GOAL = (Outcome.GOAL, Outcome.SAVED, Outcome.OFF_TARGET, Outcome.WOODWORK)
SAME_PLACE_M = 3 * PLACE_SD_M
"""A shooter who is found further from where the events saw him is found in the wrong place."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A shot with its view in the stadium's directions; ``event_s`` is its time in the period by the events' clock."""

    shot: Shot
    view: Stage
    n_first: int
    event_s: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A frame found: ``index`` into the view, the view turned, how late the event is, and the frames looked at."""

    index: int
    confidence: float
    late_s: float
    off_m: float | None
    view: Stage
    looked_at: tuple[int, int]


@dataclass(slots=True)
class Attempt:
    """One way to read the tracking, and what comes of it."""

    who: Identities
    mirrored: bool
    ends: dict[int, Ends] = field(default_factory=dict)
    clocks: dict[int, ClockPrior] = field(default_factory=dict)
    place_sd_m: float = PLACE_SD_M
    hits: dict[str, Hit] = field(default_factory=dict)
    fit: float = 0.0


def attempt(
    candidates: Sequence[Candidate],
    who: Identities,
    teams: tuple[str, str],
    keepers: Collection[str],
    pitch: Pitch,
    *,
    mirrored: bool = False,
) -> Attempt:
    """The first search: signs by keepers, frames under any clock, the clock of each period.

    Parameters
    ----------
    candidates
        The shots that the tracking covers.
    who
        Who is who.
    teams
        Home, away.
    keepers
        Ids of those who keep goal.
    pitch
        The real one.
    mirrored
        Whether to take left for right.
    """
    result = Attempt(who, mirrored)
    for period in sorted({c.shot.period for c in candidates}):
        plain = [named(c.view, who, 1, mirrored=mirrored) for c in candidates if c.shot.period == period]
        ends = ends_of(plain, teams, keepers)
        if ends is not None:
            result.ends[period] = ends
    found = {c.shot.shot_id: hit for c in candidates if (hit := _find(c, result, teams, pitch, ClockPrior()))}
    for period in result.ends:
        late = [
            (hit.late_s, hit.confidence)
            for c in candidates
            if c.shot.period == period and (hit := found.get(c.shot.shot_id)) and _is_in_place(hit)
        ]
        result.clocks[period] = agreed_clock(late)
    result.hits = found
    result.place_sd_m = place_sd_m(hit.off_m for hit in found.values() if hit.confidence > SURE)
    sought = [c for c in candidates if c.shot.player_id in who.player_ids.values()]
    fits = [hit.confidence > SURE and _is_in_place(hit) for hit in found.values()]
    result.fit = sum(fits) / max(len(sought), len(found), 1)
    return result


def with_agreed_clocks(
    result: Attempt, candidates: Sequence[Candidate], teams: tuple[str, str], pitch: Pitch
) -> Mapping[str, Hit]:
    """The second search: within what the agreed clock leaves open, as far as shots agreed on one; holes count now."""
    hits = {}
    for candidate in candidates:
        clock = result.clocks.get(candidate.shot.period, ClockPrior())
        hit = _find(candidate, result, teams, pitch, clock, judge=with_holes)
        if hit is not None:
            hits[candidate.shot.shot_id] = hit
    return hits


def _confidence(_: ShotWindow, found: Found) -> float:
    return found.confidence


def _find(
    candidate: Candidate,
    result: Attempt,
    teams: tuple[str, str],
    pitch: Pitch,
    clock: ClockPrior,
    *,
    judge: Callable[[ShotWindow, Found], float] = _confidence,
) -> Hit | None:
    shot, ends = candidate.shot, result.ends.get(candidate.shot.period)
    if ends is None or shot.player_id is None:
        return None
    sign = ends.home_sign if shot.team_id == teams[0] else -ends.home_sign
    view = named(candidate.view, result.who, sign, mirrored=result.mirrored)
    if shot.player_id not in view.player_ids:
        return None
    event = (candidate.event_s * FRAME_RATE_HZ) - (int(view.n[0]) - candidate.n_first)
    first, last = _looked_at(event, len(view.n), clock)
    if last <= first:
        return None
    window = _window(shot, view, slice(first, last + 1), event - first, pitch, clock)
    window = replace(window, place_sd_m=result.place_sd_m)
    found = find_shot_frame(window)
    if found is None:
        return None
    sure = Found(found.index, judge(window, found))
    return _hit(sure, shot, view, (first, last), event)


def _looked_at(event: float, n_frames: int, clock: ClockPrior) -> tuple[int, int]:
    if clock.is_agreed:
        centre = event - (clock.mean_s - CLOCK_MEAN_S) * FRAME_RATE_HZ
        before_s, after_s = SEARCH_BEFORE_S, SEARCH_AFTER_S
    else:
        centre, before_s, after_s = event, FIRST_REACH_S, FIRST_REACH_S
    first, last = centre - before_s * FRAME_RATE_HZ, centre + after_s * FRAME_RATE_HZ
    return max(round(first), 0), min(round(last), n_frames - 1)


def _window(
    shot: Shot, view: Stage, part: slice, event_index: float, pitch: Pitch, clock: ClockPrior
) -> ShotWindow:
    is_shooter = np.array([player == shot.player_id for player in view.player_ids], dtype=bool)
    place = None if shot.x_m is None or shot.y_m is None else (shot.x_m, shot.y_m)
    return ShotWindow(
        ball_xyz_m=view.ball_xyz_m[part],
        shooter_xy_m=view.xy_m[part][:, is_shooter][:, 0],
        others_xy_m=view.xy_m[part][:, ~is_shooter],
        goal_x_m=pitch.goal_x_m,
        event_index=event_index,
        event_xy_m=place,
        reaches_goal=shot.outcome in REACHES_GOAL,
        clock_mean_s=clock.mean_s,
        clock_sd_s=clock.sd_s,
    )


def _hit(found: Found, shot: Shot, view: Stage, looked_at: tuple[int, int], event: float) -> Hit:
    index = looked_at[0] + found.index
    off_m = None
    if shot.x_m is not None and shot.y_m is not None:
        x_m, y_m = view.xy_m[index, view.player_ids.index(shot.player_id or "")]
        off_m = float(np.hypot(x_m - shot.x_m, y_m - shot.y_m))
    return Hit(index, found.confidence, (event - index) / FRAME_RATE_HZ, off_m, view, looked_at)


def _is_in_place(hit: Hit) -> bool:
    return hit.off_m is None or hit.off_m <= SAME_PLACE_M
