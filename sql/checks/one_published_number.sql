-- Promise: every scored shot has a published number.
select provider, match_id, shot_id
from shot_xg
group by provider, match_id, shot_id
having count(publication) = 0;
