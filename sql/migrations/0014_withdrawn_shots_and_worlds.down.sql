-- The schema of before knows only shots that count.
delete from xgoals.shot where withdrawn_at is not null;
alter table xgoals.shot drop column withdrawn_at;
drop table xgoals.world;
