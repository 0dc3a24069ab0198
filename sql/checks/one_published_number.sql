-- Promise: every scored shot has a published number.
select shot_key
from shot_xg
group by shot_key
having count(publication) = 0;
