-- Promise: shoot-outs are no shots, and nothing simulated stands beside real data.
select provider, match_id, shot_id from shot where period > 4
union all
select provider, match_id, null from match
where exists (select from match where is_simulated) and not is_simulated;
