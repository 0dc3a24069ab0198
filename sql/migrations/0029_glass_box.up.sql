-- A glass-box peer as a yardstick of every model, and its curves.

set local search_path to xgoals, public;

alter table model_evaluation drop constraint model_evaluation_forecaster_check;
alter table model_evaluation add constraint model_evaluation_forecaster_check check (forecaster in (
    'model', 'champion', 'provider', 'geometry', 'glass_box'));
alter table model_evaluation drop constraint model_evaluation_check;
alter table model_evaluation add constraint model_evaluation_check check (
    compared_with in ('none', 'champion', 'provider', 'geometry', 'glass_box') and compared_with <> forecaster);

create table glass_box_step (
    model_version text not null references model_version on delete cascade,
    feature       text not null,
    step          smallint not null check (step >= 0),
    value_from    double precision,
    value_to      double precision check (value_to > value_from),
    log_odds      double precision not null,
    sd            double precision not null check (sd >= 0),
    n_shots       integer not null check (n_shots >= 0),
    primary key (model_version, feature, step)
);
comment on table glass_box_step is
    'The curves of each version''s glass-box peer (an EBM on the same shots): what values of a feature add in log-odds. '
    'No number about any shot; the peer''s out-of-fold figures are in model_evaluation.';
comment on column glass_box_step.step is '0 is the missing value, whose value_from and value_to are both null.';
comment on column glass_box_step.value_from is 'The lowest value; null: open, or missing.';
comment on column glass_box_step.value_to is 'The end, not among the values; null: open, or missing.';
comment on column glass_box_step.sd is 'Standard deviation over the fits that are averaged.';
