-- The summaries of all explanations as sums by competition, season and team: a night with new matches computes those
-- of the teams that played, and adds up.

create table xgoals.explanation_sum (
    model_version text not null references xgoals.model_version on delete cascade,
    competition   text not null,
    season        text not null,
    team          text not null,
    n_shots       integer not null check (n_shots > 0),
    state_key     text not null,
    sums          double precision[] not null,
    abs_sums      double precision[] not null,
    pair_abs_sums double precision[] not null,
    primary key (model_version, competition, season, team)
);
comment on table xgoals.explanation_sum is
    'Sums of values, of |values| and of |interactions| over the shots without penalties of a team in a season.';
comment on column xgoals.explanation_sum.state_key is
    'Changes when one of its shots is added, corrected or withdrawn: then these sums are computed anew.';
comment on column xgoals.explanation_sum.pair_abs_sums is
    'Of every pair of features, both halves together: first with second, first with third, ..., second with third, ...';
