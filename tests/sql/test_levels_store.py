"""Who speaks for a provider with a level, and what versions of the same trees share."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, text

from xgoals.domain.model import Decision, ModelSister, ModelVersion, SpeaksFor
from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.steps.explaining.honest import prepare_sisters
from xgoals.steps.levels import learn
from xgoals.store import explanations, features, matches, published, registry, sisters
from xgoals.store.levels import judged, shared

CHECKS = Path(__file__).parents[2] / "sql" / "checks"
CATALOGUE = ("test-1", 1)
KINDS = KindLevel(60, 0.86, 0.81, 0.92)
OFF = ProviderLevel("off", 50, 1200, KINDS, KINDS)


def a_model(name: str, parent: str | None = None) -> ModelVersion:
    booster, day = b"trees", date(2024, 8, 1)
    return ModelVersion(
        name, *CATALOGUE, ["distance_m"], {}, 1, day, day, 1, 1, 0, "hash", {}, False, booster,
        hashlib.sha256(booster).hexdigest(), {}, {}, "run", datetime.now(UTC), parent,
    )  # fmt: skip


def sister(model: str, number: int, content: str, level: SpeaksFor | None = None) -> ModelSister:
    return ModelSister(
        model, number, content.encode(), hashlib.sha256(content.encode()).hexdigest(), {}, level
    )


@pytest.fixture
def stored(engine: Engine, record, shot_of):
    """Matches of two providers; trees that know one of them, and the same trees with a level of the other."""

    def save(provider: str, match_id: str, day: int, names: tuple[str, str]) -> None:
        shots = (shot_of(1, shot_id=f"{provider}-{match_id}"),)
        found = record(match_id=match_id, shots=shots)
        home, away = (
            replace(t, name=n) for t, n in zip((found.match.home, found.match.away), names, strict=True)
        )
        match = replace(found.match, provider=provider, match_date=date(2024, 9, day), home=home, away=away)
        with engine.begin() as connection:
            matches.save_match(connection, replace(found, match=match), feed="test", fingerprint=match_id)

    save("one", "m1", 1, ("Reds", "Blues"))
    save("two", "p1", 8, ("Greens", "Whites"))
    save("two", "p2", 15, ("Greys", "Blacks"))
    with engine.begin() as connection:
        features.save_catalogue(connection, *CATALOGUE, [{"name": "distance_m", "group": "place"}])
        build(connection)
        keys = connection.scalars(text("select shot_key from shot where provider = 'one'")).all()
        window = pd.DataFrame({"shot_key": keys, "xg": 0.1, "xg_held_out": np.nan, "is_held_out": False})
        registry.save_model(connection, a_model("trees"), window)
        sisters.save_sisters(connection, "trees", [sister("trees", 1, "s1")], {("one", "m1"): 1})
        registry.save_model(connection, a_model("level", "trees"), window)
        of_level = [
            sister("level", 1, "s1"),
            sister("level", 2, "s0+without", SpeaksFor("two", 0, 1)),
            sister("level", 3, "s0+level", SpeaksFor("two", 0, None)),
            sister("level", 4, "s1+level", SpeaksFor("two", 1, None)),
        ]
        sisters.save_sisters(connection, "level", of_level, {("one", "m1"): 1, ("two", "p1"): 2})
    return save


def build(connection) -> None:
    found, _ = features.read_scenes_without_features(connection, *CATALOGUE)
    features.save_features(connection, *CATALOGUE, found, pd.DataFrame({"distance_m": found["x_m"]}))


def crown(connection, model: str) -> None:
    decision = Decision(model, registry.champion_name(connection), "promoted", "a test says so", {})
    registry.record_decision(connection, decision, run_id=None, decided_at=datetime.now(UTC))


def explain(connection, model: str, xg: float) -> dict[str, int]:
    """Explain what is not explained; the speaker of each shot by its name."""
    shots = explanations.unexplained(connection, registry.load_model(connection, model))
    n = len(shots["shot_key"])
    told = np.full(n, xg)
    explanations.save_explanations(
        connection, model, shots, shap_values=told[:, None] - 0.1, group_values=told[:, None] - 0.1, base_value=0.1,
        predictions=told, xg=told, run_id="run",
    )  # fmt: skip
    names = {
        row.shot_key: row.shot_id for row in connection.execute(text("select shot_key, shot_id from shot"))
    }
    return dict(zip((names[k] for k in shots["shot_key"].tolist()), shots["sister"].tolist(), strict=True))


def test_what_has_taught_a_level_is_spoken_for_without_it_and_what_came_later_by_the_face(engine, stored):
    with engine.begin() as connection:
        assert explain(connection, "level", 0.2) == {"one-m1": 1, "two-p1": 2, "two-p2": 3}
        assert explain(connection, "trees", 0.2) == {"one-m1": 1, "two-p1": 0, "two-p2": 0}
        known = [("one", "m1"), ("two", "p1"), ("two", "p2"), ("three", "x")]
        assert sisters.sisters_of_matches(connection, "level", known) == {
            ("one", "m1"): 1, ("two", "p1"): 2, ("two", "p2"): 3,
        }  # fmt: skip
        crown(connection, "level")
        published.publish(connection, "level")
        assert published.read_honesty(connection).n_not_honest == 0
        check = (CHECKS / "honest_numbers.sql").read_text("utf-8")
        assert connection.execute(text(check)).all() == []


def test_a_match_that_the_trees_know_from_another_feed_gets_the_level_on_the_sister_that_has_not_seen_it(
    engine, stored
):
    stored("two", "p3", 1, ("Reds", "Blues"))  # as "one" tells it of m1
    stored("one", "m9", 8, ("Greens", "Whites"))  # as "two" tells it of p1, which no tree has seen
    with engine.begin() as connection:
        prepare_sisters(connection, "level")
        found = sisters.matches_of(connection, "level")
        assert found["two", "p3"] == 4
        assert ("one", "m9") not in found


def test_numbers_by_the_very_same_booster_are_copied_and_no_others(engine, stored):
    with engine.begin() as connection:
        explain(connection, "trees", 0.3)
        assert shared.copy_explanations(connection, registry.load_model(connection, "level"), "run") == 1
        assert set(explain(connection, "level", 0.2)) == {"two-p1", "two-p2"}
        assert shared.copy_explanations(connection, registry.load_model(connection, "trees"), "run") == 0


def test_levels_are_kept_by_version_and_pages_of_a_provider_that_is_off_are_owed(engine, stored):
    with engine.begin() as connection:
        crown(connection, "trees")
        explain(connection, "trees", 0.2)
        published.publish(connection, "trees")
        connection.execute(text("update match_news set page = 'written'"))
        judged.save_levels(connection, "trees", {"two": OFF})
        assert judged.read_levels(connection, "trees") == {"two": OFF}
        assert judged.read_off(connection) == {("trees", "two"): OFF}
        owed = text("select provider, match_id from match_news where page = 'later' order by 1, 2")
        assert [tuple(row) for row in connection.execute(owed)] == [("two", "p1"), ("two", "p2")]
        judged.save_levels(connection, "level", {"two": OFF})
        assert set(judged.read_off(connection)) == {("trees", "two")}, "level has published nothing"


def test_trees_that_got_a_level_count_as_trained_when_they_were(engine, stored):
    with engine.begin() as connection:
        found = registry.latest_training(connection, *CATALOGUE)
        listed = {row["model_version"]: row["parent"] for row in registry.list_models(connection)}
    assert found is not None
    assert listed == {"trees": None, "level": "trees"}


def test_a_level_is_learnt_on_trees_that_do_not_know_the_match_from_another_feed(engine, stored, monkeypatch):
    stored("two", "p3", 1, ("Reds", "Blues"))  # as "one" tells it of m1; nothing has been explained since
    asked: dict[tuple[str, str], int] = {}

    def needed(connection, boosters, shots):
        bases = learn._bases(connection, "trees", shots)
        asked.update(zip(zip(shots["provider"], shots["match_id"], strict=True), bases.tolist(), strict=True))
        return {}

    monkeypatch.setattr(learn, "_needed", needed)
    with engine.begin() as connection:
        build(connection)
        crown(connection, "trees")
        assert learn._learn(connection, None, "trees", ["two"]) is None
    assert asked == {("two", "p1"): 0, ("two", "p2"): 0, ("two", "p3"): 1}


def test_a_match_without_a_shot_is_spoken_for_by_the_new_level():
    def one(number: int, fold: int | None, base: int = 0):
        return SimpleNamespace(
            sister=number, level=SpeaksFor("two", base, fold), speaks_for=SpeaksFor("two", base, fold)
        )

    before = SimpleNamespace(
        sisters={1: SimpleNamespace(sister=1, level=None), 2: one(2, 1), 3: one(3, None)}
    )
    known = {("one", "m1"): 1, ("two", "p1"): 2, ("two", "told twice"): 3, ("one", "old"): None}
    found = learn._with_new_faces(known, before, {"two": None}, [one(4, 1), one(5, None)])
    assert found == {("one", "m1"): 1, ("two", "p1"): 5, ("two", "told twice"): 5, ("one", "old"): None}
