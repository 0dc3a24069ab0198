-- A night without news asks whether anything is new, and reads nothing of history: every table that something is
-- derived from counts its changes, and what is derived names the counts that it rests on. And the indexes that
-- questions about one run, one model or one shot lacked.

set local search_path to xgoals, public;

create index shot_xg_model_version_idx on shot_xg (model_version);
create index out_of_fold_shot_key_idx on out_of_fold (shot_key);
create index quarantine_match_idx on quarantine (feed, match_id);
create index match_season_idx on match (competition, season, match_date);
create index report_run_idx on report (run_id);

create table derived_state (
    name      text primary key,
    state_key text not null,
    facts     jsonb not null default '{}'
);
comment on table derived_state is
    'From which state of the stored rows something was derived last: while the key is the same there is nothing new.';
comment on column derived_state.facts is 'What is told of it again on nights that derive nothing.';

do $$
declare
    derived_from text;
begin
    foreach derived_from in array array[
        'team', 'player', 'match', 'own_goal', 'shot', 'shot_position', 'shot_feature', 'shot_xg', 'shot_explanation',
        'out_of_fold', 'model_version', 'promotion', 'baseline', 'model_evaluation', 'global_explanation',
        'interaction_explanation', 'shot_interaction', 'explanation_check', 'quarantine']
    loop
        execute format('create trigger note_insert after insert on %I referencing new table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_update after update on %I referencing new table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_delete after delete on %I referencing old table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_truncate after truncate on %I '
                       'for each statement execute function note_change()', derived_from);
    end loop;
end
$$;
