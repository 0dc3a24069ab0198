-- Promise: nothing simulated stands beside real data.
select m.provider, m.match_id
from match m
join world w on w.is_simulated <> m.is_simulated;
