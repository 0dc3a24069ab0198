set local search_path to xgoals, public;

drop table match_incident;
drop sequence match_incident_revision;
alter table own_goal drop column period, drop column second;
alter table shot
    drop column assist_player_id, drop column assist_kind, drop column assist_height, drop column assist_is_switch,
    drop column end_x_m, drop column end_y_m, drop column end_z_m,
    drop column is_first_time, drop column is_one_on_one, drop column is_open_goal, drop column is_aerial_won,
    drop column is_under_pressure, drop column is_deflected;
