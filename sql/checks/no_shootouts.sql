-- Promise: shoot-outs are no shots.
select provider, match_id, shot_id from shot where period > 4;
