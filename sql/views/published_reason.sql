-- One row a shot: why its published number is what it is, in football's order.
create or replace view published_reason as
select s.provider, s.match_id, s.shot_id, m.match_date, m.competition, m.season, m.matchday,
       coalesce(p.short_name, p.name) as player, t.name as team, l.xg,
       l.model_version || coalesce('/' || l.sister, '') as scored_by, r.average_xg as average,
       r.average_xg + nullif(r.parts[1], 'NaN') as from_there, nullif(r.parts[1], 'NaN') as place,
       nullif(r.parts[2], 'NaN') as keeper, nullif(r.parts[3], 'NaN') as opponents,
       nullif(r.parts[4], 'NaN') as strike, nullif(r.sd[1], 'NaN') as sd_place, nullif(r.sd[2], 'NaN') as sd_keeper,
       nullif(r.sd[3], 'NaN') as sd_opponents, nullif(r.sd[4], 'NaN') as sd_strike,
       (array['place', 'keeper', 'opponents', 'strike'])[r.first + 1] as first_reason, r.held as holds_of_20,
       cardinality(r.reference_keys) as n_references, r.farthest_m, r.empty_xg as nobody
from (
    select distinct on (shot_key) shot_key, features_key, model_version, sister, xg
    from shot_xg where publication is not null
    order by shot_key, publication desc
) l
join shot_reason r using (features_key, model_version)
join shot s on s.shot_key = l.shot_key
join match m using (provider, match_id)
join team t on t.provider = s.provider and t.team_id = s.team_id
left join player p on p.provider = s.provider and p.player_id = s.player_id
where s.withdrawn_at is null;
comment on view published_reason is
    'average + place + keeper + opponents + strike = xg (what is null is not known); a penalty has no parts.';
