"""Matches, shots and scenes: one transaction a match, and only what changed is written."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, text

from xgoals.domain.errors import Problem
from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.domain.shot import Shot
from xgoals.store.database import analyse, copy_rows, upsert

_MATCH = (
    "provider", "match_id", "competition_id", "competition", "season_id", "season", "matchday", "stage",
    "match_date", "kick_off", "home_team_id", "away_team_id", "home_score", "away_score", "pitch_length_m",
    "pitch_width_m", "is_simulated", "feed", "fingerprint", "message_time",
)  # fmt: skip
_SHOT = (
    "provider", "match_id", "shot_id", "event_n", "period", "minute", "second", "period_time_s", "event_time",
    "team_id", "player_id", "x_m", "y_m", "body_part", "shot_type", "outcome", "ball_control", "set_up",
    "technique", "provider_xg", "frame_source", "frame_n", "clock_offset_s", "confidence", "shooter_vx_ms",
    "shooter_vy_ms", "ball_x_m", "ball_y_m", "ball_z_m", "official", "raw",
)  # fmt: skip
_POSITION = (
    "shot_key", "person_n", "player_id", "is_teammate", "is_keeper", "x_m", "y_m", "vx_ms", "vy_ms",
)  # fmt: skip
_MATCH_KEY = ("provider", "match_id")
_QUARANTINE = ("feed", "path", "place", "reason", "advice", "severity", "match_id", "found_by_run")
_QUARANTINE_KEY = ("feed", "path", "place", "reason")


def known_fingerprints(connection: Connection, feed: str) -> dict[tuple[str, str], str]:
    """(provider, match id) -> fingerprint of what is stored."""
    rows = connection.execute(
        text("select provider, match_id, fingerprint from match where feed = :feed"), {"feed": feed}
    )
    return {(row.provider, row.match_id): row.fingerprint for row in rows}


def analyse_matches(connection: Connection) -> None:
    """Tell the planner that many matches were written."""
    analyse(connection, "match", "team", "player", "shot", "shot_position")


def totals(connection: Connection) -> dict[str, int]:
    """How much is stored: matches, shots, goals."""
    row = connection.execute(
        text(
            """select (select count(*) from match) as matches, count(*) as shots,
                      count(*) filter (where is_goal) as goals from shot"""
        )
    ).one()
    return dict(row._mapping)


def is_simulated(connection: Connection) -> bool:
    """Whether what is stored is invented."""
    return bool(connection.scalar(text("select exists (select from match where is_simulated)")))


def save_match(connection: Connection, record: MatchRecord, *, feed: str, fingerprint: str) -> None:
    """Write one match: new rows, changed rows, and the removal of shots that the feed withdrew.

    The match's features are no longer current, so that they are computed anew; published numbers stay.
    """
    match = record.match
    key = {"provider": match.provider, "match_id": match.match_id}
    upsert(
        connection,
        "team",
        ("provider", "team_id", "name"),
        ("provider", "team_id"),
        sorted({(match.provider, team.team_id, team.name) for team in record.teams}),
    )
    upsert(
        connection,
        "player",
        ("provider", "player_id", "name", "short_name"),
        ("provider", "player_id"),
        [(match.provider, p.player_id, p.name, p.short_name) for p in record.players],
        keep_known=("name", "short_name"),
    )
    upsert(connection, "match", _MATCH, _MATCH_KEY, [_match_row(match, feed, fingerprint)])
    kept = [shot.shot_id for shot in record.shots]
    connection.execute(
        text(
            "delete from shot where (provider, match_id) = (:provider, :match_id) and shot_id <> all(:kept)"
        ),
        key | {"kept": kept},
    )
    scenes = {scene.shot_id: scene for scene in record.scenes}
    upsert(
        connection,
        "shot",
        _SHOT,
        (*_MATCH_KEY, "shot_id"),
        [_shot_row(match, shot, scenes.get(shot.shot_id, Scene(shot.shot_id))) for shot in record.shots],
    )
    shot_keys = {
        row.shot_id: row.shot_key
        for row in connection.execute(
            text("select shot_id, shot_key from shot where (provider, match_id) = (:provider, :match_id)"),
            key,
        )
    }
    keys = {"shot_keys": list(shot_keys.values())}
    connection.execute(text("delete from shot_position where shot_key = any(:shot_keys)"), keys)
    connection.execute(
        text("update shot_feature set is_current = false where shot_key = any(:shot_keys) and is_current"),
        keys,
    )
    copy_rows(connection, "shot_position", _POSITION, _position_rows(record.scenes, shot_keys))
    connection.execute(text("delete from own_goal where (provider, match_id) = (:provider, :match_id)"), key)
    copy_rows(
        connection,
        "own_goal",
        ("provider", "match_id", "goal_n", "team_id", "player_id", "minute"),
        [
            (match.provider, match.match_id, n, goal.team_id, goal.player_id, goal.minute)
            for n, goal in enumerate(record.own_goals)
        ],
    )


def save_files(
    connection: Connection, feed: str, match: Match, files: Iterable[str], *, fingerprint: str
) -> None:
    """Remember which files a match was read from."""
    connection.execute(
        text("delete from feed_file where (feed, provider, match_id) = (:feed, :provider, :match_id)"),
        {"feed": feed, "provider": match.provider, "match_id": match.match_id},
    )
    rows = [(feed, path, match.provider, match.match_id, fingerprint) for path in files]
    copy_rows(connection, "feed_file", ("feed", "path", "provider", "match_id", "fingerprint"), rows)


def save_problems(
    connection: Connection, feed: str, match_id: str, problems: Iterable[Problem], *, run_id: str
) -> None:
    """Replace what is in quarantine for one match by ``problems``; known ones keep the run that found them."""
    rows = _problem_rows(feed, problems, run_id)
    connection.execute(
        text(
            """delete from quarantine where feed = :feed and match_id = :match_id
                 and (path, place, reason) not in (select * from unnest(
                     cast(:paths as text[]), cast(:places as text[]), cast(:reasons as text[])))"""
        ),
        {"feed": feed, "match_id": match_id} | _known(rows),
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows, overwrite=False)


def save_listing_problems(
    connection: Connection, feed: str, source: str, problems: Iterable[Problem], *, run_id: str
) -> None:
    """Replace what is in quarantine for whole files below ``source`` that belong to no single match."""
    rows = _problem_rows(feed, problems, run_id)
    connection.execute(
        text(
            """delete from quarantine where feed = :feed and match_id is null and starts_with(path, :source)
                 and (path, place, reason) not in (select * from unnest(
                     cast(:paths as text[]), cast(:places as text[]), cast(:reasons as text[])))"""
        ),
        {"feed": feed, "source": source} | _known(rows),
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows, overwrite=False)


def _problem_rows(feed: str, problems: Iterable[Problem], run_id: str) -> list[tuple[object, ...]]:
    return [
        (feed, p.path, p.place or "", p.reason, p.advice, p.severity, p.match_id, run_id) for p in problems
    ]


def _known(rows: list[tuple[object, ...]]) -> dict[str, list[object]]:
    return {"paths": [r[1] for r in rows], "places": [r[2] for r in rows], "reasons": [r[3] for r in rows]}


def _match_row(match: Match, feed: str, fingerprint: str) -> tuple[object, ...]:
    return (
        match.provider, match.match_id, match.competition_id, match.competition, match.season_id, match.season,
        match.matchday, match.stage, match.match_date, match.kick_off, match.home.team_id, match.away.team_id,
        match.home_score, match.away_score, match.pitch.length_m, match.pitch.width_m, match.is_simulated, feed,
        fingerprint, match.message_time,
    )  # fmt: skip


def _shot_row(match: Match, shot: Shot, scene: Scene) -> tuple[object, ...]:
    return (
        match.provider, match.match_id, shot.shot_id, shot.event_n, shot.period, shot.minute, shot.second,
        shot.period_time_s, shot.event_time, shot.team_id, shot.player_id, shot.x_m, shot.y_m, shot.body_part.value,
        shot.shot_type.value, shot.outcome.value, shot.ball_control.value, shot.set_up.value, shot.technique.value,
        shot.provider_xg, scene.frame_source.value, scene.frame_n, scene.clock_offset_s, scene.confidence,
        scene.shooter_vx_ms, scene.shooter_vy_ms, scene.ball_x_m, scene.ball_y_m, scene.ball_z_m,
        dict(shot.official), dict(shot.raw),
    )  # fmt: skip


def _position_rows(scenes: Iterable[Scene], shot_keys: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    for scene in scenes:
        for n, person in enumerate(scene.people):
            yield (
                shot_keys[scene.shot_id], n, person.player_id, person.is_teammate, person.is_keeper, person.x_m,
                person.y_m, person.vx_ms, person.vy_ms,
            )  # fmt: skip
