-- A shot that its feed takes back is marked, where it was deleted: what page and mail have said of it stays to be found.
-- And a database holds either real or simulated matches: which, stands in a row of its own.

alter table xgoals.shot add column withdrawn_at timestamptz;
comment on column xgoals.shot.withdrawn_at is
    'When the feed took it back: it counts nowhere from then on, and its numbers stay. Null where it counts.';

create table xgoals.world (
    only_row     boolean primary key default true check (only_row),
    is_simulated boolean not null
);
comment on table xgoals.world is
    'One row once the first match is stored: whether matches here are simulated. The other kind is refused.';
insert into xgoals.world (is_simulated)
select is_simulated from xgoals.match group by is_simulated order by count(*) desc, is_simulated limit 1;
