"""The three files of a match -> one MatchRecord."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import OwnGoal
from xgoals.domain.scene import Clip, MatchRecord, Scene
from xgoals.domain.shot import Shot
from xgoals.feeds import Announcement, Delivery, MatchReading
from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.delivery import REFUSED
from xgoals.feeds.dfl.events import EventSheet, GoalNote, read_events
from xgoals.feeds.dfl.matchinfo import MatchInfo, read_match_info
from xgoals.feeds.dfl.positions import open_positions
from xgoals.feeds.dfl.safe_xml import RESEND, read_small
from xgoals.feeds.dfl.scenes import clip_around, scene_at
from xgoals.feeds.dfl.scoreline import settle
from xgoals.feeds.dfl.shots import ShotEvent
from xgoals.feeds.dfl.tracking import ShotTracker, Tracked, Tracking, event_place
from xgoals.feeds.dfl.tracks import ReadPath, check_heads

Signs = Mapping[tuple[int, str], int]
Refused = tuple[Path, str, str]


def announce(delivery: Delivery) -> Announcement:
    """What the match information says.

    Raises
    ------
    FeedError
        If it has not come, or is broken.
    """
    path = next((message.path for message in delivery.messages if message.kind == "matchinfo"), None)
    if path is None:
        raise FeedError(
            f"no match information for match {delivery.match_id}",
            where=str(delivery.files[0]),
            advice="Wait for it, or ask for it",
        )
    return Announcement.of(read_match_info(read_small(path)[0], delivery.message_time, str(path)).match)


def read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
    """Read one match: shots, scenes and clips.

    Raises
    ------
    FeedError
        If the match must be quarantined; the message names file, place and reason.
    """
    reading = read_delivery(delivery)
    return reading.record, reading.problems


def read_delivery(delivery: Delivery) -> MatchReading:
    """As :func:`read_match`, with the files' hashes and the way the positions were read (None: there are none)."""
    for path, reason, advice in cast("Iterable[Refused]", delivery.extra[REFUSED]):
        raise FeedError(reason, where=str(path), advice=advice)
    matchinfo, events, positions_path = _files(delivery)
    root, info_hash = read_small(matchinfo)
    info = read_match_info(root, delivery.message_time, str(matchinfo))
    if info.match.match_id != delivery.match_id:
        raise FeedError(
            f"match information of {info.match.match_id} in the delivery of {delivery.match_id}",
            where=str(matchinfo),
            advice="Deliver each match's own file",
        )
    root, events_hash = read_small(events)
    sheet = read_events(root, info, str(events))
    signs = _signs(sheet, info, str(events))
    hashes = {matchinfo: info_hash, events: events_hash}
    tracking, read_path = Tracking(), None
    if positions_path is not None:
        info, tracking, hashes[positions_path], read_path = _track(positions_path, sheet, info, signs)
    line = settle(sheet, info, str(events))
    record = _record(info, sheet, line.shots, tracking.shots, signs)
    problems = [*sheet.problems, *line.problems, *tracking.problems, *_sides_in_doubt(record, str(events))]
    return MatchReading(record, problems, hashes, read_path)


def _files(delivery: Delivery) -> tuple[Path, Path, Path | None]:
    """Match information, events and, if there are any, positions."""
    by_kind = {message.kind: message.path for message in delivery.messages}
    for kind, words_for_it in (("matchinfo", "match information"), ("events", "events")):
        if kind not in by_kind:
            raise FeedError(
                f"no {words_for_it} for match {delivery.match_id}",
                where=str(delivery.files[0]),
                advice="Wait for it, or ask for it",
            )
    return by_kind["matchinfo"], by_kind["events"], by_kind.get("positions")


def _signs(sheet: EventSheet, info: MatchInfo, where: str) -> Signs:
    """+1 for each period and team that attacks towards x = 105, else -1.

    Where the feed does not say who plays on the left, the shots' own places decide.
    """
    teams = (info.match.home.team_id, info.match.away.team_id)
    signs: dict[tuple[int, str], int] = {}
    for period in words.FIRST_MINUTE:
        left = sheet.team_left.get(period)
        if left is None:
            left = _left_by_shots([shot for shot in sheet.shots if shot.period == period], teams)
            if left is not None:
                reason = f"no TeamLeft for period {period}: sides taken from the shots' places"
                sheet.problems.append(
                    Problem(where, reason, RESEND, match_id=info.match.match_id, place=f"period {period}")
                )
        for team in teams:
            signs[period, team] = 1 if team == left else -1
    return signs


def _left_by_shots(shots: Sequence[ShotEvent], teams: tuple[str, str]) -> str | None:
    votes = 0
    for shot in shots:
        if shot.event_xy_m is not None:
            votes += (1 if shot.event_xy_m[0] > 52.5 else -1) * (1 if shot.team_id == teams[0] else -1)
    return None if not shots else teams[0] if votes >= 0 else teams[1]


def _track(
    path: Path, sheet: EventSheet, info: MatchInfo, signs: Signs
) -> tuple[MatchInfo, Tracking, str, ReadPath]:
    """The match's real pitch, its tracked shots, the file's hash, and how it was read."""
    match = info.match
    teams = (match.home.team_id, match.away.team_id)
    with open_positions(path) as positions:
        if positions.pitch is not None:
            match = replace(match, pitch=positions.pitch)
        if not {head.team_id for head in positions.heads} & set(teams):
            raise FeedError(
                "nobody of the two teams is in the positions",
                where=str(path),
                advice="Deliver each match's own file",
            )
        clocks = check_heads(positions.heads, match.match_id, str(path))
        tracker = ShotTracker(positions, clocks, match.pitch, teams, signs, str(path), match.match_id)
        tracking = tracker.track(sheet.shots)
        return replace(info, match=match), tracking, positions.sha256, positions.read_path


def _record(
    info: MatchInfo,
    sheet: EventSheet,
    shots: Sequence[ShotEvent],
    tracked: Mapping[str, Tracked],
    signs: Signs,
) -> MatchRecord:
    domain_shots: list[Shot] = []
    scenes: list[Scene] = []
    clips: list[Clip] = []
    for number, shot in enumerate(shots):
        here = tracked.get(shot.shot_id)
        domain_shots.append(_shot(number, shot, sheet, here, info, signs))
        if here is None:
            scenes.append(Scene(shot_id=shot.shot_id))
            continue
        keepers = _keepers(sheet, info, shot)
        scenes.append(scene_at(here.stage, here.moment, keepers))
        clips.append(clip_around(here.stage, here.moment, keepers))
    match = info.match
    return MatchRecord(
        match=match,
        teams=(match.home, match.away),
        players=tuple(info.squads.players.values()),
        shots=tuple(domain_shots),
        scenes=tuple(scenes),
        clips=tuple(clips),
        own_goals=tuple(_own_goals(sheet)),
    )


def _shot(
    number: int, shot: ShotEvent, sheet: EventSheet, here: Tracked | None, info: MatchInfo, signs: Signs
) -> Shot:
    kick_off = sheet.kick_offs.get(shot.period)
    period_time_s = max((shot.time - kick_off).total_seconds(), 0.0) if kick_off else None
    whole_s = int(period_time_s or 0)
    x_m, y_m, place = _place(shot, here, info, signs[shot.period, shot.team_id])
    return Shot(
        shot_id=shot.shot_id,
        event_n=number,
        period=shot.period,
        minute=words.FIRST_MINUTE[shot.period] + whole_s // 60,
        second=whole_s % 60,
        period_time_s=period_time_s,
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
        event_time=shot.time,
        provider_xg=shot.provider_xg,
        official=shot.official,
        raw={**shot.raw, "place": place},
    )


def _place(
    shot: ShotEvent, here: Tracked | None, info: MatchInfo, sign: int
) -> tuple[float | None, float | None, str]:
    """Where the shot is: the shooter in the tracks, else the provider's place, else the operator's."""
    if here is not None and here.x_m is not None:
        return here.x_m, here.y_m, "tracking"
    for place, name in ((shot.tracked_xy_m, "provider's tracking"), (shot.event_xy_m, "event")):
        xy = event_place(place, sign, info.match.pitch)
        if xy is not None:
            return *xy, name
    return None, None, "none"


def _keepers(sheet: EventSheet, info: MatchInfo, shot: ShotEvent) -> frozenset[str]:
    """Who keeps goal at the time of a shot: the latest of each team."""
    latest = {info.squads.team_of[player]: player for player in info.squads.starting_keepers}
    for time, player in sorted(sheet.keeper_changes):
        team = info.squads.team_of.get(player)
        if team is not None and time <= shot.time:
            latest[team] = player
    return frozenset(latest.values())


def _sides_in_doubt(record: MatchRecord, where: str) -> Iterable[Problem]:
    """Periods in which the opponents' keeper mostly stands in the wrong half: the sides may be swapped."""
    for period in words.FIRST_MINUTE:
        depths = [
            person.x_m
            for shot, scene in zip(record.shots, record.scenes, strict=True)
            if shot.period == period
            for person in scene.people
            if person.is_keeper and not person.is_teammate
        ]
        if sum(x < 0 for x in depths) > len(depths) / 2:
            reason = "the opponents' keeper mostly stands in the wrong half: TeamLeft may be the wrong team"
            yield Problem(where, reason, "Check the sides", record.match.match_id, f"period {period}")


def _own_goals(sheet: EventSheet) -> Iterable[OwnGoal]:
    for note in sheet.own_goals:
        yield OwnGoal(note.team_id, note.player_id, _minute(sheet, note))


def _minute(sheet: EventSheet, note: GoalNote) -> int:
    period = sheet.period_at(note.time)
    kick_off = sheet.kick_offs.get(period, note.time)
    return words.FIRST_MINUTE[period] + max(int((note.time - kick_off).total_seconds()), 0) // 60
