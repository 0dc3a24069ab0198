-- One row a player, by the name that people know.
create or replace temporary view player as
select provider, p.player_id, max(coalesce(p.short_name, p.name)) as player
from archive lateral view explode(players) listed as p
group by provider, p.player_id
