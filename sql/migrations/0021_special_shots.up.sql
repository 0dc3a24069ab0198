-- Figures of shots that are told apart: free and corner kicks from a sharp angle, which are recorded by what became of
-- them, penalties, whose xG is a stated rate, and shots without a keeper in their frame.

set local search_path to xgoals, public;

alter table model_evaluation drop constraint model_evaluation_slice_check;
alter table model_evaluation add constraint model_evaluation_slice_check check (slice in (
    'all', 'distance', 'body_part', 'shot_type', 'competition', 'season', 'club', 'quantile',
    'with_sharp_dead_balls', 'sharp_dead_balls', 'penalties', 'no_keeper'));
comment on table model_evaluation is
    'Figures of every model version from predictions by models that had not seen the match. Since slices for them are '
    'there, penalties and dead balls from a sharp angle are in no other slice.';
comment on column model_evaluation.low is
    '95 % interval from low to high: whole matches resampled; exact for surplus_per_100; Wilson''s for the goal rate of '
    'a quantile.';
comment on column model_evaluation.n_shots is 'Shots that the figure is over.';
