-- Which state the stored rows are in, told in a millisecond however many there are: a counter a table, raised by every
-- statement that has changed one of its rows. What is derived from them (summaries, pages, checked promises) keeps the
-- counters that it was derived at (table derived_state).
-- Sequences, not rows: two tasks that store matches at once must not wait for each other.

create or replace function xgoals.note_change() returns trigger
language plpgsql security definer set search_path = xgoals, pg_temp as $$
begin
    if tg_op = 'TRUNCATE' then
        perform nextval((tg_table_name || '_revision')::regclass);
    elsif exists (select from changed) then
        perform nextval((tg_table_name || '_revision')::regclass);
    end if;
    return null;
end
$$;

-- Or a reader could count up for a temporary table of his own that is called like one of ours.
revoke execute on function xgoals.note_change() from public;

create or replace function xgoals.content_revisions() returns table (content text, revision bigint)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select left(sequencename, -9), coalesce(last_value, 0) from pg_sequences
    where schemaname = 'xgoals' and right(sequencename, 9) = '_revision'
$$;

do $$
declare
    content text;
begin
    foreach content in array array[
        'team', 'player', 'match', 'own_goal', 'shot', 'shot_position', 'shot_feature', 'shot_xg', 'shot_explanation',
        'out_of_fold', 'model_version', 'promotion', 'baseline', 'model_evaluation', 'global_explanation',
        'interaction_explanation', 'shot_interaction', 'explanation_check', 'quarantine', 'match_incident',
        'model_sister', 'model_match', 'model_reference', 'model_refit', 'shot_reason', 'shot_actor',
        'shot_difference', 'model_surrogate', 'model_trust', 'provider_level', 'drift_point', 'bias_metric']
    loop
        execute format('create sequence if not exists xgoals.%I', content || '_revision');
    end loop;
end
$$;
