-- A provider's own level: further sisters of a version, and the version whose trees they share.

set local search_path to xgoals, public;

alter table model_version add column parent text references model_version;
comment on column model_version.parent is
    'The version whose trees these are, where only levels of providers were learnt anew; null: it was trained.';

alter table model_sister
    add column provider text,
    add column base smallint,
    add column fold smallint,
    add constraint model_sister_level_check check ((provider is null) = (base is null) and (fold is null or base is not null));
create unique index model_sister_face_idx on model_sister (model_version, provider, base)
    where provider is not null and fold is null;
comment on column model_sister.provider is 'Whose level it has; null: it has none.';
comment on column model_sister.base is 'The sister whose trees it shares, 0: the champion.';
comment on column model_sister.fold is
    'The fold of the provider''s matches that has not taught the level; null: all have, and it speaks for later ones.';

create table provider_level (
    model_version       text not null references model_version on delete cascade,
    provider            text not null,
    verdict             text not null check (verdict in ('at_level', 'off', 'too_few', 'own')),
    n_matches           integer not null check (n_matches >= 0),
    n_shots             integer not null check (n_shots >= 0),
    n_goals             integer not null check (n_goals >= 0),
    xg_per_goal         double precision,
    low                 double precision,
    high                double precision,
    headers_n_goals     integer not null,
    headers_xg_per_goal double precision,
    headers_low         double precision,
    headers_high        double precision,
    primary key (model_version, provider)
);
comment on table provider_level is
    'Sum of xG over goals of a provider''s shots by a version, with its 95 % interval: are its numbers at the level?';
comment on column provider_level.verdict is
    'own: the version knows no other provider; too_few: nothing can be said; off: beyond chance, and by more than 3 %.';

alter table model_evaluation drop constraint model_evaluation_slice_check;
alter table model_evaluation add constraint model_evaluation_slice_check check (slice in (
    'all', 'distance', 'body_part', 'shot_type', 'competition', 'season', 'club', 'provider', 'quantile',
    'with_sharp_dead_balls', 'sharp_dead_balls', 'penalties', 'no_keeper', 'no_positions'));

do $$
begin
    create trigger note_insert after insert on provider_level referencing new table as changed
        for each statement execute function note_change();
    create trigger note_update after update on provider_level referencing new table as changed
        for each statement execute function note_change();
    create trigger note_delete after delete on provider_level referencing old table as changed
        for each statement execute function note_change();
    create trigger note_truncate after truncate on provider_level
        for each statement execute function note_change();
end
$$;
