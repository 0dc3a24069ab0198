drop table xgoals.notification;

create table xgoals.notification (
    message_id text primary key,
    run_id     text not null,
    recipients text[] not null,
    subject    text not null,
    state      text not null check (state in ('sent', 'outbox', 'failed')),
    detail     text,
    changed_at timestamptz not null
);
