set local search_path to xgoals, public;

alter table out_of_fold drop column xg_held_out;
drop table shot_xg_replaced;
alter table shot_xg drop column sister;
drop table model_match;
drop table model_sister;
drop sequence model_match_revision, model_sister_revision;
