-- Our values beside the provider's own model inputs, a row a shot of the DFL feed that bears any.
-- A feature's name means the same in every catalogue, so it does not matter which one a value comes from.
-- The provider's keeper distance is the one to the goal line, ours here too; at penalties features are fixed values.
create or replace view dfl_yardstick as
select s.provider, s.match_id, s.shot_id, s.frame_source, s.raw ->> 'place' as place, s.is_penalty,
       nullif(ours.distance_m, 'NaN') as distance_m, (s.official ->> 'DistanceToGoal')::float8 as official_distance_m,
       nullif(ours.angle_deg, 'NaN') as angle_deg, (s.official ->> 'AngleToGoal')::float8 as official_angle_deg,
       nullif(ours.pressure, 'NaN') as pressure, (s.official ->> 'Pressure')::float8 as official_pressure,
       nullif(ours.defenders, 'NaN') as defenders, (s.official ->> 'AmountOfDefenders')::float8 as official_defenders,
       keeper.distance_m as keeper_distance_m,
       (s.official ->> 'GoalDistanceGoalkeeper')::float8 as official_keeper_distance_m,
       nullif(ours.speed_kmh, 'NaN') as speed_kmh, (s.official ->> 'PlayerSpeed')::float8 as official_speed_kmh,
       x.champion_xg as xg, s.provider_xg as official_xg
from shot s
join match m using (provider, match_id)
join champion_shot x using (shot_key)
left join lateral (
    select max(u.value) filter (where u.name = 'DistanceToGoal') as distance_m,
           max(u.value) filter (where u.name = 'AngleToGoal') as angle_deg,
           max(u.value) filter (where u.name = 'PressureSum') as pressure,
           max(u.value) filter (where u.name = 'AmountOfDefenders') as defenders,
           max(u.value) filter (where u.name = 'PlayerSpeed') as speed_kmh
    from shot_feature f
    join feature_catalogue c on (c.catalogue, c.version) = (f.catalogue, f.catalogue_version)
    cross join lateral unnest(c.names, f.feature_values) as u (name, value)
    where f.shot_key = s.shot_key and f.is_current
) ours on true
left join lateral (
    select m.pitch_length_m / 2 - max(p.x_m) as distance_m
    from shot_position p
    where p.shot_key = s.shot_key and p.is_keeper and not p.is_teammate
) keeper on true
where s.provider = 'dfl' and s.official <> '{}';
comment on view dfl_yardstick is
    'Our distance, angle, pressure, defenders, keeper distance, speed and xG beside the provider''s: yardsticks only.';
