-- What a feed says of how a chance came about (the pass, the first touch, the duel, where the shot ended), cards and
-- substitutions, and when in its half an own goal fell. Null is "not said", which is not "no".

set local search_path to xgoals, public;

alter table shot
    add column assist_player_id  text,
    add column assist_kind       text check (assist_kind in (
        'pass', 'cross', 'cut_back', 'through_ball', 'corner', 'free_kick', 'throw_in', 'goal_kick', 'kick_off')),
    add column assist_height     text check (assist_height in ('ground', 'low', 'high')),
    add column assist_is_switch  boolean,
    add column end_x_m           double precision,
    add column end_y_m           double precision,
    add column end_z_m           double precision,
    add column is_first_time     boolean,
    add column is_one_on_one     boolean,
    add column is_open_goal      boolean,
    add column is_aerial_won     boolean,
    add column is_under_pressure boolean,
    add column is_deflected      boolean,
    add foreign key (provider, assist_player_id) references player;
comment on column shot.assist_kind is 'The pass before the shot; null where no assist is known.';
comment on column shot.end_x_m is 'Where the ball was stopped or left the pitch, in the shot''s coordinates; end_z_m is its height.';
comment on column shot.is_first_time is 'As the feed says it, like the columns after it; null where it says nothing.';

-- What was kept as the provider's own words is known of every stored shot; StatsBomb names a flag only where it is true.
update shot set is_first_time = raw ? 'first_time', is_one_on_one = raw ? 'one_on_one', is_open_goal = raw ? 'open_goal',
                is_aerial_won = raw ? 'aerial_won'
where provider = 'statsbomb';
update shot set is_first_time = ball_control in ('direct', 'volley')
where provider = 'dfl' and raw ? 'TakerBallControl' and ball_control <> 'other';

alter table own_goal
    add column period smallint check (period between 1 and 4),
    add column second smallint check (second between 0 and 59);

create table match_incident (
    provider       text not null,
    match_id       text not null,
    incident_n     smallint not null,
    kind           text not null check (kind in ('yellow_card', 'second_yellow_card', 'red_card', 'substitution')),
    team_id        text not null,
    player_id      text not null,
    replacement_id text check ((replacement_id is not null) = (kind = 'substitution')),
    period         smallint not null check (period between 1 and 4),
    minute         smallint not null check (minute >= 0),
    second         smallint not null check (second between 0 and 59),
    primary key (provider, match_id, incident_n),
    foreign key (provider, match_id) references match on delete cascade,
    foreign key (provider, team_id) references team,
    foreign key (provider, player_id) references player,
    foreign key (provider, replacement_id) references player
);
comment on table match_incident is 'Cards and substitutions, of matches whose feed tells of them.';
comment on column match_incident.player_id is 'Who is shown the card, or leaves the pitch; replacement_id comes on.';

do $$
declare
    derived_from text;
begin
    foreach derived_from in array array['match_incident']
    loop
        execute format('create sequence if not exists %I', derived_from || '_revision');
        execute format('create trigger note_insert after insert on %I referencing new table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_update after update on %I referencing new table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_delete after delete on %I referencing old table as changed '
                       'for each statement execute function note_change()', derived_from);
        execute format('create trigger note_truncate after truncate on %I '
                       'for each statement execute function note_change()', derived_from);
    end loop;
end
$$;
