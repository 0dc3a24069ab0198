set local search_path to xgoals, public;

drop table glass_box_step;
delete from model_evaluation where 'glass_box' in (forecaster, compared_with);
alter table model_evaluation drop constraint model_evaluation_forecaster_check;
alter table model_evaluation add constraint model_evaluation_forecaster_check check (forecaster in (
    'model', 'champion', 'provider', 'geometry'));
alter table model_evaluation drop constraint model_evaluation_check;
alter table model_evaluation add constraint model_evaluation_check check (
    compared_with in ('none', 'champion', 'provider', 'geometry') and compared_with <> forecaster);
