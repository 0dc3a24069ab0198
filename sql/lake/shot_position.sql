-- One row a shot and person: everybody but the shooter, in the shot's coordinates.
create or replace temporary view shot_position as
select provider, match_id, shot_id, p.player_id, p.is_teammate, p.is_keeper, p.x_m, p.y_m
from archive lateral view explode(people) seen as p
where event_n is not null
