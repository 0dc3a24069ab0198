-- One row for each outcome of a run and each of its recipients, written before anything is sent: what is said, to
-- whom, and what became of it. Nothing was ever written to the table of before.

drop table xgoals.notification;

create table xgoals.notification (
    message_id    text primary key,
    run_id        text not null,
    kind          text not null check (kind in ('digest', 'health', 'failure', 'warning')),
    matter        text not null,
    recipient     text not null,
    subject       text not null,
    message       bytea,
    state         text not null default 'pending'
                  check (state in ('pending', 'sent', 'outbox', 'failed', 'given_up')),
    attempts      integer not null default 0,
    unanswered    integer not null default 0,
    sending_since timestamptz,
    last_error    text,
    created_at    timestamptz not null,
    changed_at    timestamptz not null,
    unique (run_id, kind, matter, recipient),
    check (unanswered between 0 and attempts),
    check ((message is null) = (state = 'sent'))
);
create index on xgoals.notification (created_at) where state in ('pending', 'failed');

comment on table xgoals.notification is
    'Every mail: one row for each outcome (run, kind, matter) and recipient, written before it is sent.';
comment on column xgoals.notification.message_id is
    'Hash of outcome and recipient: however often a mail is handed over, it is recognisable as one.';
comment on column xgoals.notification.matter is
    'What it is about: a matchday, the task that failed and its try, the thing that is warned of.';
comment on column xgoals.notification.message is 'The whole mail as it is handed over; gone once it is sent.';
comment on column xgoals.notification.state is
    'pending: not tried yet. sent: the server took it. failed: not yet, will be tried again. given_up: the server '
    'refused it for good, or did not take it for too long; it lies in the outbox. outbox: no server is configured.';
comment on column xgoals.notification.unanswered is
    'Attempts after which nobody knows whether the server took the mail: at most so many doubles exist.';
comment on column xgoals.notification.sending_since is
    'Set while a process hands it over; if that process is gone, the attempt was an unanswered one.';
