alter table xgoals.run add column feed text, add column source text;
update xgoals.run set
    feed = coalesce(nullif(array_to_string(feeds, ' + '), ''), 'no feed'),
    source = coalesce(sources[1], '');
alter table xgoals.run
    alter column feed set not null,
    alter column source set not null,
    drop column feeds,
    drop column sources;
