"""Which team attacks which goal in each period, and the tracks of the shots that follow from it.

Kick-offs say who plays on the left. A feed that has it the wrong way round turns every shot of a half: the shots'
places in the events and, better, the keepers in the tracks contradict it, and then they are right.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xgoals.domain.bounds import FIRST_MINUTE
from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.pitch import DFL_EVENT_PITCH
from xgoals.feeds.dfl.events import EventSheet
from xgoals.feeds.dfl.matchinfo import PROVIDER, MatchInfo, odd_pitch, plausible_pitch
from xgoals.feeds.dfl.positions import PositionsFile, open_positions
from xgoals.feeds.dfl.shots import ShotEvent
from xgoals.feeds.dfl.tracking import ShotTracker, Tracked, Tracking
from xgoals.feeds.dfl.tracks import ReadPath, check_heads
from xgoals.feeds.safe_xml import RESEND
from xgoals.feeds.synchronise.stage import Stage

Signs = Mapping[tuple[int, str], int]
"""+1 for each period and team that attacks towards x = 105 (in the tracks: towards +x), else -1."""

KEEPERS_NEEDED = 2
"""A single keeper in the wrong half may have gone up for a corner."""
CLEAR_VOTES = 3
"""So many shots, and three times as many as speak for it, contradict what a kick-off says."""


def signs_by_events(sheet: EventSheet, info: MatchInfo, where: str) -> Signs:
    """The sides by ``TeamLeft``; where the feed does not say them, or clearly wrong, by the shots' own places."""
    teams = (info.match.home.team_id, info.match.away.team_id)
    signs: dict[tuple[int, str], int] = {}
    for period in FIRST_MINUTE:
        said = sheet.team_left.get(period)
        left, reason = _left_team(
            [shot for shot in sheet.shots if shot.period == period], teams, said, period
        )
        if reason is not None:
            sheet.problems.append(_problem(where, reason, RESEND, info, period))
        for team in teams:
            signs[period, team] = 1 if team == left else -1
    return signs


def _left_team(
    shots: Sequence[ShotEvent], teams: tuple[str, str], said: str | None, period: int
) -> tuple[str | None, str | None]:
    """Who attacks towards x = 105, and what to say if that is not what the kick-off says."""
    middle = DFL_EVENT_PITCH.length_m / 2
    votes = [
        teams[0] if (shot.event_xy_m[0] > middle) == (shot.team_id == teams[0]) else teams[1]
        for shot in shots
        if shot.event_xy_m is not None
    ]
    by_shots = teams[0] if votes.count(teams[0]) >= votes.count(teams[1]) else teams[1]
    if said is None:
        reason = f"no TeamLeft for period {period}: sides taken from the shots' places"
        return (by_shots, reason) if shots else (None, None)
    against = len(votes) - votes.count(said)
    if against >= CLEAR_VOTES and against >= 3 * votes.count(said):
        places = f"the places of {against} of {len(votes)} shots"
        return by_shots, f"TeamLeft of period {period} contradicts {places}: sides taken from these"
    return said, None


@dataclass(frozen=True, slots=True)
class Followed:
    """The match's real pitch, its tracked shots, the sides, the positions' hash, and how they were read."""

    info: MatchInfo
    tracking: Tracking
    signs: Signs
    sha256: str
    read_path: ReadPath


def follow(path: Path, sheet: EventSheet, info: MatchInfo, signs: Signs) -> Followed:
    """Follow the shots in the positions; where the keepers contradict the sides, the keepers are right.

    Raises
    ------
    FeedError
        If the positions are another match's, or damaged.
    """
    teams = (info.match.home.team_id, info.match.away.team_id)
    with open_positions(path) as positions:
        if not {head.team_id for head in positions.heads} & set(teams):
            raise FeedError(
                "nobody of the two teams is in the positions",
                where=str(path),
                advice="Deliver each match's own file",
            )
        info, notes = _on_real_pitch(info, positions, path)
        clocks = check_heads(positions.heads, info.match.match_id, str(path))

        def track(signs: Signs) -> Tracking:
            tracker = ShotTracker(
                positions, clocks, info.match.pitch, teams, signs, str(path), info.match.match_id
            )
            return tracker.track(sheet.shots)

        tracking, signs, doubts = _believe_keepers(track, sheet, signs, str(path), info)
        tracking.problems += [*notes, *doubts]
        return Followed(info, tracking, signs, positions.sha256, positions.read_path)


def _on_real_pitch(info: MatchInfo, positions: PositionsFile, path: Path) -> tuple[MatchInfo, list[Problem]]:
    """The match on the pitch that the positions name, if it can be."""
    if positions.pitch_size is None:
        return info, []
    pitch = plausible_pitch(*positions.pitch_size)
    if pitch is not None:
        return replace(info, match=replace(info.match, pitch=pitch)), []
    reason, advice = odd_pitch(*positions.pitch_size)
    match_id = info.match.match_id
    return info, [
        Problem(str(path), reason, advice, match_id, "PitchSize", provider=PROVIDER, field="PitchSize")
    ]


def _believe_keepers(
    track: Callable[[Signs], Tracking], sheet: EventSheet, signs: Signs, where: str, info: MatchInfo
) -> tuple[Tracking, Signs, list[Problem]]:
    """Track the shots, and once more with the sides swapped in the periods in which the keepers contradict them."""
    tracking = track(signs)
    keepers = info.squads.starting_keepers | {player for _, player in sheet.keeper_changes}
    wrong = set(_contradicted(tracking.shots.values(), {s.shot_id: s.period for s in sheet.shots}, keepers))
    if not wrong:
        return tracking, signs, []
    swapped = {(period, team): -sign if period in wrong else sign for (period, team), sign in signs.items()}
    reason = "the keepers stand at the other ends than TeamLeft says: the sides are taken from the keepers"
    doubts = [
        _problem(where, f"{reason} in period {n}", "Check TeamLeft of the kick-off", info, n) for n in wrong
    ]
    return track(swapped), swapped, doubts


def _contradicted(
    shots: Iterable[Tracked], periods: Mapping[str, int], keepers: frozenset[str]
) -> Iterable[int]:
    """Periods in which most keepers stand in the wrong half."""
    votes: dict[int, list[bool]] = {}
    for shot in shots:
        votes.setdefault(periods[shot.moment.shot_id], []).extend(_keepers_at_home(shot, keepers))
    return [
        period
        for period, at_home in votes.items()
        if at_home.count(False) >= KEEPERS_NEEDED and at_home.count(False) > len(at_home) / 2
    ]


def _keepers_at_home(shot: Tracked, keepers: frozenset[str]) -> Iterable[bool]:
    """For each keeper who is seen at the shot, whether he stands in his own half."""
    view: Stage = shot.stage
    i = shot.moment.frame_n - int(view.n[0])
    for p, (player_id, team_id) in enumerate(zip(view.player_ids, view.team_ids, strict=True)):
        x_m = float(view.xy_m[i, p, 0])
        if player_id in keepers and x_m == x_m:
            yield (x_m < 0) == (team_id == shot.moment.team_id)


def _problem(where: str, reason: str, advice: str, info: MatchInfo, period: int) -> Problem:
    return Problem(
        where, reason, advice, info.match.match_id, f"period {period}", provider=PROVIDER, field="TeamLeft"
    )
