"""Who stood in the way at shots, and the shots that each was compared with: of all that is stored, in few queries."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.store.database import copy_frame, read_frame
from xgoals.store.told.common_names import with_common_names

if TYPE_CHECKING:
    import pandas as pd


def read_opponents_seen(connection: Connection) -> "pd.DataFrame":
    """At how many shots outfield players are seen as opponents of the shooter, a row a person, season and club.

    Returns
    -------
    DataFrame
        ``provider, player_id, player, competition, season, team_id, team, n_shots, n_matches``: shots that count, and
        matches with at least one of them; only people with an id.
    """
    seen = read_frame(
        connection,
        """with stood as (
               select s.provider, s.match_id, s.team_id, q.player_id, count(*) as n
               from shot_position q join shot s using (shot_key)
               where q.player_id is not null and not q.is_teammate and not q.is_keeper and s.withdrawn_at is null
               group by s.provider, s.match_id, s.team_id, q.player_id)
           select o.provider, o.player_id, coalesce(p.short_name, p.name) as player, m.competition, m.season,
                  t.team_id, t.name as team, sum(o.n)::int as n_shots, count(distinct o.match_id)::int as n_matches
           from stood o
           join match m using (provider, match_id)
           join team t on t.provider = m.provider
               and t.team_id = case when o.team_id = m.home_team_id then m.away_team_id else m.home_team_id end
           left join player p on (p.provider, p.player_id) = (o.provider, o.player_id)
           group by o.provider, o.player_id, p.short_name, p.name, m.competition, m.season, t.team_id, t.name
           order by o.provider, o.player_id, m.competition, m.season, t.team_id""",
    )
    return with_common_names(seen, "player")


def read_references(connection: Connection) -> "pd.DataFrame":
    """The real shots that every shot's published number was compared with: ``shot_key, reference_key``."""
    return copy_frame(
        connection,
        """select l.shot_key, unnest(r.reference_keys) as reference_key
           from (select distinct on (x.shot_key) x.shot_key, x.features_key, x.model_version
                 from shot_xg x where x.publication is not null order by x.shot_key, x.publication desc) l
           join shot_reason r using (features_key, model_version)
           order by l.shot_key""",
    )
