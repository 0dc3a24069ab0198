set local search_path to xgoals, public;

alter table model_refit drop column seal;
alter table surrogate_booster drop column seal;
alter table model_sister drop column seal;
alter table model_version drop column seal;
drop function seal(text[]);
