-- What a step of a run warns of becomes a row, where it was a figure "warning_drift"; what a warning is about and the
-- state of it become two columns, where it was a text with a colon. Message-IDs stay: nobody is told a second time.

set local search_path to xgoals, public;

create table trouble (
    run_id    text not null references run on delete cascade,
    step      text not null,
    matter    text not null,
    state_key text,
    what      text not null,
    place     text not null default '',
    advice    text not null default '',
    items     jsonb not null default '[]'
);
create unique index trouble_outcome_idx on trouble (run_id, matter, coalesce(state_key, ''));
comment on table trouble is 'What a step of a run has found that wants a person; the mails at the end of the run tell it.';
comment on column trouble.state_key is
    'Names the present state of what lasts: people are told once, until it changes. Null: every run tells it.';
comment on column trouble.items is 'What it consists of: a list of [place, what].';

insert into trouble (run_id, step, matter, state_key, what, place, advice)
select run_id, found ->> 'step', 'drift', found ->> 'state', found ->> 'what', found ->> 'where', found ->> 'advice'
from run, lateral (select figures -> 'warning_drift' as found) of_run
where jsonb_typeof(found) = 'object';
update run set figures = figures - 'warning_drift' where figures ? 'warning_drift';

-- Of register in a run: verdict and reason, where one text held both.
update run set figures = figures || jsonb_build_object('decision',
    case when figures ->> 'decision' ~ '^(promoted|kept|awaiting_approval): '
         then jsonb_build_object('verdict', split_part(figures ->> 'decision', ': ', 1),
                                 'reason', substr(figures ->> 'decision', strpos(figures ->> 'decision', ': ') + 2))
         else jsonb_build_object('verdict', replace(figures ->> 'decision', ' ', '_'), 'reason', null) end)
where jsonb_typeof(figures -> 'decision') = 'string';

alter table notification add column state_key text;
alter table notification drop constraint notification_run_id_kind_matter_recipient_key;
update notification set
    matter = split_part(matter, ': ', 1),
    state_key = substr(matter, strpos(matter, ': ') + 2)
where kind = 'warning' and matter like '%: %';
alter table notification add constraint notification_state_key_check check (state_key is null or kind = 'warning');
create unique index notification_outcome_idx on notification (run_id, kind, matter, coalesce(state_key, ''), recipient);

comment on table notification is
    'Every mail: one row for each outcome (run, kind, matter, state_key) and recipient, written before it is sent.';
comment on column notification.state_key is
    'Of a warning of something that lasts: its state. No run tells again what one has told; the row is kept for that.';
