-- One row a shot and person: what he took, as if he had not been there.
create or replace view published_actor as
select s.provider, s.match_id, s.shot_id, m.match_date, m.competition, m.season, q.player_id,
       coalesce(p.short_name, p.name) as player,
       case when s.team_id = m.home_team_id then away.name else home.name end as team,
       case when a.is_keeper then 'keeper' else 'opponent' end as role, -a.value as takes,
       a.removed_xg as more_without_him, a.is_ordinary, r.empty_xg as nobody, l.xg, l.shot_key, r.reference_keys
from (
    select distinct on (shot_key) shot_key, features_key, model_version, xg
    from shot_xg where publication is not null
    order by shot_key, publication desc
) l
join shot_reason r using (features_key, model_version)
join shot_actor a using (features_key, model_version)
join shot s on s.shot_key = l.shot_key
join shot_position q on q.shot_key = l.shot_key and q.person_n = a.person_n
join match m using (provider, match_id)
join team home on home.provider = m.provider and home.team_id = m.home_team_id
join team away on away.provider = m.provider and away.team_id = m.away_team_id
left join player p on p.provider = s.provider and p.player_id = q.player_id
where s.withdrawn_at is null;
comment on view published_actor is
    'takes: xG taken away (below 0: given); nobody: the xG with an ordinary keeper and nobody else.';
