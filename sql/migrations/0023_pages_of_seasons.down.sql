set local search_path to xgoals, public;

drop table page_source;
delete from report where kind in ('season', 'club', 'player');
alter table report drop constraint report_kind_check;
alter table report add constraint report_kind_check
    check (kind in ('model', 'article', 'matchday', 'match', 'index'));
