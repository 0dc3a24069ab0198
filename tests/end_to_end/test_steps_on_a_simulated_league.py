"""The steps one after the other on a small league: what comes out, twice, after corrections, and when broken."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from xgoals.domain.errors import ModelError, SourceError, XgoalsError
from xgoals.domain.shot import ShotType
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.model.seen.support import FEW
from xgoals.outputs import exports, scores
from xgoals.steps import build_features, explain, ingest, models, register, report, train
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises

BOOKKEEPING = {"seen_file", "found_match", "run"}
"""Tables that a repeated run may change; reports name the run that wrote them last."""


def contents(settings) -> dict[str, list]:
    """Every row of every table but the bookkeeping of runs."""
    engine = connect(settings, "main")
    with engine.connect() as connection:
        tables = connection.scalars(
            text("select table_name from information_schema.tables where table_schema = 'xgoals' "
                 "and table_type = 'BASE TABLE' order by 1")
        ).all()  # fmt: skip
        # Whether providers need a level is asked first when there is a champion, which the first run ends with.
        but = {"derived_state": "where name <> 'levels of providers'"}
        rows = {
            table: sorted(
                connection.scalars(text(f"select t::text from {table} t {but.get(table, '')}")).all()
            )
            for table in tables
            if table not in BOOKKEEPING | {"report"}
        }
    engine.dispose()
    return rows


def count(settings, table):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        n = connection.scalar(text(f"select count(*) from {table}"))
    engine.dispose()
    return n


@pytest.fixture
def frame(empty_database, tmp_path):
    def read() -> pd.DataFrame:
        exports.export_explanations(empty_database, "main", tmp_path / "e.parquet")
        return pd.read_parquet(tmp_path / "e.parquet")

    return read


def test_a_run_stores_explains_and_reports_every_shot(empty_database, first_run, league, frame):
    archive = pd.read_parquet(league)
    n_shots = archive["shot_id"].notna().sum()
    assert count(empty_database, "match") == archive["match_id"].nunique() == 60
    for table in ("shot", "shot_feature", "shot_xg", "shot_explanation", "champion_shot"):
        assert count(empty_database, table) == n_shots
    explained = frame()
    shap_columns = [c for c in explained if c.startswith("shap_")]
    assert len(shap_columns) == 17
    total = explained["base_value"] + explained[shap_columns].sum(axis="columns")
    np.testing.assert_allclose(total, explained["xg"], atol=1e-9)
    page = (
        empty_database.home / "reports" / "main" / "model" / f"{explained['model_version'].iloc[0]}.html"
    ).read_text()
    assert "Simulated" in page
    assert len(list((empty_database.home / "reports" / "main" / "match").glob("*.html"))) == 60
    version = explained["model_version"].iloc[0]
    article = (empty_database.home / "reports" / "main" / "article" / f"{version}.html").read_text()
    assert f'href="../model/{version}.html"' in article
    model = (empty_database.home / "reports" / "main" / "model" / f"{version}.html").read_text()
    assert f'href="../article/{version}.html"' in model
    assert f"article/{version}.html" in (empty_database.home / "reports" / "main" / "index.html").read_text()


def test_the_same_source_twice_adds_nothing_but_the_run(empty_database, first_run, whole_run, league):
    before = contents(empty_database)
    whole_run("second", league)
    assert contents(empty_database) == before
    assert count(empty_database, "run") == 2


def test_training_again_on_the_same_data_finds_the_same_model(empty_database, first_run, open_run, league):
    before = contents(empty_database)
    context = open_run("again", "archive", league)
    challenger = train.train(context, even_if_not_due=True)
    assert register.register(context, challenger) == challenger
    assert contents(empty_database) == before


def test_new_matches_are_scored_by_the_champion_and_old_numbers_stay(
    empty_database, first_run, whole_run, plain_pages, tmp_path, frame
):
    before = frame().set_index("shot_id")["xg"]
    more = tmp_path / "more.parquet"
    write_archive(more, islice(simulate_league(), 60, 63))
    whole_run("second", more)
    after = frame().set_index("shot_id")["xg"]
    pd.testing.assert_series_equal(after[before.index], before)
    assert len(after) > len(before)
    assert count(empty_database, "model_version") == 1  # the window grew by a twentieth: training is not due


def test_an_archive_of_what_is_stored_makes_the_same_rows(empty_database, open_run, league, tmp_path):
    context = open_run("first", "archive", league)
    ingest.ingest(context)
    before = contents(empty_database)
    copy = tmp_path / "copy.parquet"
    assert exports.export_scenes(empty_database, "main", copy) == 60
    ingest.ingest(open_run("second", "archive", copy))
    after = contents(empty_database)
    for table in ("shot", "shot_position", "own_goal", "team", "player"):
        assert after[table] == before[table]


def test_scores_for_shots_from_outside_are_the_stored_ones_and_nothing_is_written(
    empty_database, first_run, league, tmp_path, frame
):
    before = contents(empty_database)
    found = scores.score(empty_database, "main", feed="archive", source=league, to=tmp_path / "scores.csv")
    scored = pd.read_csv(tmp_path / "scores.csv").set_index("shot_id")
    stored = frame().set_index("shot_id")
    assert found == (len(stored), (scored["n_alike"] < FEW).sum())
    assert (scored["n_alike"] == 0).mean() < 0.01, "it has learned from these very shots"
    np.testing.assert_allclose(scored.loc[stored.index, "xg"], stored["xg"], atol=1e-6)
    assert contents(empty_database) == before
    for column in ("match_id", "is_goal", "is_penalty", "provider_xg", "DistanceToGoal"):
        assert column in scored


def test_shots_without_a_place_are_scored_beside_others_and_refused_where_no_shot_has_one(
    empty_database, reach, tmp_path
):
    reach("crowned")
    placed = next(simulate_league())
    shots = tuple(
        replace(shot, x_m=None, y_m=None) for shot in placed.shots if shot.shot_type is not ShotType.PENALTY
    )
    nowhere = replace(placed, shots=shots, scenes=(), clips=())
    write_archive(tmp_path / "nowhere.parquet", [nowhere])
    some = replace(nowhere, shots=(replace(shots[0], x_m=40.0, y_m=0.0), *shots[1:]))
    write_archive(tmp_path / "some.parquet", [some])
    asked = {"feed": "archive", "to": tmp_path / "scores.csv"}
    with pytest.raises(SourceError, match=rf"no shot can be scored: none of {len(shots)} has a place"):
        scores.score(empty_database, "main", source=tmp_path / "nowhere.parquet", **asked)
    assert not (tmp_path / "scores.csv").exists()
    assert scores.score(empty_database, "main", source=tmp_path / "some.parquet", **asked)[0] == len(shots)


def test_too_little_data_fails_without_a_champion_and_keeps_what_was_read(open_run, tmp_path, empty_database):
    few = tmp_path / "few.parquet"
    write_archive(few, islice(simulate_league(), 5))
    context = open_run("few", "archive", few)
    ingest.ingest(context)
    build_features.build_features(context)
    with pytest.raises(ModelError, match="too little to train on: 5 matches"):
        train.train(context)
    assert count(empty_database, "match") == 5


def test_a_model_whose_bytes_were_tampered_with_is_not_used(empty_database, first_run, open_run, league):
    engine = connect(empty_database, "main")
    with engine.begin() as connection:
        connection.exec_driver_sql("alter table model_version drop constraint model_version_check")
        connection.exec_driver_sql(
            "update model_version set booster = set_byte(booster, 2000, get_byte(booster, 2000) # 1)"
        )
        connection.exec_driver_sql("delete from shot_xg")
    engine.dispose()
    context = open_run("tampered", "archive", league)
    with pytest.raises(ModelError, match="not those that were registered"):
        explain.explain(context, models.present_champion(context))
    assert count(empty_database, "shot_xg") == 0


def test_a_broken_promise_stops_the_report(empty_database, first_run, open_run, league):
    engine = connect(empty_database, "main")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "update shot_explanation set prediction = prediction + 0.01 where base_value > 0"
        )
    with engine.connect() as connection:
        assert set(broken_promises(connection)) == {"additivity"}
    engine.dispose()
    context = open_run("second", "archive", league)
    with pytest.raises(XgoalsError, match="additivity"):
        report.report(context, models.present_champion(context))


def test_export_refuses_an_unknown_ending(empty_database, tmp_path):
    with pytest.raises(XgoalsError, match="unknown ending"):
        exports.export_shots(empty_database, "main", tmp_path / "shots.xlsx")
    assert not (tmp_path / "shots.xlsx").exists()
