-- Pages of seasons, clubs and players, and from which state of a season's rows each was written: one whose rows are the
-- same is not written again.

set local search_path to xgoals, public;

alter table report drop constraint report_kind_check;
alter table report add constraint report_kind_check
    check (kind in ('model', 'article', 'season', 'club', 'player', 'matchday', 'match', 'index'));

create table page_source (
    kind     text not null check (kind in ('season', 'club', 'player')),
    scope_id text not null,
    season   text not null,
    digest   text not null,
    primary key (kind, scope_id, season),
    foreign key (kind, scope_id) references report on delete cascade
);
comment on table page_source is
    'What a page told of a season when it was written last: while the digest is the same there is nothing new.';
comment on column page_source.season is 'The season, as its own page is registered.';
