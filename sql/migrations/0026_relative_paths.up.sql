-- Paths that outlive a move: of pages those in the storage (reports/main/match/7.html), of feed files those in
-- XGOALS_HOME where they lie in it, wherever that is mounted. Feed files elsewhere stay absolute.

set local search_path to xgoals, public;

-- Homes in which anything stored lies: where pages were written, and the one of who migrates.
create temporary table home_before on commit drop as
select distinct regexp_replace(path, '/reports/(main|demo)/([a-z]+/)?[^/]+\.html$', '') || '/' as folder
from report where path ~ '^/.*/reports/(main|demo)/([a-z]+/)?[^/]+\.html$'
union
select current_setting('xgoals.home', true) || '/' where current_setting('xgoals.home', true) like '/%';

create function pg_temp.in_home(path text) returns text language sql as $$
    select coalesce((select substr(path, length(h.folder) + 1) from pg_temp.home_before h
                     where starts_with(path, h.folder) order by length(h.folder) desc limit 1), path)
$$;
create function pg_temp.told(sentence text) returns text language plpgsql as $$
declare
    home text;
begin
    for home in select folder from pg_temp.home_before order by length(folder) desc loop
        sentence := replace(sentence, home, '');
    end loop;
    return sentence;
end
$$;

update report set path = pg_temp.in_home(path) where path like '/%';
update feed_file set path = pg_temp.in_home(path) where path like '/%';

-- What was noted of one file in two homes is one.
create temporary table seen_before on commit drop as
select distinct on (feed, pg_temp.in_home(path), what) feed, pg_temp.in_home(path) as path, what, state, fact
from seen_file order by feed, pg_temp.in_home(path), what, path;
truncate seen_file;
insert into seen_file select * from seen_before;

-- No page tells anything else for it: the counter of the quarantine's changes stays, and so do the pages.
alter table quarantine disable trigger user;
create temporary table moved on commit drop as
select entry_key, pg_temp.in_home(path) as path, pg_temp.told(reason) as reason,
       row_number() over (partition by feed, pg_temp.in_home(path), place, pg_temp.told(reason)
                          order by path like '/%', entry_key) as n
from quarantine;
delete from quarantine q using moved m where m.entry_key = q.entry_key and m.n > 1;
update quarantine q set path = m.path, reason = m.reason
from moved m where m.entry_key = q.entry_key and (q.path, q.reason) is distinct from (m.path, m.reason);
alter table quarantine enable trigger user;

comment on column report.path is 'In the storage: below XGOALS_HOME, or what storage_url names.';
comment on column feed_file.path is 'Below XGOALS_HOME where it lies in it, else absolute.';
comment on column seen_file.path is 'Below XGOALS_HOME where it lies in it, else absolute.';
comment on column quarantine.path is 'Below XGOALS_HOME where it lies in it, else absolute.';
comment on column shot.clip_path is 'In the storage, such as clips/main/dfl/7.parquet. Null: no clip.';

drop function pg_temp.in_home(text), pg_temp.told(text);
