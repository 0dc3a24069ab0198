set local search_path to xgoals, public;

drop table bias_metric;
drop sequence if exists bias_metric_revision;
