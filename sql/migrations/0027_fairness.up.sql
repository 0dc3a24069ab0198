-- Whether a version's numbers are fair to every club, and to every other part of the shots that somebody speaks for.

set local search_path to xgoals, public;

create table bias_metric (
    model_version text not null references model_version on delete cascade,
    facet         text not null check (facet in ('all', 'club', 'club_season', 'home_away', 'body_part', 'season',
                                                 'competition', 'promoted', 'provider')),
    facet_value   text not null,
    metric        text not null,
    value         double precision,
    low           double precision,
    high          double precision,
    n_shots       integer not null check (n_shots >= 0),
    n_goals       integer not null check (n_goals >= 0),
    n_matches     integer not null check (n_matches >= 0),
    p             double precision check (p between 0 and 1),
    q             double precision check (q between 0 and 1),
    verdict       text check (verdict in ('fair', 'too_low', 'too_high', 'cannot_say', 'not_tested')),
    note          text,
    primary key (model_version, facet, facet_value, metric)
);
comment on table bias_metric is
    'Goals against honest xG of every club and other part, with a verdict, and Clarify''s metrics of bias: docs/fairness.md.';
comment on column bias_metric.facet_value is 'The part; empty: the facet as a whole, or all shots.';
comment on column bias_metric.value is 'Null where note says why; infinite where a ratio has no denominator.';
comment on column bias_metric.p is 'How often chance alone is as far out, two-sided; matches are the independent units.';
comment on column bias_metric.q is 'The least false discovery rate over the facet at which it stands (Benjamini and Hochberg).';
comment on column bias_metric.verdict is
    'Of surplus_per_100: fair, too_low and too_high (of the xG), cannot_say, not_tested.';

do $$
begin
    create trigger note_insert after insert on bias_metric referencing new table as changed
        for each statement execute function note_change();
    create trigger note_update after update on bias_metric referencing new table as changed
        for each statement execute function note_change();
    create trigger note_delete after delete on bias_metric referencing old table as changed
        for each statement execute function note_change();
    create trigger note_truncate after truncate on bias_metric
        for each statement execute function note_change();
end
$$;
