-- Figures of shots of which nobody's position is known: what is said of them rests on place and words alone.

set local search_path to xgoals, public;

alter table model_evaluation drop constraint model_evaluation_slice_check;
alter table model_evaluation add constraint model_evaluation_slice_check check (slice in (
    'all', 'distance', 'body_part', 'shot_type', 'competition', 'season', 'club', 'quantile',
    'with_sharp_dead_balls', 'sharp_dead_balls', 'penalties', 'no_keeper', 'no_positions'));
