"""A night without news reads nothing of history and says the same; whatever is new is done, and only that."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from xgoals.domain.errors import XgoalsError
from xgoals.explore.files import read_page
from xgoals.report.model.chapters import CHAPTERS
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, models, register, report, train
from xgoals.steps.explaining import summaries
from xgoals.steps.levels import learn
from xgoals.steps.pages import model_pages, news, promises
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.under_way import UNDER_WAY, pages_under_way
from xgoals.steps.pages.writer import ReportWriter
from xgoals.storage import storage_of
from xgoals.store import explanations, features
from xgoals.store.database import connect
from xgoals.store.derived import explanation_sums
from xgoals.store.derived.page_sources import read_sources
from xgoals.store.derived.states import read_state
from xgoals.store.schema.sql_files import broken_promises

HEAVY = ("xgboost", "shap", "numba", "sklearn", "pandas", "matplotlib", "scipy", "xgoals.explain.exact")

NIGHT = f"""
import json, sys
from datetime import UTC, datetime
from xgoals.settings import load_settings
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, register, report, train
from xgoals.steps.run_context import open_run
run = open_run(load_settings(), database="main", sources=[], dag_run_id="quiet", started_at=datetime.now(UTC))
build_features.build_features(run)
champion = register.register(run, train.train(run))
compute_baseline.compute_baseline(run, champion)
explain.explain(run, champion)
report.report(run, champion)
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


@pytest.fixture
def change(empty_database) -> Callable[..., int]:
    """Change what is stored by hand; how many rows."""

    def by(statement: str) -> int:
        engine = connect(empty_database, "main")
        with engine.begin() as connection:
            n = connection.execute(text(statement)).rowcount
        engine.dispose()
        return n

    return by


@pytest.fixture
def night(open_run, league) -> Callable[[str], None]:
    """The tasks of a night that reads no files; training is asked for, as if it were due."""

    def work(name: str) -> None:
        run = open_run(name, "archive", league)
        build_features.build_features(run)
        champion = register.register(run, train.train(run, even_if_not_due=True))
        compute_baseline.compute_baseline(run, champion)
        explain.explain(run, champion)
        report.report(run, champion)

    return work


def test_a_quiet_night_reads_no_history(first_run, night, monkeypatch, query):
    pages = {p: p.stat().st_mtime_ns for p in (first_run.settings.home / "reports" / "main").rglob("*.html")}
    derived = query("select * from derived_state order by name")

    def forbidden(*_: object, **__: object) -> None:
        pytest.fail("a quiet night has read what it need not")

    for module, names in {
        features: (
            "read_features",
            "read_values",
            "read_outcomes",
            "read_scenes_without_features",
            "count_features",
        ),
        explanations: ("read_explained", "unexplained"),
        explain: ("publish",),
        explanation_sums: ("present_states", "read_sums"),
        promises: ("broken_promises",),
        report: ("ReportWriter",),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, forbidden)
    night("quiet")
    assert {
        p: p.stat().st_mtime_ns for p in (first_run.settings.home / "reports" / "main").rglob("*.html")
    } == pages
    pd.testing.assert_frame_equal(query("select * from derived_state order by name"), derived)
    figures = query("select figures from run where run_id = 'quiet'")["figures"][0]
    n_shots = query("select count(*) as n from shot")["n"][0]
    assert (figures["shots_built"], figures["shots_explained"]) == (0, 0)
    assert figures["shots_explained_before"] == n_shots
    assert figures["training"] == "used again"
    assert figures["report"].endswith(f"{figures['champion']}.html")


def test_a_home_in_another_place_keeps_its_pages_and_none_is_written_anew(
    first_run, night, monkeypatch, tmp_path, query
):
    def written(home: Path) -> dict[str, int]:
        pages = (home / "reports" / "main").rglob("*.html")
        return {page.relative_to(home).as_posix(): page.stat().st_mtime_ns for page in pages}

    before = written(first_run.settings.home)
    elsewhere = first_run.settings.home.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("XGOALS_HOME", str(elsewhere))
    night("elsewhere")
    assert written(elsewhere) == before
    storage = storage_of(load_settings())
    registered = query("select path from report")["path"]
    assert set(registered) == before.keys()
    for path in registered:
        assert read_page(storage, "main", path.removeprefix("reports/main/")), path


def test_pages_that_somebody_was_killed_over_are_written_again(first_run, plain_pages, query):
    files, engine = PageFiles.of(first_run.settings, "main"), connect(first_run.settings, "main")
    champion, season = (
        models.present_champion(first_run),
        query("select season from page_source")["season"][0],
    )
    registered = query("select kind, path, facts ->> 'match_id' as match_id from report order by path")
    ahead = {
        kind: rows.iloc[0] for kind, rows in registered.groupby("kind") if kind in ("match", "club", "player")
    }
    other = registered[registered["kind"] == "match"].iloc[1]
    with engine.connect() as connection:
        assert news.pages_as_they_are(connection, first_run, champion, "en") is not None
    with suppress(KeyboardInterrupt), pages_under_way(engine, files):
        for page in ahead.values():
            files.write(page.path, "ahead of the register")
        raise KeyboardInterrupt
    untouched = files.storage.read(other.path)
    with engine.connect() as connection:
        assert news.pages_as_they_are(connection, first_run, champion, "en") is None
        assert len(read_sources(connection, "club", season)) == len(club_paths(registered))
    report.report(first_run, champion)
    assert files.storage.read(ahead["match"].path).decode() == ahead["match"].match_id, (
        "plain pages hold their id"
    )
    assert files.storage.read(other.path) == untouched
    with engine.connect() as connection:  # without the plain pages the report would have written it
        assert len(read_sources(connection, "club", season)) == len(club_paths(registered)) - 1
        assert read_state(connection, UNDER_WAY) is None
    engine.dispose()


def club_paths(registered):
    return set(registered[registered["kind"] == "club"]["path"])


def test_a_quiet_night_imports_nothing_heavy(first_run):
    done = subprocess.run([sys.executable, "-c", NIGHT], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


NEWS = (
    "update shot set outcome = 'off_target' where shot_key = (select min(shot_key) from shot)",
    "delete from shot where shot_key = (select min(shot_key) from shot)",
    "update team set name = name || ' 1900' where team_id = (select min(team_id) from team)",
    "update player set short_name = 'Ace' where player_id = (select min(player_id) from player)",
    "insert into quarantine values ('archive', 'p', '', 'r', 'a', 'match', 'm', null, 'run')",
    "update model_evaluation set n_goals = n_goals where metric = 'auc'",
    "delete from match where match_id = (select min(match_id) from match)",
)


def test_whatever_a_page_tells_of_is_news_for_the_pages(first_run, change, monkeypatch):
    champion = models.present_champion(first_run)
    engine = connect(first_run.settings, "main")

    def page(model: str = champion, language: str = "en") -> object:
        with engine.connect() as connection:
            return news.pages_as_they_are(connection, first_run, model, language)

    change("update run set state = 'success'")
    for statement in (None, *NEWS):
        if statement:
            assert change(statement), statement
            assert page() is None, statement
        with engine.begin() as connection:
            news.note_pages(connection, champion, "en")
        assert page() is not None
    assert page("another champion") is None
    assert page(language="de") is None
    change("update match_news set page = 'due' where match_id = (select max(match_id) from match_news)")
    assert page() is None, "a match is owed its page, whatever has happened to the run that published it"
    change("update match_news set page = 'written' where page = 'due'")
    assert page() is not None
    monkeypatch.setattr(news, "release_key", lambda: "another release of the templates")
    assert page() is None
    monkeypatch.undo()
    (first_run.settings.home / "reports" / "main" / "index.html").unlink()
    assert page() is None
    engine.dispose()


def test_a_broken_promise_is_red_every_night_until_it_is_kept_again(first_run, change, monkeypatch):
    engine, looked = connect(first_run.settings, "main"), []
    monkeypatch.setattr(promises, "broken_promises", lambda c: looked.append(1) or broken_promises(c))

    def check() -> None:
        with engine.begin() as connection:
            promises.check_promises(connection)

    one = "where features_key = (select min(features_key) from shot_explanation)"
    check()
    assert not looked, "they held when the pages were written"
    change(f"update shot_explanation set prediction = prediction + 0.01 {one}")
    for _night in ("red", "red again"):
        with pytest.raises(XgoalsError, match="additivity"):
            check()
    change(f"update shot_explanation set prediction = prediction - 0.01 {one}")
    check()
    check()
    assert len(looked) == 3
    engine.dispose()


def test_only_the_sums_of_those_whose_shots_changed_are_made_anew(
    first_run, change, open_run, league, query, monkeypatch
):
    summary = (
        "select scope, scope_id, feature, n_shots, mean_abs, mean from global_explanation order by 1, 2, 3"
    )
    pairs = "select feature, partner, n_shots, mean_abs from interaction_explanation order by 1, 2"
    before = query(summary)
    (team,) = query("select team_id from shot order by shot_key limit 1")["team_id"]
    n_withdrawn = change(
        f"""delete from shot where shot_key in (
                select shot_key from shot where team_id = '{team}' and not is_penalty limit 2)"""
    )
    asked = []
    read_keys = explanation_sums.read_keys

    def noted(connection, model, members):
        asked.extend(member.team for member in members)
        return read_keys(connection, model, members)

    monkeypatch.setattr(explanation_sums, "read_keys", noted)
    monkeypatch.setattr(summaries, "BLOCK", 100)  # the shots of a team are cut, as a long history's are
    champion = models.present_champion(first_run)
    explain.explain(open_run("withdrawn", "archive", league), champion)
    assert len(set(asked)) == 1
    updated = query(summary), query(pairs)
    n_all = updated[0].loc[updated[0]["scope"] == "all", "n_shots"].iloc[0]
    assert n_all == before.loc[before["scope"] == "all", "n_shots"].iloc[0] - n_withdrawn

    change("delete from explanation_sum")
    change("update match set stage = stage")  # news, so that all is summed up
    monkeypatch.setattr(summaries, "BLOCK", 20_000)
    explain.explain(open_run("all anew", "archive", league), champion)
    assert len(set(asked)) == query("select count(distinct team_id) as n from shot")["n"][0]
    pd.testing.assert_frame_equal(query(summary), updated[0], rtol=1e-12)
    pd.testing.assert_frame_equal(query(pairs), updated[1], rtol=1e-12)
    values = query("select e.shap_values from shot_explanation e join shot_feature f using (features_key) "
                   "join shot s using (shot_key) where f.is_current and not s.is_penalty")  # fmt: skip
    mean_abs = np.abs(np.array(values["shap_values"].to_list())).mean(axis=0)
    whole = updated[0][updated[0]["scope"] == "all"].sort_values("mean_abs")["mean_abs"]
    np.testing.assert_allclose(whole, np.sort(mean_abs), rtol=1e-9)


def test_shots_explained_in_blocks_are_explained_as_at_once(
    first_run, change, open_run, league, query, monkeypatch
):
    numbers = """select e.features_key, e.prediction, e.shap_values, e.group_values, x.xg, x.publication
                 from shot_explanation e join shot_xg x using (features_key, model_version) order by 1"""
    before = query(numbers)
    change("delete from shot_xg")
    monkeypatch.setattr(explain, "BLOCK", 300)
    explain.explain(open_run("in blocks", "archive", league), models.present_champion(first_run))
    after = query(numbers)
    for values in ("shap_values", "group_values"):
        one, other = (np.array(frame.pop(values).to_list()) for frame in (before, after))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-15)
    pd.testing.assert_frame_equal(before, after)
    check = query("select n_shots, n_library_sample, library_max_error from explanation_check").iloc[0]
    assert (check["n_shots"], check["n_library_sample"]) == (len(after), 200)
    assert 0 < check["library_max_error"] < 1e-5


def test_the_pages_about_the_model_of_a_long_history_are_of_a_sample(first_run, monkeypatch):
    champion, written = models.present_champion(first_run), {}
    monkeypatch.setattr(model_pages, "MOST_SHOTS", 600)
    of_chapters = {chapter.key: "<html>" for chapter in CHAPTERS}
    for function, html in {"article_report": "<html>", "model_report": of_chapters}.items():
        monkeypatch.setattr(
            f"xgoals.report.{function}",
            lambda *a, into=function, html=html, **_: written.setdefault(into, (a[0], a[2])) and html,
        )
    engine = connect(first_run.settings, "main")
    with engine.begin() as connection:
        writer = ReportWriter.load(connection, first_run, champion, "en")
        model_pages.write_model(connection, writer)
        n_stored = connection.scalar(text("select count(*) from shot"))
        n_of_match = dict(connection.execute(text("select match_id, count(*) from shot group by 1")).all())
    engine.dispose()
    for shots, run in written.values():
        assert run["sampled_from"] == n_stored
        assert 500 < len(shots) <= 600
        assert all(n == n_of_match[match] for match, n in shots["match_id"].value_counts().items()), (
            "whole matches"
        )
    pd.testing.assert_frame_equal(written["article_report"][0], written["model_report"][0])
    assert not writer.failed


def test_levels_of_providers_are_looked_at_where_something_has_changed(reach, monkeypatch):
    run, _ = reach("crowned")
    engine = connect(run.settings, "main")
    first = learn.learn_levels(run, engine)
    monkeypatch.setattr(learn, "known_providers", None)  # a quiet night reads no table for it
    assert learn.learn_levels(run, engine) == first
    with engine.begin() as connection:
        connection.execute(text("update xgoals.shot set minute = minute + 1 where event_n = 0"))
    with pytest.raises(TypeError):
        learn.learn_levels(run, engine)
    engine.dispose()
