"""Every number about a shot comes from a model that has not seen its match, from training to page, file and answer."""

import json
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from champions import champion, change, query
from sqlalchemy import text

from leagues import plain_matches
from xgoals.domain.errors import ModelError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.model.metrics import compare
from xgoals.model.shots.eligible import is_judged
from xgoals.outputs import exports, scores
from xgoals.scoring import EXAMPLE, Scorer
from xgoals.settings import load_settings
from xgoals.steps import build_features, explain, ingest, report
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.run_context import FeedSource, RunContext
from xgoals.store import match_news, registry
from xgoals.store.database import connect
from xgoals.store.published import Honesty, read_honesty
from xgoals.store.schema.sql_files import broken_promises

WITHOUT_SISTERS = (
    "delete from xgoals.model_sister",
    "update xgoals.model_match set sister = null",
    "update xgoals.shot_xg set sister = null, xg = least(xg + 0.1, 1)",
)
"""What makes a database one of an earlier release: numbers that were learned by heart."""


@pytest.fixture
def home(empty_database, reach):
    """The explained first run: settings, and its model."""
    _, model = reach("explained")
    return empty_database, model


@pytest.fixture
def connection(home):
    engine = connect(home[0], "main")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def export(settings, tmp_path, what=exports.export_shots):
    what(settings, "main", tmp_path / "out.parquet")
    return pd.read_parquet(tmp_path / "out.parquet").set_index("shot_id")


def test_published_numbers_are_those_that_the_models_quality_is_judged_by_shot_by_shot(home, connection):
    """Out of fold in training, published by the explainer: the same to float32, and so the same figures."""
    _, model = home
    shots = pd.read_sql_query(
        text(
            """select s.match_id, m.match_date, s.is_goal, s.is_penalty, s.provider_xg, s.shot_type, s.x_m,
                      s.y_m, m.pitch_length_m, x.xg, o.xg as out_of_fold,
                      x.sister, l.sister as unseen_by,
                      e.base_value + (select sum(v) from unnest(e.shap_values) v) as total
               from out_of_fold o join shot s using (shot_key) join match m using (provider, match_id)
               join shot_xg x using (shot_key, model_version)
               join shot_explanation e using (features_key, model_version)
               join model_match l using (model_version, provider, match_id)
               where x.publication = 1"""
        ),
        connection,
    )
    assert len(shots) == connection.scalar(text("select count(*) from shot")) > 1000
    np.testing.assert_allclose(shots["xg"], shots["out_of_fold"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(shots["total"], shots["xg"], rtol=0, atol=1e-9)
    assert shots["sister"].eq(shots["unseen_by"]).all()
    assert set(shots["sister"]) == {1, 2, 3, 4, 5}
    found = compare(
        shots.assign(is_judged=is_judged(shots)), {"published": "xg", "out_of_fold": "out_of_fold"}
    )
    for metric in ("auc", "log_loss", "brier"):
        assert found["published"][metric] == pytest.approx(found["out_of_fold"][metric], abs=1e-7)
    stored = registry.load_model(connection, model).metrics["out_of_fold"]["model"]
    assert found["published"]["auc"] == pytest.approx(stored["auc"], abs=1e-7)
    assert read_honesty(connection) == Honesty(len(shots), 0, 0)
    assert broken_promises(connection) == {}


def test_a_late_shot_of_a_match_of_the_window_is_said_by_its_sister_and_a_new_match_by_the_champion(
    home, tmp_path
):
    settings, model = home
    records = list(islice(simulate_league(), 61))
    first = records[0]
    last = first.shots[-1]
    late = replace(last, shot_id="late", event_n=last.event_n + 1, x_m=last.x_m - 3)
    (scene,) = (replace(scene, shot_id="late") for scene in first.scenes if scene.shot_id == last.shot_id)
    told = replace(first, shots=(*first.shots, late), scenes=(*first.scenes, scene))
    write_archive(tmp_path / "more.parquet", [told, records[60]])
    run = RunContext(load_settings(), "main", "more", (FeedSource("archive", tmp_path / "more.parquet"),))
    ingest.ingest(run)
    assert query(settings, "select reason from quarantine") == []
    build_features.build_features(run)
    explain.explain(run, model)
    shots = export(settings, tmp_path)
    unseen_by = dict(query(settings, "select match_id, sister from model_match"))
    assert shots.loc["late", "scored_by"] == f"{model}/{unseen_by[first.match.match_id]}"
    new = shots[shots["match_id"] == records[60].match.match_id]
    assert set(new["scored_by"]) == {model}
    explained = export(settings, tmp_path, exports.export_explanations)
    pd.testing.assert_series_equal(explained["scored_by"], shots["champion_scored_by"].loc[explained.index],
                                   check_names=False)  # fmt: skip


def test_a_match_that_another_feed_tells_of_once_more_is_said_by_the_sister_that_has_not_seen_it(
    home, tmp_path, connection
):
    settings, model = home
    first = next(iter(simulate_league()))
    match = replace(first.match, provider="other", match_id="theirs")
    twin = replace(first, match=match)
    write_archive(tmp_path / "twin.parquet", [twin])
    run = RunContext(load_settings(), "main", "twin", (FeedSource("archive", tmp_path / "twin.parquet"),))
    to = tmp_path / "scores.parquet"
    scores.score(settings, "main", feed="archive", source=tmp_path / "twin.parquet", to=to)
    scored = pd.read_parquet(to)
    connection.rollback()
    ingest.ingest(run)
    build_features.build_features(run)
    explain.explain(run, model)
    sister = dict(query(settings, "select match_id, sister from model_match"))
    assert sister["theirs"] == sister[first.match.match_id]
    said = query(settings, "select distinct scored_by from champion_shot where provider = 'other'")
    assert said == [(f"{model}/{sister['theirs']}",)]
    assert set(scored["scored_by"]) == {said[0][0]}


def test_a_champion_of_an_earlier_release_gets_sisters_and_its_numbers_are_corrected_once_without_a_word(
    home, open_run, league, tmp_path, monkeypatch
):
    plain_matches(monkeypatch)  # the page of the model is looked at
    settings, model = home
    honest = export(settings, tmp_path)["xg"]
    change(settings, *WITHOUT_SISTERS, "update xgoals.match_news set page = 'written'")
    engine = connect(settings, "main")
    with engine.begin() as connection:
        match_news.settle_mails(connection, match_news.read_news(connection).keys)
        n_shots = len(honest)
        assert read_honesty(connection) == Honesty(n_shots, n_shots, 0)
    run = open_run("upgrade", "archive", league)
    explain.explain(run, model)
    pd.testing.assert_series_equal(export(settings, tmp_path)["xg"], honest)
    with engine.begin() as connection:
        assert read_honesty(connection) == Honesty(n_shots, 0, n_shots)
        assert match_news.read_news(connection).news == ()
        assert len(match_news.pages_owed(connection, "due")) == 60
        assert broken_promises(connection) == {}
        old = connection.execute(
            text("select count(*), min(publication), max(publication) from shot_xg_replaced")
        )
        assert tuple(old.one()) == (n_shots, 1, 1)
        assert connection.scalar(text("select max(abs(x.xg - o.xg)) from shot_xg x join out_of_fold o "
                                      "using (shot_key, model_version)")) < 1e-6  # fmt: skip
    page = report.report(run, model)
    assert f"{n_shots:,}" in _said_of_honesty(page)
    before = query(settings, "select * from shot_xg order by features_key")
    explain.explain(run, model)
    assert query(settings, "select * from shot_xg order by features_key") == before, "once"
    engine.dispose()


def _said_of_honesty(page):
    from pathlib import Path

    html = (Path(page).with_suffix("") / "data.html").read_text(encoding="utf-8")
    said = html.split('data-test="honesty">')[1].split("</td>")[0]
    assert "corrected once" in said
    return said


def test_a_window_that_has_changed_gets_no_sisters_and_that_is_said(home, caplog, tmp_path):
    settings, model = home
    change(
        settings,
        *WITHOUT_SISTERS,
        f"update xgoals.model_version set data_hash = 'x' where model_version = '{model}'",
    )
    n_shots = len(export(settings, tmp_path))
    with caplog.at_level("WARNING", "xgoals"):
        explain.explain(RunContext(load_settings(), "main", "changed"), model)
    assert "cannot be fitted anew: the shots that it was trained on have changed since" in caplog.text
    engine = connect(settings, "main")
    with engine.connect() as connection:
        assert read_honesty(connection) == Honesty(n_shots, n_shots, 0)
        assert broken_promises(connection) == {}
    engine.dispose()


def test_a_sister_whose_bytes_were_tampered_with_is_not_used(home, connection):
    _, model = home
    explainer = Explainer.load(connection, model)
    assert explainer.booster_of(3) is explainer.booster_of(3)
    connection.execute(
        text("update model_sister set booster = overlay(booster placing '\\x00' from 100) where sister = 3")
    )
    tampered = Explainer.load(connection, model)
    tampered.booster_of(2)
    for ask in (lambda: tampered.booster_of(3), tampered.boosters.prove):
        with pytest.raises(ModelError, match=f"{model}/3 are not those that were registered"):
            ask()
    golden = json.loads(connection.scalar(text("select golden::text from model_sister where sister = 1")))
    golden["predictions"][0] += 0.01
    connection.execute(
        text("update model_sister set golden = cast(:golden as jsonb) where sister = 1"),
        {"golden": json.dumps(golden)},
    )
    with pytest.raises(ModelError, match="predicts its golden rows differently"):
        Explainer.load(connection, model).booster_of(1)
    with pytest.raises(ModelError, match="has no sister 9"):
        tampered.booster_of(9)


def test_a_scene_of_a_stored_match_is_scored_by_who_has_not_seen_it(home):
    settings, model = home
    ((provider, match_id, sister),) = query(
        settings, "select provider, match_id, sister from model_match order by match_id limit 1"
    )
    scorer = Scorer(settings)
    from_outside = scorer.score("main", *EXAMPLE)
    of_match = scorer.score("main", *EXAMPLE, match=(provider, match_id))
    assert (from_outside.scored_by, of_match.scored_by) == (model, f"{model}/{sister}")
    assert of_match.xg != from_outside.xg
    assert of_match.base_value + sum(of_match.shap_values.values()) == pytest.approx(of_match.xg, abs=1e-9)
    assert scorer.score("main", *EXAMPLE, match=(provider, "unknown")).scored_by == model
    scorer.close()
    assert champion(settings) == model
