-- What was found out about files that have not changed since, so that none is opened twice; and what find_matches
-- hands to the tasks that read.

set local search_path to xgoals, public;

create table seen_file (
    feed  text not null,
    path  text not null,
    what  text not null,
    state text not null,
    fact  text not null,
    primary key (feed, path, what)
);
comment on table seen_file is
    'Of each file of a source what the feed has found out about it (head, SHA-256); counts as long as the state is the same.';
comment on column seen_file.state is 'Size, time of change (contents and inode) and inode of the file, of several one after the other.';

create table found_match (
    run_id   text not null,
    feed     text not null,
    provider text not null,
    match_id text not null,
    state    text not null,
    delivery text not null,
    problems jsonb not null,
    is_taken boolean not null default false,
    primary key (run_id, feed, provider, match_id)
);
comment on table found_match is
    'What find_matches of a run has found to be read: files and what is known of them. Emptied when the run has ended.';
