-- One row a shot that was explained, with its names; the columns are those of the analysts' view of this name.
create or replace temporary view champion_shot as
select a.provider, a.match_id, a.shot_id, a.competition, a.season, a.matchday, a.match_date, a.home_team, a.away_team,
       case when a.team_id = a.home_team_id then a.home_team else a.away_team end as team,
       case when a.team_id = a.home_team_id then a.away_team else a.home_team end as opponent,
       p.player, a.period, a.minute, a.second, a.x_m, a.y_m, coalesce(a.body_part, 'unknown') as body_part,
       coalesce(a.shot_type, 'unknown') as shot_type, a.outcome, a.outcome = 'goal' as is_goal,
       coalesce(a.shot_type = 'penalty', false) as is_penalty, a.provider_xg, e.xg as champion_xg,
       e.model_version as champion_version, e.scored_by as champion_scored_by, a.is_simulated, a.frame_source
from archive a
join explanation e on (e.provider, e.match_id, e.shot_id) = (a.provider, a.match_id, a.shot_id)
left join player p on (p.provider, p.player_id) = (a.provider, a.player_id)
where a.event_n is not null
