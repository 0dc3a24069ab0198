-- Promise: while there is a champion, every shot has its number and its explanation under its present features.
select f.provider, f.match_id, f.shot_id
from champion c
join model_version v using (model_version)
join shot_feature f using (catalogue, catalogue_version)
left join shot_explanation e using (provider, match_id, shot_id, model_version, features_hash)
where e.shot_id is null;
