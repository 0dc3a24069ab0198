-- Promise: every shot that was read has a row of features.
select s.provider, s.match_id, s.shot_id
from shot s
left join shot_feature f using (provider, match_id, shot_id)
where f.shot_id is null;
