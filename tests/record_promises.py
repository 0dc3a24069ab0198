"""What holds of every record, problem and refusal, whatever the files said: what tests of damage and of chance ask."""

import math
from collections.abc import Iterable
from pathlib import Path

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.scene import MatchRecord
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes

INT_2, INT_4 = 2**15, 2**31


def assert_features_hold(record: MatchRecord, catalogue: Catalogue) -> None:
    if not record.shots:
        return
    features = build_features(Scenes.of([record]), catalogue)
    for feature in catalogue.features:
        values = features[feature.name]
        assert (values.isna() | values.between(feature.low, feature.high)).all(), feature.name


def assert_storable(record: MatchRecord) -> None:
    """What the tables' columns, keys and checks ask for, written down anew."""
    match = record.match
    teams, players = {t.team_id for t in record.teams}, {p.player_id for p in record.players}
    assert len(teams) == len(record.teams)
    assert len(players) == len(record.players)
    assert {match.home.team_id, match.away.team_id} <= teams
    assert match.home_score is None or 0 <= match.home_score < INT_4
    assert match.matchday is None or 0 < match.matchday < INT_4
    assert len({shot.shot_id for shot in record.shots}) == len(record.shots)
    assert {scene.shot_id for scene in record.scenes} <= {shot.shot_id for shot in record.shots}
    for shot in record.shots:
        assert shot.team_id in teams
        assert shot.player_id is None or shot.player_id in players
        assert 1 <= shot.period <= 4
        assert 0 <= shot.minute < INT_2
        assert 0 <= shot.second <= 59
        assert 0 <= shot.event_n < INT_4
        assert shot.provider_xg is None or 0 <= shot.provider_xg <= 1
        assert all(map(math.isfinite, shot.official.values()))
        assert all(v is None or math.isfinite(v) for v in (shot.x_m, shot.y_m, shot.period_time_s))
    for goal in record.own_goals:
        assert goal.team_id in teams
        assert goal.player_id is None or goal.player_id in players
        assert 0 <= goal.minute < INT_2
    for scene in record.scenes:
        numbers = [
            scene.clock_offset_s,
            scene.confidence,
            scene.shooter_vx_ms,
            scene.shooter_vy_ms,
            scene.ball_z_m,
        ]
        people = [v for p in scene.people for v in (p.x_m, p.y_m, p.vx_ms, p.vy_ms)]
        assert all(v is None or math.isfinite(v) for v in (*numbers, *people))
        assert scene.frame_n is None or abs(scene.frame_n) < 2**63
        assert sum(not p.is_teammate for p in scene.people) <= 11
        named = [p.player_id for p in scene.people if p.player_id is not None]
        assert len(named) == len(set(named))
    assert_printable(texts_of(record))
    for name in (match.home.name, match.away.name, *(shot.shot_id for shot in record.shots)):
        assert name


def assert_printable(texts: Iterable[str]) -> None:
    for text in texts:
        assert "\0" not in text
        assert len(text.encode("utf-8")) < 2600  # what an index holds


def texts_of(record: MatchRecord) -> list[str]:
    match = record.match
    found = [match.competition, match.season, match.stage or "", match.home.name, match.away.name]
    found += [text for team in record.teams for text in (team.team_id, team.name)]
    found += [text or "" for p in record.players for text in (p.player_id, p.name, p.short_name)]
    found += [
        text
        for shot in record.shots
        for text in (shot.shot_id, *shot.raw, *shot.raw.values(), *shot.official)
    ]
    return found + [person.player_id or "" for scene in record.scenes for person in scene.people]


def assert_noted(problems: Iterable[Problem]) -> None:
    for problem in problems:
        assert problem.reason
        assert problem.advice
        assert_printable(
            [problem.path, problem.reason, problem.advice, problem.place or "", problem.match_id or ""]
        )


def assert_sentence(error: FeedError | SourceError, folder: Path) -> None:
    """A refusal names the file, the reason and what to do."""
    assert error.what
    assert error.advice
    assert str(folder) in (error.where or "")
    assert_printable([error.what, error.where or "", error.advice])
