"""Matches, shots and scenes: one transaction a match, and only what changed is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

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


@dataclass(frozen=True, slots=True)
class Written:
    """The ids of the shots that writing a match has touched; unchanged ones are in none of the three."""

    added: frozenset[str]
    corrected: frozenset[str]
    withdrawn: frozenset[str]


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


def save_match(connection: Connection, record: MatchRecord, *, feed: str, fingerprint: str) -> Written:
    """Write one match: new rows, changed rows, and the removal of shots that the feed withdrew.

    The features of what has changed are no longer current, so that the match's are computed anew. Those that
    come out the same become current again, with the numbers and explanations that refer to them; published
    numbers stay in any case.
    """
    match = record.match
    key = {"provider": match.provider, "match_id": match.match_id}
    before = _pitch(connection, key)
    _save_names(connection, record)
    upsert(connection, "match", _MATCH, _MATCH_KEY, [_match_row(match, feed, fingerprint)])
    if before is None:
        _save_shots(connection, record)
        _save_positions(connection, record.scenes, _shot_keys(connection, key), is_new=True)
        _save_own_goals(connection, record)
        return Written(frozenset(shot.shot_id for shot in record.shots), frozenset(), frozenset())
    known = _shot_keys(connection, key)
    withdrawn = known.keys() - {shot.shot_id for shot in record.shots}
    beside_withdrawn = _withdraw(connection, [known[shot_id] for shot_id in withdrawn])
    touched = _save_shots(connection, record)
    shot_keys = _shot_keys(connection, key)
    touched |= _save_positions(connection, record.scenes, shot_keys, is_new=not known)
    concerned = set(shot_keys) if before != (match.pitch.length_m, match.pitch.width_m) else touched
    connection.execute(
        text("update shot_feature set is_current = false where shot_key = any(:shot_keys) and is_current"),
        {"shot_keys": [shot_keys[shot_id] for shot_id in concerned] + beside_withdrawn},
    )
    connection.execute(text("delete from own_goal where (provider, match_id) = (:provider, :match_id)"), key)
    _save_own_goals(connection, record)
    return Written(frozenset(touched - known.keys()), frozenset(touched & known.keys()), frozenset(withdrawn))


def save_clips(connection: Connection, match: Match, shot_ids: Iterable[str], path: str) -> None:
    """Say where the clips of these shots lie, relative to ``XGOALS_HOME``; the match's other shots have none."""
    connection.execute(
        text(
            """with wanted as (
                   select shot_key, case when shot_id = any(:shot_ids) then :path end as clip_path from shot
                   where (provider, match_id) = (:provider, :match_id))
               update shot s set clip_path = w.clip_path from wanted w
               where s.shot_key = w.shot_key and s.clip_path is distinct from w.clip_path"""
        ),
        {"provider": match.provider, "match_id": match.match_id, "shot_ids": list(shot_ids), "path": path},
    )


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


def _pitch(connection: Connection, key: Mapping[str, str]) -> tuple[float, float] | None:
    query = (
        "select pitch_length_m, pitch_width_m from match where (provider, match_id) = (:provider, :match_id)"
    )
    row = connection.execute(text(query), key).one_or_none()
    return None if row is None else (row.pitch_length_m, row.pitch_width_m)


def _shot_keys(connection: Connection, key: Mapping[str, str]) -> dict[str, int]:
    query = "select shot_id, shot_key from shot where (provider, match_id) = (:provider, :match_id)"
    return {row.shot_id: row.shot_key for row in connection.execute(text(query), key)}


def _withdraw(connection: Connection, shot_keys: list[int]) -> list[int]:
    """Remove shots; the keys of the others of the same team and half, of which one may have been the rebound."""
    if not shot_keys:
        return []
    keys = {"shot_keys": shot_keys}
    beside = connection.scalars(
        text(
            """select o.shot_key from shot o join shot s using (provider, match_id, team_id, period)
               where s.shot_key = any(:shot_keys) and o.shot_key <> all(:shot_keys)"""
        ),
        keys,
    ).all()
    connection.execute(text("delete from shot where shot_key = any(:shot_keys)"), keys)
    return list(beside)


def _save_names(connection: Connection, record: MatchRecord) -> None:
    provider = record.match.provider
    upsert(
        connection,
        "team",
        ("provider", "team_id", "name"),
        ("provider", "team_id"),
        sorted({(provider, team.team_id, team.name) for team in record.teams}),
    )
    upsert(
        connection,
        "player",
        ("provider", "player_id", "name", "short_name"),
        ("provider", "player_id"),
        # In one order for all matches, so that two that are written at once never wait for each other.
        [
            (provider, p.player_id, p.name, p.short_name)
            for p in sorted(record.players, key=lambda player: player.player_id)
        ],
        keep_known=("name", "short_name"),
    )


def _save_positions(
    connection: Connection, scenes: Iterable[Scene], shot_keys: Mapping[str, int], *, is_new: bool
) -> set[str]:
    """Write the people of those scenes that have changed; the ids of their shots."""
    rows = _position_rows(scenes, shot_keys)
    if is_new:
        copy_rows(connection, "shot_position", _POSITION, rows)
        return set()
    connection.exec_driver_sql("create temporary table scene_position (like shot_position) on commit drop")
    copy_rows(connection, "scene_position", _POSITION, rows)
    changed = connection.scalars(
        text(
            """with stored as (select * from shot_position where shot_key = any(:shot_keys)),
                    fresh as (select * from scene_position)
               select shot_key from (select * from stored except select * from fresh) gone
               union
               select shot_key from (select * from fresh except select * from stored) come"""
        ),
        {"shot_keys": list(shot_keys.values())},
    ).all()
    keys = {"changed": changed}
    connection.execute(text("delete from shot_position where shot_key = any(:changed)"), keys)
    connection.execute(
        text("insert into shot_position select * from scene_position where shot_key = any(:changed)"), keys
    )
    connection.exec_driver_sql("drop table scene_position")
    return {shot_id for shot_id, shot_key in shot_keys.items() if shot_key in set(changed)}


def _save_shots(connection: Connection, record: MatchRecord) -> set[str]:
    """Write those shots that have changed; their ids."""
    match = record.match
    scenes = {scene.shot_id: scene for scene in record.scenes}
    rows = [_shot_row(match, shot, scenes.get(shot.shot_id, Scene(shot.shot_id))) for shot in record.shots]
    return {row[2] for row in upsert(connection, "shot", _SHOT, (*_MATCH_KEY, "shot_id"), rows)}


def _save_own_goals(connection: Connection, record: MatchRecord) -> None:
    match = record.match
    rows = [
        (match.provider, match.match_id, n, goal.team_id, goal.player_id, goal.minute)
        for n, goal in enumerate(record.own_goals)
    ]
    if rows:
        columns = ("provider", "match_id", "goal_n", "team_id", "player_id", "minute")
        copy_rows(connection, "own_goal", columns, rows)
