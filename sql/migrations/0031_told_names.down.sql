set local search_path to xgoals, public;

drop table told_name;
