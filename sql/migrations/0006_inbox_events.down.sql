drop table xgoals.inbox_event;
