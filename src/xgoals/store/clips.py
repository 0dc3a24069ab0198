"""Where the clips of a match lie, and what is needed to read features from them."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from xgoals.domain.names import common_name
from xgoals.store.database import read_frame

if TYPE_CHECKING:
    import pandas as pd


def read_clip_shots(connection: Connection, provider: str, match_id: str) -> "pd.DataFrame":
    """Every shot of a match, in order, with what features are made of, ``shot_id``, the shooter's ``player_id`` and
    ``clip_path`` (relative to ``XGOALS_HOME``; None without tracking).
    """
    return read_frame(
        connection,
        """select shot_id, player_id, clip_path, provider, match_id, event_n, period, period_time_s, team_id, x_m,
                  y_m, pitch_length_m, pitch_width_m, body_part, shot_type, ball_control, set_up, technique,
                  shooter_vx_ms, shooter_vy_ms, frame_source,
                  coalesce(raw ->> 'aerial_won' = 'true', false) as is_won_in_the_air
           from shot join match using (provider, match_id)
           where (provider, match_id) = (:provider, :match_id) and withdrawn_at is null order by event_n""",
        {"provider": provider, "match_id": match_id},
    )


def read_clip_paths(connection: Connection) -> dict[tuple[str, str], list[str]]:
    """Where clips lie, by provider and match id; matches without tracking have none."""
    rows = connection.execute(
        text(
            """select distinct provider, match_id, clip_path from shot
               where clip_path is not null and withdrawn_at is null order by provider, match_id, clip_path"""
        )
    )
    paths: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        paths.setdefault((row.provider, row.match_id), []).append(row.clip_path)
    return paths


def read_names(connection: Connection, provider: str) -> dict[str, str]:
    """Names of a provider's players, as people know them, by their id; who has none is left out."""
    rows = connection.execute(
        text(
            """select player_id, coalesce(short_name, name) as name from player
               where provider = :provider and coalesce(short_name, name) is not null"""
        ),
        {"provider": provider},
    )
    return {row.player_id: common_name(row.name) for row in rows}
