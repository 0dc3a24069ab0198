-- Every shot that counts, with its names, the number that was published for it, and the present champion's number beside it.
create or replace view champion_shot as
select s.provider, s.match_id, s.shot_id, m.competition, m.season, m.matchday, m.match_date,
       home.name as home_team, away.name as away_team, t.name as team,
       case when s.team_id = m.home_team_id then away.name else home.name end as opponent,
       coalesce(p.short_name, p.name) as player,
       s.period, s.minute, s.second, s.x_m, s.y_m, s.body_part, s.shot_type, s.outcome, s.is_goal, s.is_penalty,
       s.provider_xg, published.xg as xg, published.model_version as model_version,
       present.xg as champion_xg, present.model_version as champion_version, m.is_simulated, s.shot_key,
       published.scored_by, present.scored_by as champion_scored_by, s.frame_source
from shot s
join match m using (provider, match_id)
join team t on t.provider = s.provider and t.team_id = s.team_id
join team home on home.provider = m.provider and home.team_id = m.home_team_id
join team away on away.provider = m.provider and away.team_id = m.away_team_id
left join player p on p.provider = s.provider and p.player_id = s.player_id
left join (
    select distinct on (shot_key) shot_key, xg, model_version, model_version || coalesce('/' || sister, '') as scored_by
    from shot_xg where publication is not null
    order by shot_key, publication desc
) published on published.shot_key = s.shot_key
left join (
    select x.shot_key, x.xg, x.model_version, x.model_version || coalesce('/' || x.sister, '') as scored_by
    from champion c
    join shot_xg x using (model_version)
    join shot_feature f using (features_key)
    where f.is_current
) present on present.shot_key = s.shot_key
where s.withdrawn_at is null;
comment on view champion_shot is
    'One row a shot: names, published xG, and the present champion''s xG beside it; scored_by names a sister by its number; frame_source none: nobody''s position but the shooter''s is known.';
