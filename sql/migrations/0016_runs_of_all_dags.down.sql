set local search_path to xgoals, public;

delete from notification where dag_id <> 'xgoals_pipeline';
drop index notification_outcome_idx;
alter table notification drop column dag_id;
create unique index notification_outcome_idx on notification (run_id, kind, matter, coalesce(state_key, ''), recipient);
comment on table notification is
    'Every mail: one row for each outcome (run, kind, matter, state_key) and recipient, written before it is sent.';

alter table trouble drop constraint trouble_run_id_fkey;
delete from trouble where dag_id <> 'xgoals_pipeline';
alter table trouble drop column dag_id;

delete from run where dag_id <> 'xgoals_pipeline';
alter table run drop constraint run_pkey;
alter table run drop column dag_id, drop column watched_since;
alter table run add primary key (run_id);
alter table trouble add constraint trouble_run_id_fkey foreign key (run_id) references run on delete cascade;
