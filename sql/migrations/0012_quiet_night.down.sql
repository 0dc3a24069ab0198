set local search_path to xgoals, public;

do $$
declare
    counter record;
begin
    for counter in select left(sequencename, -9) as derived_from, sequencename from pg_sequences
                   where schemaname = 'xgoals' and right(sequencename, 9) = '_revision'
    loop
        execute format('drop trigger if exists note_insert on %I', counter.derived_from);
        execute format('drop trigger if exists note_update on %I', counter.derived_from);
        execute format('drop trigger if exists note_delete on %I', counter.derived_from);
        execute format('drop trigger if exists note_truncate on %I', counter.derived_from);
        execute format('drop sequence %I', counter.sequencename);
    end loop;
end
$$;
drop function content_revisions();
drop function note_change();
drop table derived_state;
drop index shot_xg_model_version_idx, out_of_fold_shot_key_idx, quarantine_match_idx,
    match_season_idx, report_run_idx;
