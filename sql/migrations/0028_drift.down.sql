set local search_path to xgoals, public;

drop table drift_point, drift_sum;
drop sequence if exists drift_point_revision;
delete from derived_state where name = 'bins of drift';
