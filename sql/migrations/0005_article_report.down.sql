delete from xgoals.report where kind = 'article';
alter table xgoals.report drop constraint report_kind_check;
alter table xgoals.report add constraint report_kind_check
    check (kind in ('model', 'matchday', 'match', 'index'));
