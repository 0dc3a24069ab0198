-- Promise: the average plus the parts that are known is the number, for every shot but penalties; an ordinary keeper and
-- nobody else, plus what every player took or gave, is the same number.
with of_players as (
    select features_key, model_version, sum(value) as given
    from (select distinct features_key, model_version, player_n, value from shot_actor) player
    group by features_key, model_version)
select r.features_key, r.model_version
from shot_reason r left join of_players p using (features_key, model_version)
where (r.first is not null
       and abs(average_xg + (select coalesce(sum(v), 0) from unnest(parts) v where v <> 'NaN') - xg) > 1e-9)
   or (p.given is not null and abs(r.empty_xg + p.given - r.xg) > 1e-5);
