-- One row a shot and feature, for the question "why this number?".
create or replace view shot_explanation_long as
select s.provider, s.match_id, s.shot_id, e.model_version, f.is_current, u.feature, u.feature_value, u.shap_value,
       e.base_value, e.prediction, e.model_version || coalesce('/' || x.sister, '') as scored_by
from shot_explanation e
join (select features_key, model_version, sister from shot_xg) x using (features_key, model_version)
join shot_feature f using (features_key)
join shot s using (shot_key)
join model_version v using (model_version)
cross join lateral unnest(v.feature_names, f.feature_values, e.shap_values)
    as u (feature, feature_value, shap_value)
where s.withdrawn_at is null;
comment on view shot_explanation_long is 'One row a shot and feature: its value and its Shapley value.';
