alter table xgoals.feed_file
    drop column kind,
    drop column sha256,
    drop column message_time;
