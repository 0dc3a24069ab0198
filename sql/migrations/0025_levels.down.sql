set local search_path to xgoals, public;

delete from model_evaluation where slice = 'provider';
alter table model_evaluation drop constraint model_evaluation_slice_check;
alter table model_evaluation add constraint model_evaluation_slice_check check (slice in (
    'all', 'distance', 'body_part', 'shot_type', 'competition', 'season', 'club', 'quantile',
    'with_sharp_dead_balls', 'sharp_dead_balls', 'penalties', 'no_keeper', 'no_positions'));
drop table provider_level;
drop sequence if exists provider_level_revision;
drop index model_sister_face_idx;
alter table model_sister drop constraint model_sister_level_check, drop column fold, drop column base, drop column provider;
alter table model_version drop column parent;
