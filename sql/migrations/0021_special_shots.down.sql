set local search_path to xgoals, public;

delete from model_evaluation
where slice in ('with_sharp_dead_balls', 'sharp_dead_balls', 'penalties', 'no_keeper');
alter table model_evaluation drop constraint model_evaluation_slice_check;
alter table model_evaluation add constraint model_evaluation_slice_check check (slice in (
    'all', 'distance', 'body_part', 'shot_type', 'competition', 'season', 'club', 'quantile'));
comment on table model_evaluation is
    'Figures of every model version from predictions by models that had not seen the match; never of penalties.';
comment on column model_evaluation.low is
    '95 % interval from low to high: whole matches resampled; Wilson''s for the goal rate of a quantile.';
comment on column model_evaluation.n_shots is 'Shots without penalties that the figure is over.';
