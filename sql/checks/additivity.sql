-- Promise: base value plus Shapley values is the prediction, for every shot.
select provider, match_id, shot_id, model_version
from shot_explanation
where abs(base_value + (select sum(v) from unnest(shap_values) v) - prediction) > 1e-4;
