set local search_path to xgoals, public;

alter table model_match drop column match_date, drop column home_team, drop column away_team;
