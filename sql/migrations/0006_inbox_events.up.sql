-- What the watcher of the inbox has reported, so that each state of a matchday starts one run.

create table xgoals.inbox_event (
    event_id     text primary key,
    feed         text not null,
    state        text not null check (state in ('arrived', 'complete', 'corrected', 'partial')),
    verdict      jsonb not null,
    fired_at     timestamptz not null,
    taken_by_run text
);
comment on table xgoals.inbox_event is
    'States of matchdays that the watcher of the inbox has reported; null in taken_by_run until a run has seen to it.';
