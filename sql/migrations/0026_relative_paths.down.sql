-- To absolute paths again, in the home of who migrates; without one the release before takes them for gone, and writes
-- its pages and reads its files anew.

set local search_path to xgoals, public;

create function pg_temp.here(path text) returns text language sql as $$
    select case when path like '/%' or path = '' then path
                else coalesce(nullif(current_setting('xgoals.home', true), '') || '/', '') || path end
$$;

update report set path = pg_temp.here(path);
update feed_file set path = pg_temp.here(path);
update seen_file set path = pg_temp.here(path);
alter table quarantine disable trigger user;
update quarantine set path = pg_temp.here(path);
alter table quarantine enable trigger user;

comment on column report.path is null;
comment on column feed_file.path is null;
comment on column seen_file.path is null;
comment on column quarantine.path is null;
comment on column shot.clip_path is null;

drop function pg_temp.here(text);
