"""What is told of shots beside their numbers: the chance, who kept goal, own goals, cards, substitutions."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.store.database import read_frame
from xgoals.store.explanations import OF_MATCHES, key_lists
from xgoals.store.told.common_names import with_common_names

if TYPE_CHECKING:
    import pandas as pd

_OF_KEYS = "in (select * from unnest(cast(:providers as text[]), cast(:ids as text[])))"


def read_circumstances(connection: Connection, matches: Collection[tuple[str, str]]) -> "pd.DataFrame":
    """What the feeds say of the shots of some matches (provider and id) that count.

    Returns
    -------
    DataFrame
        ``shot_key, player_id, event_n, period_time_s, set_up, technique, assist_player, assist_kind, assist_height,
        assist_is_switch, end_x_m, end_y_m, end_z_m``, the yes-or-no columns of
        :class:`xgoals.domain.circumstances.Circumstances`, ``has_positions, has_keeper, keeper`` (who stood in goal, by
        the frame); null where a feed says nothing.
    """
    said = read_frame(
        connection,
        f"""select s.shot_key, s.player_id, s.event_n, s.period_time_s, s.set_up, s.technique,
                  coalesce(a.short_name, a.name) as assist_player, s.assist_kind, s.assist_height, s.assist_is_switch,
                  s.end_x_m, s.end_y_m, s.end_z_m, s.is_first_time, s.is_one_on_one, s.is_open_goal, s.is_aerial_won,
                  s.is_under_pressure, s.is_deflected,
                  exists (select from shot_position p where p.shot_key = s.shot_key) as has_positions,
                  k.shot_key is not null as has_keeper, coalesce(n.short_name, n.name) as keeper
           from shot s
           left join player a on (a.provider, a.player_id) = (s.provider, s.assist_player_id)
           left join lateral (
               select shot_key, player_id from shot_position p
               where p.shot_key = s.shot_key and p.is_keeper and not p.is_teammate
               order by p.x_m desc, p.person_n limit 1
           ) k on true
           left join player n on (n.provider, n.player_id) = (s.provider, k.player_id)
           where {OF_MATCHES} and s.withdrawn_at is null
           order by s.shot_key""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(said, "assist_player", "keeper")


def read_own_goals(connection: Connection, matches: Collection[tuple[str, str]]) -> "pd.DataFrame":
    """Goals that are nobody's shot: ``provider, match_id, team`` (that they count for)``, player, minute``, and
    ``period, second`` where known.
    """
    goals = read_frame(
        connection,
        f"""select o.provider, o.match_id, t.name as team, coalesce(p.short_name, p.name) as player, o.minute,
                  o.period, o.second
           from own_goal o
           join team t using (provider, team_id)
           left join player p on (p.provider, p.player_id) = (o.provider, o.player_id)
           where (o.provider, o.match_id) {_OF_KEYS}
           order by o.provider, o.match_id, o.minute, o.goal_n""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(goals, "player")


def read_incidents(connection: Connection, matches: Collection[tuple[str, str]]) -> "pd.DataFrame":
    """Cards and substitutions: ``provider, match_id, kind, team, player, replacement, period, minute, second``.

    In the order of play; ``replacement`` is who comes on, null for cards.
    """
    incidents = read_frame(
        connection,
        f"""select i.provider, i.match_id, i.kind, t.name as team, coalesce(p.short_name, p.name) as player,
                  coalesce(r.short_name, r.name) as replacement, i.period, i.minute, i.second
           from match_incident i
           join team t using (provider, team_id)
           left join player p on (p.provider, p.player_id) = (i.provider, i.player_id)
           left join player r on (r.provider, r.player_id) = (i.provider, i.replacement_id)
           where (i.provider, i.match_id) {_OF_KEYS}
           order by i.provider, i.match_id, i.period, i.minute, i.second, i.incident_n""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(incidents, "player", "replacement")
