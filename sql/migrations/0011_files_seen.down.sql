drop table xgoals.seen_file;
drop table xgoals.found_match;
