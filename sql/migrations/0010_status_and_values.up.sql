-- What a match's result is worth; which value of which shot an entry in quarantine is about, and which step found it;
-- whether what the watcher has reported has led to a run that reached its end.

set local search_path to xgoals, public;

alter table match add column status text not null default 'played'
    check (status in ('played', 'unfinished', 'abandoned', 'awarded', 'cancelled'));
comment on column match.status is
    'Shots count whatever it is; a result has its place among results and finishing only where it is ''played''.';

alter table quarantine
    add column provider text,
    add column shot_id text,
    add column field text,
    add column value text,
    add column step text not null default 'ingest' check (step in ('ingest', 'build_features'));
create index on quarantine (feed, match_id);
-- Path, place and reason together may be longer than what an index holds.
alter table quarantine drop constraint quarantine_pkey;
alter table quarantine add column entry_key text primary key
    generated always as (md5(feed || chr(31) || path || chr(31) || place || chr(31) || reason)) stored;
comment on column quarantine.step is
    'Who found it: reading the match again replaces what ingest found, building its features what build_features found.';

-- So may a path; and what a match was read from is asked for by match.
alter table feed_file drop constraint feed_file_pkey;
create index on feed_file (provider, match_id);

alter table inbox_event
    add column done_at timestamptz,
    add column failed_runs smallint not null default 0;
update inbox_event set done_at = fired_at where taken_by_run is not null;
comment on table inbox_event is
    'States of matchdays that the watcher of the inbox has reported. Done when the run that has taken it up has ended '
    'well; what a failed run had taken up waits again.';
comment on column inbox_event.failed_runs is 'How many runs have failed over it: it is reported again ever more rarely.';
