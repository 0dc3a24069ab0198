"""Simulated matches told by two providers, what their events say, and how well the tracking was followed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xgoals.domain.match import Team
from xgoals.domain.scene import FrameSource, MatchRecord, Scene
from xgoals.feeds.simulator.provider_game import Manner, Told, event_time, shirts
from xgoals.feeds.synchronise.follow import Followed, follow
from xgoals.feeds.synchronise.identities import Member
from xgoals.feeds.synchronise.tracking import Span, TrackingWindows
from xgoals.feeds.tracking.ma25 import read_ma25
from xgoals.feeds.tracking.tracab import read_tracab


def events_of(told: Told, manner: Manner, *, seed: int = 1) -> tuple[MatchRecord, list[Member]]:
    """What an events file says: the shots without anybody around them, and the line-ups."""
    game, rng = told.game, np.random.default_rng(seed)
    match = game.match
    home, away = (Team(told.ids[team.team_id], team.name) for team in (match.home, match.away))
    shots = []
    for timed in game.shots:
        shot, (dx, dy) = timed.shot, rng.normal(0, 1.2, 2)
        late_s = (event_time(game, timed, manner) - game.starts[shot.period]).total_seconds()
        shots.append(
            replace(
                shot,
                shot_id=told.ids[shot.shot_id],
                team_id=told.ids[shot.team_id],
                player_id=told.ids[shot.player_id],
                period_time_s=late_s,
                x_m=min(shot.x_m + dx, 52.5),
                y_m=shot.y_m + dy,
            )
        )
    record = MatchRecord(
        match=replace(match, provider="opta", home=home, away=away),
        teams=(home, away),
        players=tuple(replace(p, player_id=told.ids[p.player_id]) for p in game.record.players),
        shots=tuple(shots),
        scenes=tuple(Scene(shot.shot_id) for shot in shots),
    )
    return record, list(members_of(told))


def members_of(told: Told) -> Sequence[Member]:
    game, numbers = told.game, shirts(told.game)
    return [
        Member(
            told.ids[p.player_id],
            told.ids[game.team_of[p.player_id]],
            numbers[p.player_id],
            p.name,
            p.player_id in game.keepers,
        )
        for p in game.record.players
        if p.player_id in game.team_of
    ]


def reader(told: Told):
    def read(spans: Sequence[Span]) -> TrackingWindows:
        if "tracab" in told.files:
            return read_tracab(told.files["tracab"], told.files["tracab_metadata"], spans)
        return read_ma25(told.files["ma25"], spans)

    return read


def followed(told: Told, manner: Manner) -> Followed:
    record, members = events_of(told, manner)
    where = str(told.files.get("tracab") or told.files["ma25"])
    return follow(record, members, reader(told), where)


@dataclass(frozen=True)
class Score:
    """How many shots there are, how many have a frame, and by how much these are off."""

    n_shots: int
    errors: np.ndarray

    @property
    def accepted(self) -> float:
        return len(self.errors) / self.n_shots

    def within(self, frames: int) -> float:
        return float((self.errors <= frames).mean())


def score_of(told: Told, record: MatchRecord) -> Score:
    errors = [
        abs(scene.frame_n - told.frames[scene.shot_id])
        for scene in record.scenes
        if scene.frame_source is FrameSource.FOUND
    ]
    return Score(len(record.scenes), np.array(errors))


def write(kind: str, record: MatchRecord, folder: Path, manner: Manner, seed: int = 5) -> Told:
    from xgoals.feeds.simulator.provider_writer import write_opta_tracab, write_statsperform_ma25

    writer = write_opta_tracab if kind == "tracab" else write_statsperform_ma25
    return writer(record, folder, seed=seed, manner=manner)
