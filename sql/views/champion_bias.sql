-- Whether the champion's numbers are fair: one row a part and metric, the parts' goals minus xG with their verdicts.
create or replace view champion_bias as
select b.facet, b.facet_value, b.metric, b.value, b.low, b.high, b.n_shots, b.n_goals, b.n_matches, b.p, b.q,
       b.verdict, b.note, b.model_version
from champion c
join bias_metric b using (model_version);
comment on view champion_bias is
    'verdict belongs to metric surplus_per_100: goals minus honest xG in goals per 100 shots; low and high: 95 % interval.';
