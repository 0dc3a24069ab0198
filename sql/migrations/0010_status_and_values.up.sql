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
comment on column quarantine.step is
    'Who found it: reading the match again replaces what ingest found, building its features what build_features found.';

alter table inbox_event
    add column done_at timestamptz,
    add column failed_runs smallint not null default 0;
update inbox_event set done_at = fired_at where taken_by_run is not null;
comment on table inbox_event is
    'States of matchdays that the watcher of the inbox has reported. Done when the run that has taken it up has ended '
    'well; what a failed run had taken up waits again.';
comment on column inbox_event.failed_runs is 'How many runs have failed over it: it is reported again ever more rarely.';
