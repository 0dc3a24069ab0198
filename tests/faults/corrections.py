"""What a feed may tell otherwise of a match, the second time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from xgoals.domain.match import Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Outcome

Rng = np.random.Generator
ODD_DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1))


def _outcome(rng: Rng, record: MatchRecord) -> MatchRecord:
    n = int(rng.integers(len(record.shots)))
    now = Outcome.SAVED if record.shots[n].outcome is not Outcome.SAVED else Outcome.OFF_TARGET
    return _with_shot(record, n, outcome=now)


def _swap(rng: Rng, record: MatchRecord) -> MatchRecord:
    """The goal was another shot: as many as before, of the same teams perhaps."""
    goals = [n for n, shot in enumerate(record.shots) if shot.outcome is Outcome.GOAL]
    others = [n for n, shot in enumerate(record.shots) if shot.outcome is not Outcome.GOAL]
    if not goals or not others:
        return record
    goal, other = int(rng.choice(goals)), int(rng.choice(others))
    was = record.shots[other].outcome
    return _with_shot(_with_shot(record, goal, outcome=was), other, outcome=Outcome.GOAL)


def _move(rng: Rng, record: MatchRecord) -> MatchRecord:
    n = int(rng.integers(len(record.shots)))
    return _with_shot(record, n, x_m=float(np.round(rng.uniform(25, 50), 2)))


def _another_shooter(rng: Rng, record: MatchRecord) -> MatchRecord:
    n = int(rng.integers(len(record.shots)))
    player = Player(f"late-{int(rng.integers(3))}", f"Late Player {int(rng.integers(9))}")
    players = {p.player_id: p for p in (*record.players, player)}
    return replace(_with_shot(record, n, player_id=player.player_id), players=tuple(players.values()))


def without_a_shot(rng: Rng, record: MatchRecord) -> MatchRecord:
    """One of its shots is gone."""
    gone = record.shots[int(rng.integers(len(record.shots)))].shot_id
    return replace(
        record,
        shots=tuple(shot for shot in record.shots if shot.shot_id != gone),
        scenes=tuple(scene for scene in record.scenes if scene.shot_id != gone),
    )


def _fewer_people(rng: Rng, record: MatchRecord) -> MatchRecord:
    n = int(rng.integers(len(record.scenes)))
    scenes = list(record.scenes)
    scenes[n] = replace(scenes[n], people=scenes[n].people[:-1])
    return replace(record, scenes=tuple(scenes))


def _player_called_otherwise(rng: Rng, record: MatchRecord) -> MatchRecord:
    n = int(rng.integers(len(record.players)))
    players = list(record.players)
    number = int(rng.integers(100))
    short = rng.choice([None, f"Short {number}"])
    players[n] = replace(players[n], name=f"Somebody Else {number}", short_name=short)
    return replace(record, players=tuple(players))


def _team_called_otherwise(rng: Rng, record: MatchRecord) -> MatchRecord:
    home = Team(record.match.home.team_id, f"FC Renamed {int(rng.integers(100))}")
    teams = tuple(home if team.team_id == home.team_id else team for team in record.teams)
    return replace(record, teams=teams, match=replace(record.match, home=home))


def _competition_called_otherwise(rng: Rng, record: MatchRecord) -> MatchRecord:
    return replace(record, match=replace(record.match, competition=f"League {int(rng.integers(3))}"))


def _put_off(rng: Rng, record: MatchRecord) -> MatchRecord:
    match, days = record.match, int(rng.integers(1, 60))
    kick_off = match.kick_off and match.kick_off + timedelta(days=days)
    return _at_another_time(rng, record, match.match_date + timedelta(days=days), kick_off)


def _put_off_to_an_odd_day(rng: Rng, record: MatchRecord) -> MatchRecord:
    """At an end of a year or in a leap day, beginning or ending with it."""
    day = ODD_DAYS[int(rng.integers(len(ODD_DAYS)))]
    moment = (time(0, 0), time(23, 59, 59))[int(rng.integers(2))]
    return _at_another_time(rng, record, day, datetime.combine(day, moment, UTC))


def _at_another_time(rng: Rng, record: MatchRecord, day: date, kick_off: datetime | None) -> MatchRecord:
    match = replace(record.match, match_date=day, kick_off=kick_off, matchday=int(rng.integers(1, 12)))
    return replace(record, match=match)


def _another_pitch(rng: Rng, record: MatchRecord) -> MatchRecord:
    return replace(record, match=replace(record.match, pitch=Pitch(float(rng.integers(100, 110)), 68.0)))


def _nothing(_: Rng, record: MatchRecord) -> MatchRecord:
    return record


def _with_shot(record: MatchRecord, n: int, **changes: object) -> MatchRecord:
    shots = list(record.shots)
    shots[n] = replace(shots[n], **changes)
    return replace(record, shots=tuple(shots))


Change = Callable[[Rng, MatchRecord], MatchRecord]
CORRECTIONS: tuple[tuple[str, Change], ...] = (
    ("another outcome", _outcome),
    ("another shot was the goal", _swap),
    ("a shot from elsewhere", _move),
    ("somebody else shot", _another_shooter),
    ("a shot is withdrawn", without_a_shot),
    ("one person fewer", _fewer_people),
    ("a player is called otherwise", _player_called_otherwise),
    ("a team is called otherwise", _team_called_otherwise),
    ("a competition is called otherwise", _competition_called_otherwise),
    ("put off", _put_off),
    ("put off to an odd day", _put_off_to_an_odd_day),
    ("another pitch", _another_pitch),
    ("the same again", _nothing),
)
