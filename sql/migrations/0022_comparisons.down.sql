set local search_path to xgoals, public;

drop table model_trust, shot_difference, surrogate_booster, model_surrogate;
drop sequence if exists model_trust_revision, shot_difference_revision, model_surrogate_revision;
