-- Promise: every shot that counts has features.
select s.shot_key
from shot s
where s.withdrawn_at is null
  and not exists (select from shot_feature f where f.shot_key = s.shot_key and f.is_current);
