"""A long history in a Postgres of its own, in a minute or two. GENERATED: nothing in it happened.

A simulated part of a season goes through the pipeline's own steps: matches, shots, scenes, features, a champion, its
baseline and explanations. SQL then copies its rows, other leagues and earlier seasons by name and date, until there are
as many shots as wanted: with features, published numbers, explanations, predictions out of fold and registered pages.
The copies' outcomes are drawn anew by their xG. They have no scenes, for no night looks at those of old matches, and
their pages are empty files.
"""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league, simulate_matchday
from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, train
from xgoals.steps.run_context import FeedSource, RunContext, close_run, open_run
from xgoals.store.database import connect
from xgoals.store.derived.states import count_from_elsewhere
from xgoals.store.embedded_address import DATABASE_NAMES

N_BASE_MATCHES = 100
N_LEAGUES = 5
NEW_MATCHDAY = 20
"""Of the simulated season: nobody has it yet."""

_NUMBERED = "generate_series(1, :n_copies) as k"
_COPIES = (
    f"""insert into team (provider, team_id, name)
        select provider, team_id || '-' || l, name || ' ' || l
        from team cross join generate_series(0, {N_LEAGUES - 1}) as l""",
    f"""insert into match (provider, match_id, competition_id, competition, season_id, season, matchday, stage,
                           match_date, home_team_id, away_team_id, home_score, away_score, pitch_length_m,
                           pitch_width_m, is_simulated, feed, fingerprint)
        select provider, match_id || '~' || k, competition_id || k % {N_LEAGUES},
               'Generated league ' || k % {N_LEAGUES}, 'g' || k / {N_LEAGUES}, 'generated ' || k / {N_LEAGUES},
               matchday, stage, match_date - 365 * (1 + k / {N_LEAGUES}), home_team_id || '-' || k % {N_LEAGUES},
               away_team_id || '-' || k % {N_LEAGUES}, home_score, away_score, pitch_length_m, pitch_width_m,
               is_simulated, feed, fingerprint
        from match cross join {_NUMBERED}""",
    f"""insert into shot (provider, match_id, shot_id, event_n, period, minute, second, period_time_s, team_id,
                          player_id, x_m, y_m, body_part, shot_type, outcome, ball_control, set_up, technique,
                          provider_xg, frame_source)
        select provider, match_id || '~' || k, shot_id, event_n, period, minute, second, period_time_s,
               team_id || '-' || k % {N_LEAGUES}, player_id, x_m, y_m, body_part, shot_type,
               case when random() < xg then 'goal' else 'saved' end, ball_control, set_up, technique, provider_xg,
               frame_source
        from shot join shot_xg using (shot_key) cross join {_NUMBERED}""",
    """create temporary table copied as
       select c.shot_key, s.shot_key as base_key from shot s join shot c
           on (c.provider, split_part(c.match_id, '~', 1), c.shot_id) = (s.provider, s.match_id, s.shot_id)
       where s.match_id not like '%~%' and c.match_id like '%~%'""",
    """insert into shot_feature (shot_key, catalogue, catalogue_version, features_hash, is_current, feature_values)
       select c.shot_key, f.catalogue, f.catalogue_version, f.features_hash, true, f.feature_values
       from copied c join shot_feature f on f.shot_key = c.base_key and f.is_current
       order by c.shot_key""",
    """create temporary table paired as
       select n.features_key, n.shot_key, b.features_key as base_key
       from copied c join shot_feature n on n.shot_key = c.shot_key
       join shot_feature b on b.shot_key = c.base_key and b.is_current""",
    f"""insert into model_match (model_version, provider, match_id, sister)
        select model_version, provider, match_id || '~' || k, sister from model_match cross join {_NUMBERED}""",
    """insert into shot_xg (features_key, model_version, shot_key, xg, publication, run_id, sister)
       select p.features_key, x.model_version, p.shot_key, x.xg, 1, 'generated', x.sister
       from paired p join shot_xg x on x.features_key = p.base_key""",
    """insert into shot_reason (features_key, model_version, xg, average_xg, parts, sd, same_sign, first, held,
                                n_refits, reference_keys, farthest_m, empty_xg)
       select p.features_key, r.model_version, r.xg, r.average_xg, r.parts, r.sd, r.same_sign, r.first, r.held,
              r.n_refits, r.reference_keys, r.farthest_m, r.empty_xg
       from paired p join shot_reason r on r.features_key = p.base_key""",
    """insert into shot_explanation (features_key, model_version, base_value, prediction, shap_values, group_values)
       select p.features_key, e.model_version, e.base_value, e.prediction, e.shap_values, e.group_values
       from paired p join shot_explanation e on e.features_key = p.base_key""",
    """insert into out_of_fold (model_version, shot_key, xg, is_held_out)
       select o.model_version, c.shot_key, o.xg, o.is_held_out
       from copied c join out_of_fold o on o.shot_key = c.base_key""",
    """update model_version set n_shots = (select count(*) from out_of_fold o
                                           where o.model_version = model_version.model_version),
                                n_matches = (select count(*) from match)""",
    """insert into report (kind, scope_id, title, path, model_version, sha256, run_id, facts)
       select 'match', m.provider || '-' || m.match_id, 'Generated ' || m.match_id,
              :folder || '/match/' || m.provider || '-' || m.match_id || '.html', v.model_version, '', 'generated',
              jsonb_build_object('provider', m.provider, 'match_id', m.match_id, 'fingerprint', m.fingerprint,
                                 'competition', m.competition, 'season', m.season, 'matchday', m.matchday,
                                 'round', m.matchday::text, 'match_date', m.match_date::text, 'xg', '[1.2, 0.8]'::jsonb,
                                 'clubs', jsonb_build_array(m.home_team_id, m.away_team_id), 'players', '[]'::jsonb)
       from match m cross join model_version v where m.match_id like '%~%'""",
)


def generate(home: Path, n_shots: int, *, n_base_matches: int = N_BASE_MATCHES) -> Settings:
    """Fill the database ``demo`` of a new home with this many shots, about; the settings that lead there.

    Parameters
    ----------
    n_base_matches
        So many matches are simulated and go through the pipeline; the rest are copies.
    """
    settings = Settings(home=home)
    server = EmbeddedPostgres(home)
    server.ensure_started()
    server.create_database(DATABASE_NAMES["demo"])
    bring_up_to_date(settings, "demo")
    source = home / "base.parquet"
    write_archive(source, islice(simulate_league(), n_base_matches))
    _first_run(settings, source)
    engine = connect(settings, "demo")
    _copy(engine, settings, n_shots)
    engine.dispose()
    return settings


def write_new_matchday(path: Path) -> int:
    """An archive of nine matches that are not stored; how many."""
    return write_archive(path, simulate_matchday(1, NEW_MATCHDAY))


def write_corrected_match(path: Path) -> int:
    """The same archive, one of its matches told anew: every shot half a metre farther from goal; how many matches."""
    first, *rest = simulate_matchday(1, NEW_MATCHDAY)
    shots = tuple(replace(shot, x_m=shot.x_m - 0.5) if shot.x_m is not None else shot for shot in first.shots)
    return write_archive(path, [replace(first, shots=shots), *rest])


def begin(settings: Settings, run_id: str, source: Path | None) -> RunContext:
    """A run on the generated history, the same one for every task of it."""
    sources = [FeedSource("archive", source)] if source else []
    return open_run(
        settings, database="demo", sources=sources, dag_run_id=run_id, started_at=datetime.now(UTC)
    )


def _first_run(settings: Settings, source: Path) -> None:
    run = begin(settings, "base", source)
    ingest.ingest(run)
    build_features.build_features(run)
    champion = register.register(run, train.train(run))
    compute_baseline.compute_baseline(run, champion)
    explain.explain(run, champion, reasons="all")  # else every later night would go on with the copies'
    close_run(run, "success")


def _copy(engine: Engine, settings: Settings, n_shots: int) -> None:
    with engine.begin() as connection:
        n_base = connection.scalar(text("select count(*) from shot"))
        connection.exec_driver_sql("select setseed(0.5)")
        # What is copied refers to what is copied: no key is looked up, and no counter raised, a million times.
        connection.exec_driver_sql("set local session_replication_role = replica")
        connection.exec_driver_sql("set local synchronous_commit = off")
        connection.exec_driver_sql("set local work_mem = '256MB'")
        wanted = {"n_copies": max(0, round(n_shots / n_base) - 1), "folder": "reports/demo"}
        for statement in _COPIES:
            names = {name: value for name, value in wanted.items() if f":{name}" in statement}
            connection.execute(text(statement.replace("::", r"\:\:")), names)
        _touch_pages(connection, settings.home)
        count_from_elsewhere(
            connection
        )  # no trigger has: the first night after it has to see that all is new
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")  # as the server does by itself in time


def _touch_pages(connection: Connection, home: Path) -> None:
    for path in connection.scalars(text("select path from report where run_id = 'generated'")):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).touch()
