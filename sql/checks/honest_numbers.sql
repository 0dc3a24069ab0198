-- Promise: every number of the champion comes from a model that has not seen the match, where there is one.
select x.features_key
from champion c
join shot_xg x using (model_version)
join shot_feature f using (features_key)
join shot s on s.shot_key = x.shot_key
left join model_match m
    on (m.model_version, m.provider, m.match_id) = (x.model_version, s.provider, s.match_id)
left join model_sister face  -- who has the provider's whole level speaks for what has not taught it
    on m.model_version is null and face.model_version = x.model_version and face.provider = s.provider
       and face.base = 0 and face.fold is null
where f.is_current and x.sister is distinct from coalesce(m.sister, face.sister);
