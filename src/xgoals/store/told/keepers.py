"""Where keepers stood at some shots."""

from collections.abc import Collection

from sqlalchemy import Connection, text


def read_keepers_off_line(connection: Connection, shot_keys: Collection[int]) -> dict[int, float]:
    """How far off his line the opponents' keeper stood, in metres, by ``shot_key``; of two the deepest.

    Shots without a keeper in the frame are not in it.
    """
    rows = connection.execute(
        text(
            """select s.shot_key, min(greatest(m.pitch_length_m / 2 - p.x_m, 0)) as off_line_m
               from shot s join match m using (provider, match_id) join shot_position p using (shot_key)
               where s.shot_key = any(:keys) and s.withdrawn_at is null and p.is_keeper and not p.is_teammate
               group by s.shot_key"""
        ),
        {"keys": list(shot_keys)},
    )
    return {row.shot_key: float(row.off_line_m) for row in rows if row.off_line_m is not None}
