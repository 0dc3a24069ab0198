set local search_path to xgoals, public;

alter table notification drop constraint notification_state_key_check;
drop index notification_outcome_idx;
update notification set matter = matter || ': ' || state_key where state_key is not null;
alter table notification drop column state_key;
alter table notification add unique (run_id, kind, matter, recipient);
comment on table notification is
    'Every mail: one row for each outcome (run, kind, matter) and recipient, written before it is sent.';

update run set figures = figures || jsonb_build_object('decision',
    coalesce(figures #>> '{decision,verdict}' || ': ' || (figures #>> '{decision,reason}'),
             replace(figures #>> '{decision,verdict}', '_', ' ')))
where jsonb_typeof(figures -> 'decision') = 'object';

update run set figures = figures || warnings from (
    select run_id, jsonb_object_agg('warning_' || matter, jsonb_strip_nulls(jsonb_build_object(
               'what', what, 'where', nullif(place, ''), 'advice', nullif(advice, ''), 'step', step,
               'state', state_key))) as warnings
    from trouble group by run_id) of_run
where of_run.run_id = run.run_id;
drop table trouble;
