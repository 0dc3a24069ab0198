drop schema if exists optuna cascade;
drop table xgoals.tuning_result;
drop table xgoals.anchor;
update xgoals.promotion set verdict = 'kept' where verdict = 'awaiting_approval';
alter table xgoals.promotion drop constraint promotion_verdict_check;
alter table xgoals.promotion add constraint promotion_verdict_check
    check (verdict in ('promoted', 'kept', 'rolled_back'));
