-- Two DAGs that are due at the same minute give their runs the same id: which DAG it is belongs to the key of a run and
-- of its mails. And since when a run that is under way is waited for: it can be told that it is late.

set local search_path to xgoals, public;

alter table trouble drop constraint trouble_run_id_fkey;

alter table run add column dag_id text not null default 'xgoals_pipeline';
alter table run drop constraint run_pkey;
alter table run add primary key (dag_id, run_id);
alter table run add column watched_since timestamptz;
comment on column run.dag_id is
    'The DAG that it is a run of. Steps from a terminal count as the pipeline''s; their ids begin with cli__.';
comment on column run.watched_since is
    'When Airflow began it, or went on with it after it was cleared; null for steps from a terminal.';

alter table trouble add column dag_id text not null default 'xgoals_pipeline';
alter table trouble add constraint trouble_run_id_fkey
    foreign key (dag_id, run_id) references run on delete cascade;

alter table notification add column dag_id text not null default 'xgoals_pipeline';
drop index notification_outcome_idx;
create unique index notification_outcome_idx
    on notification (dag_id, run_id, kind, matter, coalesce(state_key, ''), recipient);
comment on table notification is
    'Every mail: one row for each outcome (dag, run, kind, matter, state_key) and recipient, written before it is sent.';
comment on column notification.dag_id is 'The DAG of the run; xgoals_services for what no run has to tell.';
