-- Drift over matchdays: what each matchday holds beside the champion's window, and which of it is an alarm.

set local search_path to xgoals, public;

create table drift_sum (
    model_version text not null references model_version on delete cascade,
    competition   text not null,
    is_learned    boolean not null,
    point_n       integer not null check (point_n >= 0),
    state_key     text not null,
    n_matches     integer not null check (n_matches > 0),
    n_shots       integer not null check (n_shots > 0),
    sums          double precision[] not null,
    groups        jsonb not null,
    primary key (model_version, competition, is_learned, point_n)
);
comment on table drift_sum is
    'Sums over the shots of a matchday (or several small ones) that drift is told from: runs of them are their sums.';
comment on column drift_sum.is_learned is 'Whether its matches are of the champion''s window.';
comment on column drift_sum.state_key is 'Changes with whatever enters the sums.';

create table drift_point (
    model_version   text not null references model_version on delete cascade,
    competition     text not null,
    is_learned      boolean not null,
    point_n         integer not null,
    first_season    text not null,
    first_matchday  integer,
    season          text not null,
    matchday        integer,
    first_date      date not null,
    last_date       date not null,
    n_matches       integer not null,
    n_shots         integer not null,
    reference       text not null check (reference in ('competition', 'window')),
    kind            text not null check (kind in (
        'attribution', 'feature', 'calibration', 'club', 'venue', 'body_part', 'provider')),
    name            text not null,
    value           double precision not null,
    low             double precision,
    high            double precision,
    window_value    double precision not null,
    mean            double precision,
    window_mean     double precision,
    mean_low        double precision,
    mean_high       double precision,
    is_beyond       boolean not null,
    alarm_over      integer not null check (alarm_over >= 0),
    is_standing     boolean not null,
    cause           jsonb,
    primary key (model_version, competition, is_learned, point_n, kind, name),
    check (alarm_over = 0 or not is_learned),
    check (is_standing = (cause is not null))
);
comment on table drift_point is
    'The values of drift, matchday by matchday: attributions (nDCG), features (distance), calibration, groups.';
comment on column drift_point.matchday is 'The last one, where several small matchdays are one point.';
comment on column drift_point.reference is 'Beside what it is held: the competition''s own matches in the window, or all of it.';
comment on column drift_point.low is 'Where the value stays by chance, at 5 % for all series of a season together; null: no bound.';
comment on column drift_point.mean is 'Of a feature with an order: its mean; beside it window_mean.';
comment on column drift_point.is_beyond is 'Whether this matchday alone is where it should not be.';
comment on column drift_point.alarm_over is
    'So many points up to this one are together where they should not be; 0: no alarm. None of the window has one.';
comment on column drift_point.is_standing is 'Whether it is an alarm of the newest matchday; then it has its cause.';

create index drift_point_alarm_idx on drift_point (model_version) where is_standing;

do $$
begin
    create trigger note_insert after insert on drift_point referencing new table as changed
        for each statement execute function note_change();
    create trigger note_update after update on drift_point referencing new table as changed
        for each statement execute function note_change();
    create trigger note_delete after delete on drift_point referencing old table as changed
        for each statement execute function note_change();
    create trigger note_truncate after truncate on drift_point
        for each statement execute function note_change();
end
$$;
