-- Goals against expectation, a row a match and team; of matches that were played to their end.
create or replace view team_match_xg as
select provider, match_id, competition, season, matchday, match_date, team, opponent,
       count(*) as shots, count(*) filter (where is_goal) as goals_from_shots, sum(xg) as xg,
       sum(xg) filter (where not is_penalty) as xg_without_penalties
from champion_shot
where (provider, match_id) in (select provider, match_id from match where status = 'played')
group by provider, match_id, competition, season, matchday, match_date, team, opponent;
comment on view team_match_xg is
    'One row a match and team: shots, goals from shots, and xG with and without penalties; of matches that were played to their end.';
