set local search_path to xgoals, public;

alter table inbox_event drop column done_at, drop column failed_runs;
comment on table inbox_event is
    'States of matchdays that the watcher of the inbox has reported; null in taken_by_run until a run has seen to it.';
delete from quarantine where step <> 'ingest';
drop index quarantine_feed_match_id_idx;
alter table quarantine
    drop column provider, drop column shot_id, drop column field, drop column value, drop column step;
alter table match drop column status;
