-- Why our number and the provider's own differ, and how far explanations can be trusted: both measured with a model and
-- kept with it.

set local search_path to xgoals, public;

create table model_surrogate (
    model_version text not null references model_version on delete cascade,
    provider      text not null,
    n_shots       integer not null check (n_shots >= 0),
    r2_log_odds   double precision,
    average_xg    double precision check (average_xg between 0 and 1),
    primary key (model_version, provider)
);
comment on column model_surrogate.average_xg is 'The mean of what it tells of the same shots.';
comment on table model_surrogate is
    'A model of a provider''s own xG on the features of a version: how much of it these features can say.';
comment on column model_surrogate.r2_log_odds is
    'Share of the variance of the provider''s log-odds that is told of matches not seen; null: too few shots.';

create table surrogate_booster (
    model_version text not null,
    provider      text not null,
    sister        smallint not null check (sister >= 0),
    booster       bytea not null,
    sha256        text not null,
    primary key (model_version, provider, sister),
    foreign key (model_version, provider) references model_surrogate on delete cascade
);
comment on column surrogate_booster.sister is
    '0 has learned from every match of the window; n has not seen the matches that sister n has not seen.';

create table shot_difference (
    features_key  bigint not null,
    model_version text not null,
    xg            double precision not null,
    provider_xg   double precision not null,
    average       double precision not null,
    part_values   double precision[] not null,
    rest          double precision not null,
    primary key (features_key, model_version),
    foreign key (features_key, model_version) references shot_xg on delete cascade
);
comment on table shot_difference is
    'Our published xG minus the provider''s where they are apart: average + the sum of the known part_values + rest.';
comment on column shot_difference.part_values is
    'What place, keeper, opponents and strike change with us, minus what they change with the provider; NaN: not known.';
comment on column shot_difference.rest is 'What our features cannot say of the provider''s number.';

create table model_trust (
    model_version text not null references model_version on delete cascade,
    game          text not null check (game in ('one_baseline', 'single_features', 'football_order', 'real_shots')),
    question      text not null,
    n             integer not null check (n > 0),
    n_matches     integer not null check (n_matches > 0),
    share         double precision not null check (share between 0 and 1),
    primary key (model_version, game, question)
);
comment on table model_trust is
    'How far explanations hold: shares of n shots whose first reason stays, and of n questions that are like nothing seen.';

do $$
declare
    derived_from text;
begin
    foreach derived_from in array array['shot_difference', 'model_surrogate', 'model_trust']
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
