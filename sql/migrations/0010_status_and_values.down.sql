set local search_path to xgoals, public;

alter table inbox_event drop column done_at, drop column failed_runs;
comment on table inbox_event is
    'States of matchdays that the watcher of the inbox has reported; null in taken_by_run until a run has seen to it.';
delete from quarantine where step <> 'ingest';
drop index quarantine_feed_match_id_idx;
drop index feed_file_provider_match_id_idx;
delete from feed_file where octet_length(path) > 2000;
alter table feed_file add primary key (feed, path, match_id);
delete from quarantine where octet_length(path || place || reason) > 2000;
alter table quarantine
    drop column entry_key, add primary key (feed, path, place, reason),
    drop column provider, drop column shot_id, drop column field, drop column value, drop column step;
alter table match drop column status;
