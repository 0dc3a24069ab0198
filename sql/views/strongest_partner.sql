-- For every feature of every model the partner that it interacts with most.
create or replace view strongest_partner as
select distinct on (model_version, feature) model_version, feature, partner, mean_abs, n_shots
from (
    select model_version, feature, partner, mean_abs, n_shots from interaction_explanation
    union all
    select model_version, partner, feature, mean_abs, n_shots from interaction_explanation
) pair
order by model_version, feature, mean_abs desc, partner;
comment on view strongest_partner is 'The strongest partner of every feature, by mean |interaction|.';
