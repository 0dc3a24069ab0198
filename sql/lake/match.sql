-- One row a match.
create or replace temporary view match as
select distinct provider, match_id, competition, season, matchday, stage, match_date, kick_off, home_team_id, home_team,
       away_team_id, away_team, home_score, away_score, pitch_length_m, pitch_width_m, is_simulated,
       coalesce(status, 'played') as status
from archive
