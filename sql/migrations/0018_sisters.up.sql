-- A model version is a champion and its sisters: fitted like it, each without a fold of the matches. Whatever is said of
-- a shot that the champion has learned from is said by the sister that has not seen its match.

set local search_path to xgoals, public;

create table model_sister (
    model_version text not null references model_version on delete cascade,
    sister        smallint not null check (sister > 0),
    booster       bytea not null,
    sha256        text not null,
    golden        jsonb not null,
    primary key (model_version, sister)
);
comment on table model_sister is 'The fold models of a version, checked like its champion when they are loaded.';

create table model_match (
    model_version text not null references model_version on delete cascade,
    provider      text not null,
    match_id      text not null,
    sister        smallint,
    primary key (model_version, provider, match_id)
);
comment on table model_match is
    'The matches that a champion has learned from, and those that another feed tells of the same matches.';
comment on column model_match.sister is
    'The sister that has not seen the match; null: there is none, and no number of the match is honest.';

alter table shot_xg add column sister smallint;
comment on column shot_xg.sister is 'The sister of the model that said it; null: the champion itself.';

create table shot_xg_replaced (
    shot_key      bigint not null references shot (shot_key) on delete cascade,
    publication   smallint not null,
    model_version text not null references model_version,
    xg            double precision not null,
    run_id        text not null,
    primary key (shot_key, publication)
);
comment on table shot_xg_replaced is
    'Numbers that were published by a model which had learned from the match, until sisters were fitted for it.';

alter table out_of_fold add column xg_held_out double precision check (xg_held_out between 0 and 1);
comment on column out_of_fold.xg is 'By the sister that has not seen the match: the number that is published.';
comment on column out_of_fold.xg_held_out is
    'Of the latest matches, by a model of the earlier ones; null of the others. What a challenger is judged by.';
update out_of_fold set xg_held_out = xg where is_held_out;

insert into model_match (model_version, provider, match_id)
select distinct o.model_version, s.provider, s.match_id from out_of_fold o join shot s using (shot_key);

do $$
declare
    derived_from text;
begin
    foreach derived_from in array array['model_sister', 'model_match']
    loop
        execute format('create trigger note_insert after insert on %I referencing new table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_update after update on %I referencing new table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_delete after delete on %I referencing old table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_truncate after truncate on %I '
                       'for each statement execute function note_change()', derived_from);
    end loop;
end
$$;
