"""The matches of a season as its pages tell them, and in which state all seasons are."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from xgoals.domain.page_keys import SeasonKey
from xgoals.store.database import read_frame
from xgoals.store.told.matches import TOLD_MATCH

if TYPE_CHECKING:
    import pandas as pd


def read_season_matches(connection: Connection, season: SeasonKey) -> "pd.DataFrame":
    """The matches of a season, by date.

    Returns
    -------
    DataFrame
        ``provider, match_id, matchday, stage, match_date, kick_off, home_team_id, home_team,
        away_team_id, away_team, home_score, away_score, status, is_simulated``.
    """
    return read_frame(
        connection,
        f"""select m.provider, m.match_id, m.matchday, m.stage, m.match_date, m.kick_off,
                  m.home_team_id, home.name as home_team, m.away_team_id, away.name as away_team, m.home_score,
                  m.away_score, m.status, m.is_simulated
           from {TOLD_MATCH} m
           join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
           join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
           where (m.competition, m.season) = (:competition, :season)
           order by m.match_date, m.provider, m.match_id""",  # noqa: S608
        {"competition": season.competition, "season": season.season},
    )


def season_digests(connection: Connection) -> dict[SeasonKey, str]:
    """A text for each season, the one with the newest match first, that changes with anything its pages tell.

    Matches and their results, published numbers, reasons, names.
    """
    rows = connection.execute(
        text(
            f"""with latest as (
                   select distinct on (x.shot_key) x.shot_key, x.features_key, x.model_version, x.xg
                   from shot_xg x where x.publication is not null order by x.shot_key, x.publication desc),
               of_shots as (
                   select s.provider, s.match_id, count(*) as n, count(r.features_key) as n_reasons,
                          sum(hashtextextended(concat_ws('|', s.shot_key, s.player_id, p.short_name, p.name,
                                                         a.short_name, a.name, l.xg, l.model_version, r.xg,
                                                         r.parts), 0)::numeric) as told
                   from shot s join latest l using (shot_key)
                   left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
                   left join player a on (a.provider, a.player_id) = (s.provider, s.assist_player_id)
                   left join shot_reason r using (features_key, model_version)
                   where s.withdrawn_at is null group by s.provider, s.match_id)
               select m.competition, m.season, max(m.match_date) as newest,
                      md5(concat_ws('|', count(*), sum(o.n), sum(o.n_reasons), sum(o.told),
                                    sum(hashtextextended(concat_ws('|', m.provider, m.match_id, m.fingerprint, m.status,
                                                                   home.name, away.name), 0)::numeric))) as digest
               from {TOLD_MATCH} m
               join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
               join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
               left join of_shots o on (o.provider, o.match_id) = (m.provider, m.match_id)
               group by m.competition, m.season order by newest desc, m.competition, m.season"""  # noqa: S608
        )
    )
    return {SeasonKey(row.competition, row.season): row.digest for row in rows}
