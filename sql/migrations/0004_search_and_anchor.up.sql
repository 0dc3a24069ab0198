-- What searches for parameters found, the anchor that champions are held against, and verdicts that await a person.

alter table xgoals.promotion drop constraint promotion_verdict_check;
alter table xgoals.promotion add constraint promotion_verdict_check
    check (verdict in ('promoted', 'kept', 'rolled_back', 'awaiting_approval'));

create table xgoals.anchor (
    only_row      boolean primary key default true check (only_row),
    model_version text not null references xgoals.model_version,
    decision_n    bigint not null references xgoals.promotion,
    reason        text not null
);
comment on table xgoals.anchor is
    'One row at most: the earlier champion that every challenger must hold against, and why it is this one.';

create table xgoals.tuning_result (
    tuning_n          bigint generated always as identity primary key,
    catalogue         text not null,
    catalogue_version integer not null,
    study_name        text not null,
    parameters        jsonb not null,
    is_adopted        boolean not null,
    reason            text not null,
    evidence          jsonb not null,
    run_id            text not null,
    searched_at       timestamptz not null,
    foreign key (catalogue, catalogue_version) references xgoals.feature_catalogue
);
create index on xgoals.tuning_result (catalogue, catalogue_version, tuning_n);
comment on table xgoals.tuning_result is
    'One row a finished search. The latest adopted parameters of a catalogue are what models are trained with.';

create schema if not exists optuna;
comment on schema optuna is 'Searches under way and finished, in Optuna''s own tables.';
