-- Promise: every part of a version's shots has a verdict, and it is that of its goals minus xG.
select model_version, facet, facet_value
from bias_metric
group by model_version, facet, facet_value
having count(verdict) filter (where metric = 'surplus_per_100') <> count(*) filter (where metric = 'surplus_per_100')
    or count(verdict) filter (where metric <> 'surplus_per_100') > 0;
