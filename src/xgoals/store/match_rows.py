"""The rows of one match: names, the match itself, its shots, the people around them, own goals, cards."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, text

from xgoals.domain.circumstances import FLAGS, Circumstances
from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.domain.shot import Shot
from xgoals.store.database import RefusedError, copy_rows, failing_value, upsert
from xgoals.store.reasons import forget_people

_MATCH = (
    "provider", "match_id", "competition_id", "competition", "season_id", "season", "matchday", "stage",
    "match_date", "kick_off", "home_team_id", "away_team_id", "home_score", "away_score", "pitch_length_m",
    "pitch_width_m", "is_simulated", "feed", "fingerprint", "message_time", "status",
)  # fmt: skip
_SHOT = (
    "provider", "match_id", "shot_id", "event_n", "period", "minute", "second", "period_time_s", "event_time",
    "team_id", "player_id", "x_m", "y_m", "body_part", "shot_type", "outcome", "ball_control", "set_up",
    "technique", "provider_xg", "frame_source", "frame_n", "clock_offset_s", "confidence", "shooter_vx_ms",
    "shooter_vy_ms", "ball_x_m", "ball_y_m", "ball_z_m", "official", "raw", "assist_player_id", "assist_kind",
    "assist_height", "assist_is_switch", "end_x_m", "end_y_m", "end_z_m", *FLAGS,
)  # fmt: skip
_POSITION = (
    "shot_key", "person_n", "player_id", "is_teammate", "is_keeper", "x_m", "y_m", "vx_ms", "vy_ms",
)  # fmt: skip
_MATCH_KEY = ("provider", "match_id")


def save_match_row(connection: Connection, match: Match, *, feed: str, fingerprint: str) -> None:
    """Write the match itself, if anything of it has changed."""
    upsert(connection, "match", _MATCH, _MATCH_KEY, [_match_row(match, feed, fingerprint)])


def save_shots(connection: Connection, record: MatchRecord) -> set[str]:
    """Write those shots that have changed; their ids.

    Raises
    ------
    RefusedError
        If the schema does not allow a value, with the shot's id and, where one is at fault, field and value.
    """
    match = record.match
    scenes = {scene.shot_id: scene for scene in record.scenes}
    rows = [_shot_row(match, shot, scenes.get(shot.shot_id, Scene(shot.shot_id))) for shot in record.shots]
    key = (*_MATCH_KEY, "shot_id")
    try:
        with connection.begin_nested():
            return {row[2] for row in upsert(connection, "shot", _SHOT, key, rows)}
    except RefusedError:
        for row in rows:
            _try_shot(connection, key, row)
        raise


def _try_shot(connection: Connection, key: tuple[str, ...], row: tuple[object, ...]) -> None:
    """Write one shot, to find out which one the database refuses."""
    try:
        with connection.begin_nested():
            upsert(connection, "shot", _SHOT, key, [row])
    except RefusedError as error:
        found = failing_value(connection, "shot", _SHOT, row)
        told = f"shot {row[2]}" if found is None else f"shot {row[2]}, {found[0]} = {str(found[1])[:100]}"
        raise RefusedError(f"{told}: {error.what}", advice=error.advice) from error


def save_positions(
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
    forget_people(connection, changed)
    return {shot_id for shot_id, shot_key in shot_keys.items() if shot_key in set(changed)}


def save_own_goals(connection: Connection, record: MatchRecord) -> None:
    """Write the own goals of a match that has none yet."""
    match = record.match
    rows = [
        (
            match.provider,
            match.match_id,
            n,
            goal.team_id,
            goal.player_id,
            goal.minute,
            goal.period,
            goal.second,
        )
        for n, goal in enumerate(record.own_goals)
    ]
    if rows:
        columns = ("provider", "match_id", "goal_n", "team_id", "player_id", "minute", "period", "second")
        copy_rows(connection, "own_goal", columns, rows)


def save_incidents(connection: Connection, record: MatchRecord) -> None:
    """Write the cards and substitutions of a match that has none yet."""
    match = record.match
    rows = [
        (
            match.provider, match.match_id, n, incident.kind.value, incident.team_id, incident.player_id,
            incident.replacement_id, incident.period, incident.minute, incident.second,
        )
        for n, incident in enumerate(record.incidents)
    ]  # fmt: skip
    if rows:
        columns = (
            "provider", "match_id", "incident_n", "kind", "team_id", "player_id", "replacement_id", "period",
            "minute", "second",
        )  # fmt: skip
        copy_rows(connection, "match_incident", columns, rows)


def _match_row(match: Match, feed: str, fingerprint: str) -> tuple[object, ...]:
    return (
        match.provider, match.match_id, match.competition_id, match.competition, match.season_id, match.season,
        match.matchday, match.stage, match.match_date, match.kick_off, match.home.team_id, match.away.team_id,
        match.home_score, match.away_score, match.pitch.length_m, match.pitch.width_m, match.is_simulated, feed,
        fingerprint, match.message_time, match.status.value,
    )  # fmt: skip


def _shot_row(match: Match, shot: Shot, scene: Scene) -> tuple[object, ...]:
    return (
        match.provider, match.match_id, shot.shot_id, shot.event_n, shot.period, shot.minute, shot.second,
        shot.period_time_s, shot.event_time, shot.team_id, shot.player_id, shot.x_m, shot.y_m, shot.body_part.value,
        shot.shot_type.value, shot.outcome.value, shot.ball_control.value, shot.set_up.value, shot.technique.value,
        shot.provider_xg, scene.frame_source.value, scene.frame_n, scene.clock_offset_s, scene.confidence,
        scene.shooter_vx_ms, scene.shooter_vy_ms, scene.ball_x_m, scene.ball_y_m, scene.ball_z_m,
        dict(shot.official), dict(shot.raw), *_circumstance_values(shot.circumstances),
    )  # fmt: skip


def _circumstance_values(said: Circumstances) -> tuple[object, ...]:
    assist, end = said.assist, said.end
    of_assist = (
        (None, None, None, None)
        if assist is None
        else (assist.player_id, assist.kind.value, assist.height and assist.height.value, assist.is_switch)
    )
    of_end = (None, None, None) if end is None else (end.x_m, end.y_m, end.z_m)
    return *of_assist, *of_end, *(getattr(said, name) for name in FLAGS)


def _position_rows(scenes: Iterable[Scene], shot_keys: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    for scene in scenes:
        for n, person in enumerate(scene.people):
            yield (
                shot_keys[scene.shot_id], n, person.player_id, person.is_teammate, person.is_keeper, person.x_m,
                person.y_m, person.vx_ms, person.vy_ms,
            )  # fmt: skip
