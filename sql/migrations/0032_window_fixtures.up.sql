-- What the matches of a champion's window were called when it learned from them: another feed's telling of one is known
-- by that, whatever has been corrected or deleted since.

set local search_path to xgoals, public;

alter table model_match add column match_date date, add column home_team text, add column away_team text;
comment on column model_match.match_date is
    'As it was when the champion learned from the match; null of what only another feed tells of it.';

update model_match l set match_date = m.match_date, home_team = home.name, away_team = away.name
from match m
join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
where (m.provider, m.match_id) = (l.provider, l.match_id);
