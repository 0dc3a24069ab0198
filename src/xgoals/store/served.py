"""What other programs ask for: matches, and one match's shots with their numbers and explanations."""

from typing import Any

from sqlalchemy import Connection, text


def list_matches(
    connection: Connection, *, competition: str | None, season: str | None, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Matches, newest first, with shots and published xG of both sides.

    Parameters
    ----------
    competition, season
        Names as stored; None means all.
    limit, offset
        Which stretch of the list.
    """
    rows = connection.execute(
        text(
            """with chosen as (
                   select * from match m
                   where (cast(:competition as text) is null or m.competition = :competition)
                     and (cast(:season as text) is null or m.season = :season)
                   order by m.match_date desc, m.provider, m.match_id limit :limit offset :offset),
               published as (
                   select distinct on (x.shot_key) x.shot_key, x.xg
                   from shot_xg x join shot s using (shot_key) join chosen using (provider, match_id)
                   where x.publication is not null order by x.shot_key, x.publication desc)
               select m.provider, m.match_id, m.competition, m.season, m.matchday, m.match_date,
                      home.name as home_team, away.name as away_team, m.home_score, m.away_score, m.status,
                      m.is_simulated, count(s.shot_key) filter (where s.team_id = m.home_team_id) as home_shots,
                      count(s.shot_key) filter (where s.team_id = m.away_team_id) as away_shots,
                      sum(p.xg order by s.event_n) filter (where s.team_id = m.home_team_id) as home_xg,
                      sum(p.xg order by s.event_n) filter (where s.team_id = m.away_team_id) as away_xg
               from chosen m
               join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
               join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
               left join shot s on (s.provider, s.match_id) = (m.provider, m.match_id) and s.withdrawn_at is null
               left join published p using (shot_key)
               group by m.provider, m.match_id, m.competition, m.season, m.matchday, m.match_date, home.name,
                        away.name, m.home_score, m.away_score, m.status, m.is_simulated, m.home_team_id, m.away_team_id
               order by m.match_date desc, m.provider, m.match_id"""
        ),
        {"competition": competition, "season": season, "limit": limit, "offset": offset},
    )
    return [dict(row._mapping) for row in rows]


def has_match(connection: Connection, provider: str, match_id: str) -> bool:
    """Whether this match is stored."""
    query = text("select exists (select from match where (provider, match_id) = (:provider, :match_id))")
    return bool(connection.scalar(query, {"provider": provider, "match_id": match_id}))


def read_match_shots(connection: Connection, provider: str, match_id: str) -> list[dict[str, Any]]:
    """A match's shots in order: who, when, where, the published xG, and the champion's number with its parts.

    Returns
    -------
    list of dict
        ``shap_values`` and ``group_values`` by name, in probability, ``features`` by name with None where missing;
        all three and ``base_value`` are None where the champion has not explained the shot.
    """
    rows = connection.execute(
        text(
            """select s.shot_id, s.period, s.minute, s.second, t.name as team, coalesce(p.short_name, p.name) as player,
                      s.x_m, s.y_m, s.body_part, s.shot_type, s.outcome, s.is_goal, s.is_penalty, s.provider_xg,
                      published.xg, published.model_version, published.scored_by, e.prediction as champion_xg,
                      e.model_version as champion_version, e.base_value, e.shap_values, e.group_values,
                      f.feature_values, c.features as definitions
               from shot s
               join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
               left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
               left join lateral (
                   select xg, model_version, model_version || coalesce('/' || sister, '') as scored_by from shot_xg x
                   where x.shot_key = s.shot_key and x.publication is not null
                   order by publication desc limit 1
               ) published on true
               left join champion on true
               left join model_version v on v.model_version = champion.model_version
               left join feature_catalogue c on (c.catalogue, c.version) = (v.catalogue, v.catalogue_version)
               left join shot_feature f on f.shot_key = s.shot_key and f.is_current
                   and (f.catalogue, f.catalogue_version) = (c.catalogue, c.version)
               left join shot_explanation e
                   on (e.features_key, e.model_version) = (f.features_key, v.model_version)
               where (s.provider, s.match_id) = (:provider, :match_id) and s.withdrawn_at is null
               order by s.event_n"""
        ),
        {"provider": provider, "match_id": match_id},
    )
    return [_named(dict(row._mapping)) for row in rows]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """The arrays of a row as dictionaries by name; NaN, which JSON lacks, as None."""
    definitions = row.pop("definitions") or ()
    names = [definition["name"] for definition in definitions]
    groups = list(dict.fromkeys(definition["group"] for definition in definitions))
    values = row.pop("feature_values")
    row["features"] = (
        {name: None if value != value else value for name, value in zip(names, values, strict=True)}
        if values
        else None
    )
    for column, keys in (("shap_values", names), ("group_values", groups)):
        row[column] = dict(zip(keys, row[column], strict=True)) if row[column] else None
    return row
