-- Promise: every shot that was read has features.
select s.shot_key
from shot s
where not exists (select from shot_feature f where f.shot_key = s.shot_key and f.is_current);
