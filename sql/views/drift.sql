-- Drift over matchdays of the champion: one row a matchday (or several small ones) and series.
create or replace view drift as
select p.competition, p.season, p.first_matchday, p.matchday, p.first_date, p.last_date, p.n_matches, p.n_shots,
       p.is_learned as is_of_window, p.kind, p.name, p.value, p.low, p.high, p.window_value, p.mean, p.window_mean,
       p.mean_low, p.mean_high, p.is_beyond, p.alarm_over > 0 as is_alarm, p.is_standing,
       (p.cause -> 'since' ->> 'day')::date as since,
       p.reference, p.model_version
from drift_point p
join champion c using (model_version);
comment on view drift is
    'is_alarm: beyond chance, by itself or with those before it; is_standing: at the newest matchday, and since when.';
