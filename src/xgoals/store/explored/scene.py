"""One stored shot with everybody around it, as somebody may want to change it."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from xgoals.domain.names import common_name


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """Somebody other than the shooter; ``name`` is empty where nobody is named."""

    x_m: float
    y_m: float
    is_teammate: bool
    is_keeper: bool
    name: str


@dataclass(frozen=True, slots=True)
class StoredScene:
    """A shot as it is stored.

    Attributes
    ----------
    since_own_shot_s
        Since the same team's previous shot of this half; None where there is none.
    people
        In the order of their numbers in the shot's frame.
    """

    shot_key: int
    x_m: float | None
    y_m: float | None
    pitch_length_m: float
    pitch_width_m: float
    body_part: str
    shot_type: str
    ball_control: str
    set_up: str
    technique: str
    shooter_vx_ms: float | None
    shooter_vy_ms: float | None
    is_won_in_the_air: bool
    since_own_shot_s: float | None
    people: tuple[StoredPerson, ...]


def read_scene(connection: Connection, provider: str, match_id: str, shot_id: str) -> StoredScene | None:
    """The scene of a shot that counts; None where there is no such shot."""
    row = connection.execute(
        text(
            """select s.shot_key, s.x_m, s.y_m, m.pitch_length_m, m.pitch_width_m, s.body_part, s.shot_type,
                      s.ball_control, s.set_up, s.technique, s.shooter_vx_ms, s.shooter_vy_ms,
                      coalesce(s.raw ->> 'aerial_won' = 'true', false) as is_won_in_the_air,
                      s.period_time_s - (
                          select o.period_time_s from shot o
                          where (o.provider, o.match_id, o.team_id, o.period)
                                = (s.provider, s.match_id, s.team_id, s.period)
                            and o.event_n < s.event_n and o.withdrawn_at is null
                          order by o.event_n desc limit 1) as since_own_shot_s
               from shot s join match m using (provider, match_id)
               where (s.provider, s.match_id, s.shot_id) = (:provider, :match_id, :shot_id)
                 and s.withdrawn_at is null"""
        ),
        {"provider": provider, "match_id": match_id, "shot_id": shot_id},
    ).one_or_none()
    if row is None:
        return None
    return StoredScene(**row._mapping, people=_people(connection, row.shot_key, provider))


def _people(connection: Connection, shot_key: int, provider: str) -> tuple[StoredPerson, ...]:
    rows = connection.execute(
        text(
            """select a.x_m, a.y_m, a.is_teammate, a.is_keeper, coalesce(p.short_name, p.name) as name
               from shot_position a
               left join player p on (p.provider, p.player_id) = (:provider, a.player_id)
               where a.shot_key = :key order by a.person_n"""
        ),
        {"key": shot_key, "provider": provider},
    )
    return tuple(
        StoredPerson(
            row.x_m, row.y_m, row.is_teammate, row.is_keeper, common_name(row.name) if row.name else ""
        )
        for row in rows
    )
