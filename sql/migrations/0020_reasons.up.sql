-- Why a published number is what it is, in football's order: beside each number its parts, how sure they are, the real
-- shots that it was compared with, and who took what. What reasons are compared with and judged by is frozen with the
-- model: they depend neither on what arrives later nor on what is corrected later.

set local search_path to xgoals, public;

create table model_reference (
    model_version text primary key references model_version on delete cascade,
    n_shots       integer not null,
    average_xg    double precision not null check (average_xg between 0 and 1),
    content       bytea not null,
    sha256        text not null check (sha256 = encode(sha256(content), 'hex'))
);
comment on table model_reference is
    'The shots that a champion has learned from, as they were then; of the present champion and the one before.';
comment on column model_reference.average_xg is
    'Mean xG of these shots without penalties, each by a model that has not seen its match: where every shot begins.';

create table model_refit (
    model_version text not null references model_version on delete cascade,
    refit         smallint not null check (refit > 0),
    half          smallint not null check (half in (1, 2)),
    cut           bigint not null,
    average_xg    double precision not null check (average_xg between 0 and 1),
    booster       bytea not null,
    sha256        text not null check (sha256 = encode(sha256(booster), 'hex')),
    primary key (model_version, refit, half)
);
comment on table model_refit is
    'Models fitted on halves of the matches, which say how sure a reason is. Not in backups: they are fitted again.';
comment on column model_refit.half is '1: fitted on the matches whose hash is below the cut; 2: on the others.';

create table shot_reason (
    features_key   bigint not null,
    model_version  text not null references model_version,
    xg             double precision not null,
    average_xg     double precision not null,
    parts          double precision[] not null check (array_length(parts, 1) = 4),
    sd             double precision[] not null check (array_length(sd, 1) = 4),
    same_sign      smallint[] not null check (array_length(same_sign, 1) = 4),
    first          smallint check (first between 0 and 3),
    held           smallint not null,
    n_refits       smallint not null,
    reference_keys bigint[] not null,
    farthest_m     double precision,
    empty_xg       double precision,
    primary key (features_key, model_version),
    foreign key (features_key, model_version) references shot_xg on delete cascade
);
create index shot_reason_model_version_idx on shot_reason (model_version);
comment on table shot_reason is 'Why a published number is what it is: average_xg + the parts that are known = xg.';
comment on column shot_reason.parts is
    'Place, keeper, opponents, strike; NaN: the shot lacks what the part is made of. All NaN: a penalty.';
comment on column shot_reason.first is 'The part that matters most (0 to 3); null: nothing is known.';
comment on column shot_reason.reference_keys is 'shot_key of the real shots from the same spot, the nearest first.';
comment on column shot_reason.empty_xg is 'The xG with an ordinary keeper and nobody else; null: not known.';

create table shot_actor (
    features_key  bigint not null,
    model_version text not null,
    person_n      smallint not null,
    is_keeper     boolean not null,
    player_n      smallint not null,
    value         double precision not null,
    removed_xg    double precision not null,
    is_ordinary   boolean not null,
    primary key (features_key, model_version, person_n),
    foreign key (features_key, model_version) references shot_reason on delete cascade
);
comment on table shot_actor is 'What each person took (below 0) or gave: empty_xg + the values of all players = xg.';
comment on column shot_actor.player_n is 'His number in the game; those who play as one share it, and its value.';
comment on column shot_actor.is_ordinary is 'False: scenes like this one without him hardly occur; his values lean on a guess.';

do $$
declare
    derived_from text;
begin
    foreach derived_from in array array['shot_reason', 'shot_actor', 'model_reference', 'model_refit']
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
