-- What each match calls its teams and players. A name is what the latest match says that tells one, whichever match was
-- read last: the same matches give the same names.

set local search_path to xgoals, public;

create table told_name (
    provider   text not null,
    match_id   text not null,
    is_team    boolean not null,
    id         text not null,
    name       text,
    short_name text,
    primary key (provider, match_id, is_team, id),
    foreign key (provider, match_id) references match on delete cascade
);
create index told_name_id_idx on told_name (provider, is_team, id);
comment on table told_name is
    'What each match calls its teams and players. Of those that tell a name the latest match decides (team, player).';
comment on column told_name.id is 'Of the team or player.';

insert into told_name (provider, match_id, is_team, id, name)
select m.provider, m.match_id, true, t.team_id, t.name
from match m join team t on t.provider = m.provider and t.team_id in (m.home_team_id, m.away_team_id);

insert into told_name (provider, match_id, is_team, id, name, short_name)
select s.provider, s.match_id, false, p.player_id, p.name, p.short_name
from (select provider, match_id, player_id from shot
      union select provider, match_id, assist_player_id from shot
      union select s.provider, s.match_id, q.player_id from shot_position q join shot s using (shot_key)
      union select provider, match_id, player_id from own_goal
      union select provider, match_id, player_id from match_incident
      union select provider, match_id, replacement_id from match_incident) s
join player p using (provider, player_id);
