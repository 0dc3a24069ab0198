-- Each file of a match is a message with a kind, a time and a hash of its own: resends are judged by kind.

alter table xgoals.feed_file
    add column kind         text,
    add column sha256       text,
    add column message_time timestamptz;
comment on column xgoals.feed_file.kind is 'Null where the feed has no kinds of files.';
