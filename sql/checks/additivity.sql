-- Promise: base value plus Shapley values is the prediction, for every shot; so is base value plus group values.
select features_key, model_version
from shot_explanation
where abs(base_value + (select sum(v) from unnest(shap_values) v) - prediction) > 1e-6
   or abs(base_value + (select sum(v) from unnest(group_values) v) - prediction) > 1e-6;
