set local search_path to xgoals, public;

drop table shot_actor, shot_reason, model_refit, model_reference;
drop sequence shot_reason_revision, shot_actor_revision, model_reference_revision, model_refit_revision;
