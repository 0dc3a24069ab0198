-- Promise: while there is a champion, every shot has its number and its explanation under its present features.
select f.shot_key
from champion c
join model_version v using (model_version)
join shot_feature f using (catalogue, catalogue_version)
where f.is_current
  and not exists (
      select from shot_explanation e where (e.features_key, e.model_version) = (f.features_key, c.model_version));
