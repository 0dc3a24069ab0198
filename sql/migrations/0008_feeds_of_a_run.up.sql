-- The feeds and sources of a run as lists, where one text held several of them joined.

alter table xgoals.run add column feeds text[], add column sources text[];
update xgoals.run set
    feeds = case when feed in ('-', 'no feed') then '{}' else string_to_array(feed, ' + ') end,
    sources = case when feed in ('-', 'no feed') then '{}' else array[source] end;
alter table xgoals.run
    alter column feeds set not null,
    alter column sources set not null,
    drop column feed,
    drop column source;
comment on column xgoals.run.feeds is 'Kinds of the files that the run read; empty for a run that reads nothing.';
comment on column xgoals.run.sources is 'Folders or files that the run read, in the order of the feeds.';
