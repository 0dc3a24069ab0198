-- What a model's honest predictions are worth: one figure a row, overall and slice by slice, with how sure it is.

create table xgoals.model_evaluation (
    model_version text not null references xgoals.model_version on delete cascade,
    split         text not null check (split in ('held_out', 'out_of_fold', 'unseen_competition')),
    slice         text not null check (slice in ('all', 'distance', 'body_part', 'shot_type', 'competition',
                                                 'season', 'club', 'quantile')),
    slice_value   text not null default 'all',
    forecaster    text not null check (forecaster in ('model', 'champion', 'provider', 'geometry')),
    compared_with text not null default 'none'
                  check (compared_with in ('none', 'champion', 'provider', 'geometry') and compared_with <> forecaster),
    metric        text not null,
    value         double precision check (value <> 'NaN'),
    low           double precision check (low <= value),
    high          double precision check (high >= value),
    n_shots       integer not null check (n_shots >= 0),
    n_goals       integer not null check (n_goals between 0 and n_shots),
    n_matches     integer not null check (n_matches between 0 and n_shots),
    note          text,
    primary key (model_version, split, slice, slice_value, forecaster, compared_with, metric),
    check ((value is null) = (note is not null))
);
comment on table xgoals.model_evaluation is
    'Figures of every model version from predictions by models that had not seen the match; never of penalties.';
comment on column xgoals.model_evaluation.split is
    'held_out: the latest matches, predicted from the earlier ones. out_of_fold: every match, predicted from the other '
    'folds. unseen_competition: every match, predicted from the other competitions.';
comment on column xgoals.model_evaluation.slice_value is
    'Which part of the slice, such as 06-11 m or a club; all where the slice is all shots.';
comment on column xgoals.model_evaluation.compared_with is
    'none: the forecaster''s own figure. Else the figure is the forecaster''s minus this one''s, on the shots that both '
    'predict.';
comment on column xgoals.model_evaluation.low is
    '95 % interval from low to high: whole matches resampled; Wilson''s for the goal rate of a quantile.';
comment on column xgoals.model_evaluation.n_shots is 'Shots without penalties that the figure is over.';
comment on column xgoals.model_evaluation.note is 'Why there is no value, such as too few goals or no provider xG.';
