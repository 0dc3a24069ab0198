-- A page of its own sets the champion beside the article that the system re-creates.

alter table xgoals.report drop constraint report_kind_check;
alter table xgoals.report add constraint report_kind_check
    check (kind in ('model', 'article', 'matchday', 'match', 'index'));
