-- Every shot with its names, the number that was published for it, and the present champion's number beside it.
create view champion_shot as
select s.provider, s.match_id, s.shot_id, m.competition, m.season, m.matchday, m.match_date,
       home.name as home_team, away.name as away_team, t.name as team,
       case when s.team_id = m.home_team_id then away.name else home.name end as opponent,
       coalesce(p.short_name, p.name) as player,
       s.period, s.minute, s.second, s.x_m, s.y_m, s.body_part, s.shot_type, s.outcome, s.is_goal, s.is_penalty,
       s.provider_xg, published.xg as xg, published.model_version as model_version,
       present.xg as champion_xg, present.model_version as champion_version, m.is_simulated
from shot s
join match m using (provider, match_id)
join team t on t.provider = s.provider and t.team_id = s.team_id
join team home on home.provider = m.provider and home.team_id = m.home_team_id
join team away on away.provider = m.provider and away.team_id = m.away_team_id
left join player p on p.provider = s.provider and p.player_id = s.player_id
left join lateral (
    select xg, model_version from shot_xg x
    where (x.provider, x.match_id, x.shot_id) = (s.provider, s.match_id, s.shot_id) and x.publication is not null
    order by x.publication desc limit 1
) published on true
left join lateral (
    select x.xg, x.model_version from shot_xg x
    join champion c using (model_version)
    join model_version v using (model_version)
    join shot_feature f using (provider, match_id, shot_id, catalogue, catalogue_version, features_hash)
    where (x.provider, x.match_id, x.shot_id) = (s.provider, s.match_id, s.shot_id)
) present on true;
comment on view champion_shot is 'One row a shot: names, published xG, and the present champion''s xG beside it.';
