-- The results of xgoals: what was read, what was computed, by which model, in which run.
-- Natural keys (the provider's own ids as text) say what a row is, so that the same input gives the same rows.
-- What hangs on a shot refers to it by shot_key, and numbers to the feature values that they were computed from by
-- features_key: joins over several text columns mislead the planner by orders of magnitude.

create schema if not exists xgoals;
set local search_path to xgoals, public;

create table run (
    run_id          text primary key,
    feed            text not null,
    source          text not null,
    state           text not null default 'running' check (state in ('running', 'success', 'failed')),
    started_at      timestamptz not null,
    ended_at        timestamptz,
    failed_task     text,
    error           jsonb,
    figures         jsonb not null default '{}',
    seconds_by_task jsonb not null default '{}'
);
comment on table run is 'One row a pipeline run: the only thing that a repeated run adds.';

create table team (
    provider text not null,
    team_id  text not null,
    name     text not null,
    primary key (provider, team_id)
);

create table player (
    provider   text not null,
    player_id  text not null,
    name       text,
    short_name text,
    primary key (provider, player_id)
);

create table match (
    provider       text not null,
    match_id       text not null,
    competition_id text not null,
    competition    text not null,
    season_id      text not null,
    season         text not null,
    matchday       integer check (matchday > 0),
    stage          text,
    match_date     date not null,
    kick_off       timestamptz,
    home_team_id   text not null,
    away_team_id   text not null,
    home_score     integer check (home_score >= 0),
    away_score     integer check (away_score >= 0),
    pitch_length_m double precision not null check (pitch_length_m between 80 and 130),
    pitch_width_m  double precision not null check (pitch_width_m between 40 and 100),
    is_simulated   boolean not null,
    feed           text not null,
    fingerprint    text not null,
    message_time   timestamptz,
    primary key (provider, match_id),
    foreign key (provider, home_team_id) references team,
    foreign key (provider, away_team_id) references team,
    check (home_team_id <> away_team_id)
);
comment on column match.fingerprint is 'Changes when anything does that was read; a known one is not read again.';

create table own_goal (
    provider  text not null,
    match_id  text not null,
    goal_n    smallint not null,
    team_id   text not null,
    player_id text,
    minute    smallint not null,
    primary key (provider, match_id, goal_n),
    foreign key (provider, match_id) references match on delete cascade,
    foreign key (provider, team_id) references team,
    foreign key (provider, player_id) references player
);
comment on column own_goal.team_id is 'The team that the goal counts for.';

create table shot (
    shot_key        bigint generated always as identity unique,
    provider        text not null,
    match_id        text not null,
    shot_id         text not null,
    event_n         integer not null,
    period          smallint not null check (period between 1 and 4),
    minute          smallint not null check (minute >= 0),
    second          smallint not null check (second between 0 and 59),
    period_time_s   double precision,
    event_time      timestamptz,
    team_id         text not null,
    player_id       text,
    x_m             double precision,
    y_m             double precision,
    body_part       text not null,
    shot_type       text not null,
    outcome         text not null,
    ball_control    text not null,
    set_up          text not null,
    technique       text not null,
    is_goal         boolean generated always as (outcome = 'goal') stored,
    is_penalty      boolean generated always as (shot_type = 'penalty') stored,
    provider_xg     double precision check (provider_xg between 0 and 1),
    frame_source    text not null,
    frame_n         bigint,
    clock_offset_s  double precision,
    confidence      double precision check (confidence between 0 and 1),
    shooter_vx_ms   double precision,
    shooter_vy_ms   double precision,
    ball_x_m        double precision,
    ball_y_m        double precision,
    ball_z_m        double precision,
    official        jsonb not null default '{}',
    raw             jsonb not null default '{}',
    clip_path       text,
    primary key (provider, match_id, shot_id),
    foreign key (provider, match_id) references match on delete cascade,
    foreign key (provider, team_id) references team,
    foreign key (provider, player_id) references player
);
comment on column shot.x_m is 'Metres; origin at the pitch centre, x towards the goal attacked.';
comment on column shot.y_m is 'Metres; y to the attacker''s left.';
comment on column shot.provider_xg is 'The provider''s own estimate: a yardstick, never a feature.';
comment on column shot.clock_offset_s is 'Event time minus frame time: positive where the event is late.';

create table shot_position (
    shot_key    bigint not null references shot (shot_key) on delete cascade,
    person_n    smallint not null,
    player_id   text,
    is_teammate boolean not null,
    is_keeper   boolean not null,
    x_m         double precision not null,
    y_m         double precision not null,
    vx_ms       double precision,
    vy_ms       double precision,
    primary key (shot_key, person_n)
);
comment on table shot_position is 'Everybody but the shooter at the moment of the shot, in the shot''s coordinates.';

create table feature_catalogue (
    catalogue text not null,
    version   integer not null,
    features  jsonb not null,
    names     text[] not null,
    primary key (catalogue, version)
);
comment on table feature_catalogue is 'The definitions that stored feature values follow, in the order of their arrays.';

create table shot_feature (
    features_key      bigint generated always as identity primary key,
    shot_key          bigint not null references shot (shot_key) on delete cascade,
    catalogue         text not null,
    catalogue_version integer not null,
    features_hash     text not null,
    is_current        boolean not null,
    feature_values    double precision[] not null,
    unique (shot_key, catalogue, catalogue_version, features_hash),
    foreign key (catalogue, catalogue_version) references feature_catalogue
);
create unique index on shot_feature (shot_key, catalogue, catalogue_version) where is_current;
comment on table shot_feature is
    'Feature values of a shot; those from before a correction stay, for the numbers that were published from them.';
comment on column shot_feature.feature_values is 'In the catalogue''s order; NaN is a missing value.';

create table model_version (
    model_version     text primary key,
    catalogue         text not null,
    catalogue_version integer not null,
    feature_names     text[] not null,
    parameters        jsonb not null,
    seed              bigint not null,
    window_from       date not null,
    window_to         date not null,
    n_matches         integer not null,
    n_shots           integer not null,
    n_goals           integer not null,
    data_hash         text not null,
    library_versions  jsonb not null,
    is_simulated      boolean not null,
    booster           bytea not null,
    sha256            text not null check (sha256 = encode(sha256(booster), 'hex')),
    golden            jsonb not null,
    metrics           jsonb not null,
    created_by_run    text not null,
    created_at        timestamptz not null,
    foreign key (catalogue, catalogue_version) references feature_catalogue
);
comment on table model_version is 'Every model that was ever trained; the name is the hash of all that made it.';
comment on column model_version.golden is 'A few rows and their predictions: a loaded model must repeat them.';

create table promotion (
    decision_n      bigint generated always as identity primary key,
    challenger      text not null references model_version,
    champion_before text references model_version,
    champion_after  text references model_version,
    verdict         text not null check (verdict in ('promoted', 'kept', 'rolled_back')),
    reason          text not null,
    evidence        jsonb not null,
    run_id          text,
    decided_at      timestamptz not null
);
comment on table promotion is 'Every decision about the champion, with its evidence.';

create table champion (
    only_row      boolean primary key default true check (only_row),
    model_version text not null references model_version,
    decision_n    bigint not null references promotion
);
comment on table champion is 'One row at most: the model whose numbers are published.';

create table out_of_fold (
    model_version text not null references model_version on delete cascade,
    shot_key      bigint not null references shot (shot_key) on delete cascade,
    xg            double precision not null check (xg between 0 and 1),
    is_held_out   boolean not null,
    primary key (model_version, shot_key)
);
comment on table out_of_fold is
    'Predictions by sister models that had not seen the match: what every quality figure rests on.';

create table baseline (
    model_version          text primary key references model_version on delete cascade,
    feature_names          text[] not null,
    feature_values         double precision[] not null,
    goal_rate              double precision not null,
    mean_prediction        double precision not null,
    prediction_at_baseline double precision not null
);
comment on table baseline is 'The one row that explanations start from, and three reference numbers never to be mixed.';

create table shot_xg (
    features_key  bigint not null references shot_feature on delete cascade,
    model_version text not null references model_version,
    shot_key      bigint not null references shot (shot_key) on delete cascade,
    xg            double precision not null check (xg between 0 and 1),
    publication   smallint check (publication > 0),
    run_id        text not null,
    primary key (features_key, model_version)
);
create unique index on shot_xg (shot_key, publication);
comment on column shot_xg.publication is
    'n for the n-th number published for this shot; null for later champions'' numbers that stand beside it.';

create table shot_explanation (
    features_key  bigint not null,
    model_version text not null references model_version,
    base_value    double precision not null,
    prediction    double precision not null,
    shap_values   double precision[] not null,
    group_values  double precision[] not null,
    primary key (features_key, model_version),
    foreign key (features_key, model_version) references shot_xg on delete cascade
);
create index on shot_explanation (model_version);
comment on table shot_explanation is
    'base_value + sum(shap_values) = prediction, in the space that explanation_check names; so do the group values.';
comment on column shot_explanation.group_values is
    'Values of the groups of features (place, keeper, ...) in the order in which the catalogue first names them.';

create table global_explanation (
    model_version text not null references model_version on delete cascade,
    scope         text not null check (scope in ('all', 'season', 'club')),
    scope_id      text not null,
    scope_label   text not null,
    feature       text not null,
    n_shots       integer not null,
    mean_abs      double precision not null,
    mean          double precision not null,
    primary key (model_version, scope, scope_id, feature)
);
comment on table global_explanation is 'Mean |value| and mean value of every feature, over shots without penalties.';

create table interaction_explanation (
    model_version text not null references model_version on delete cascade,
    feature       text not null,
    partner       text not null check (feature < partner),
    n_shots       integer not null,
    mean_abs      double precision not null,
    primary key (model_version, feature, partner)
);
comment on table interaction_explanation is
    'Mean |interaction| of every pair over shots without penalties, both halves together.';

create table shot_interaction (
    features_key       bigint not null,
    model_version      text not null,
    interaction_values double precision[] not null,
    primary key (features_key, model_version),
    foreign key (features_key, model_version) references shot_explanation on delete cascade
);
comment on table shot_interaction is
    'The matrix of pairwise values, row by row, for the latest matchday of each competition; rows sum to shap_values.';

create table explanation_check (
    model_version        text primary key references model_version on delete cascade,
    method               text not null,
    space                text not null check (space in ('probability', 'log_odds')),
    n_shots              integer not null,
    additivity_max_error double precision not null,
    library_max_error    double precision not null,
    n_library_sample     integer not null,
    seconds              double precision not null
);
comment on table explanation_check is
    'How a model''s explanations were computed, how exactly they add up, and how far they are from the shap library''s.';

create table feed_file (
    feed        text not null,
    path        text not null,
    provider    text not null,
    match_id    text not null,
    fingerprint text not null,
    primary key (feed, path, match_id)
);
comment on table feed_file is 'Which files the stored state of a match was read from.';

create table quarantine (
    feed         text not null,
    path         text not null,
    place        text not null default '',
    reason       text not null,
    advice       text not null,
    severity     text not null check (severity in ('match', 'shot', 'value')),
    match_id     text,
    fingerprint  text,
    found_by_run text not null,
    primary key (feed, path, place, reason)
);
comment on table quarantine is 'What was left out of the last reading of each file, why, and what to do.';

create table report (
    kind          text not null check (kind in ('model', 'matchday', 'match', 'index')),
    scope_id      text not null,
    title         text not null,
    path          text not null,
    model_version text references model_version,
    sha256        text not null,
    run_id        text not null,
    facts         jsonb not null default '{}',
    primary key (kind, scope_id)
);

create table notification (
    message_id text primary key,
    run_id     text not null,
    recipients text[] not null,
    subject    text not null,
    state      text not null check (state in ('sent', 'outbox', 'failed')),
    detail     text,
    changed_at timestamptz not null
);
