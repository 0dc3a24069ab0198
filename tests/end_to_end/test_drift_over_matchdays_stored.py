"""Drift over matchdays as it is stored: incrementally, told once in the run, and gone when its cause is."""

import json
from collections import Counter

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.steps.explaining.drift import drift_since_window
from xgoals.steps.explaining.drift_over_matchdays import watch_drift
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.drift.points import read_points

N_NEW = 18
"""Matches of the league's 60 that the champion has not learned from here: three points at least."""
NEW = """(select provider, match_id from xgoals.match order by match_date desc, match_id desc limit 18)"""
KEEPER = "GoalDistanceGoalkeeper"


@pytest.fixture
def connection(empty_database, reach):
    reach("explained")
    engine = connect(empty_database, "main")
    with engine.begin() as connection:
        connection.execute(text("set local search_path to xgoals, public"))
        yield connection
    engine.dispose()


@pytest.fixture
def model(connection):
    """The champion, as if it had not learned from the newest matches."""
    for statement in (
        f"""delete from out_of_fold o using shot s
            where s.shot_key = o.shot_key and (s.provider, s.match_id) in {NEW}""",
        f"delete from model_match where (provider, match_id) in {NEW}",
    ):
        connection.execute(text(statement))
    return registry.load_model(connection, registry.champion_name(connection))


def sums(connection):
    """Where each point's sums are written: elsewhere, once they are replaced."""
    return dict(
        connection.execute(
            text("select (competition, is_learned, point_n)::text, ctid::text from drift_sum")
        ).all()
    )


def move_keepers(connection, model, by_m):
    """Corrected features get another key in life; here what was added up of them is forgotten instead."""
    place = list(model.feature_names).index(KEEPER) + 1
    connection.execute(
        text(
            f"""update shot_feature f set feature_values[{place}] = feature_values[{place}] + :by_m
                from shot s where s.shot_key = f.shot_key and (s.provider, s.match_id) in {NEW}"""
        ),
        {"by_m": by_m},
    )
    connection.execute(text("delete from drift_sum where not is_learned"))


def test_drift_is_stored_told_with_its_cause_and_gone_when_it_is_mended(connection, model, empty_database):
    assert watch_drift(connection, model, 0.9) == [], "nothing has drifted in an invented league"
    before = read_points(connection, model.model_version)
    whole = [row for row in before if row.kind == "attribution"]
    assert {row.is_learned for row in whole} == {True, False}
    assert all(row.n_shots >= 150 for row in whole)
    assert all(row.value > 0.9 for row in whole)

    written = sums(connection)
    watch_drift(connection, model, 0.9)
    assert sums(connection) == written, "a night without news adds nothing up"

    move_keepers(connection, model, 4.0)
    told = drift_since_window(connection, model, empty_database)
    assert told is not None
    assert told.matter == "drift"
    (item,) = [
        what
        for _, what in told.items
        if what.startswith("Since matchday") and "keeper's distance to goal" in what
    ]
    assert "on average instead of" in item
    assert "in the shots of all clubs alike" in item
    first = min((row.first_date, row.first_matchday) for row in before if not row.is_learned)
    assert f"Since matchday {first[1]} of" in item
    assert drift_since_window(connection, model, empty_database).state_key == told.state_key

    view = connection.execute(
        text("select distinct kind, name from xgoals_views.drift where is_standing and since is not null")
    ).all()
    assert ("feature", KEEPER) in view

    move_keepers(connection, model, -4.0)
    assert watch_drift(connection, model, 0.9) == []
    assert drift_since_window(connection, model, empty_database) is None


def test_a_matchday_that_has_changed_is_added_up_anew_and_one_that_is_gone_is_forgotten(connection, model):
    watch_drift(connection, model, 0.9)
    written = sums(connection)
    last = "(select provider, match_id from match order by match_date desc, match_id desc limit 1)"
    connection.execute(
        text(f"update shot set withdrawn_at = now() where (provider, match_id) in {last} and not is_penalty")
    )
    watch_drift(connection, model, 0.9)
    after = sums(connection)
    assert 1 <= sum(after.get(place) != state for place, state in written.items()) <= 2
    connection.execute(text(f"update shot set withdrawn_at = now() where (provider, match_id) in {NEW}"))
    watch_drift(connection, model, 0.9)
    assert not any(",f," in place for place in sums(connection))
    assert all(row.is_learned for row in read_points(connection, model.model_version))


def competitions(connection, model):
    """Of which there are points, and how many values."""
    return Counter(row.competition for row in read_points(connection, model.model_version))


def test_a_champion_that_comes_back_tells_nothing_of_what_is_gone_since(connection, model):
    watch_drift(connection, model, 0.9)
    now = competitions(connection, model)
    another = "delete from derived_state where name = 'bins of drift'"  # champion: it has settled its own
    for statement in (
        "update drift_point set competition = 'Gone' where is_learned",
        "delete from drift_sum",
        another,
    ):
        connection.execute(text(statement))
    watch_drift(connection, model, 0.9)
    assert competitions(connection, model) == now


def test_with_too_few_shots_in_the_window_nothing_is_told_and_nothing_stands_in_the_way(connection, model):
    watch_drift(connection, model, 0.9)
    connection.execute(text("delete from out_of_fold"))
    assert watch_drift(connection, model, 0.9) == []
    assert read_points(connection, model.model_version) == []


def test_the_command_says_what_stands(empty_database, reach):
    reach("explained")
    shown = CliRunner().invoke(app, ["drift", "--json"])
    assert shown.exit_code == 0, shown.output
    state = json.loads(shown.stdout)
    assert state["alarms"] == []
    assert [of["n_points_since_window"] for of in state["competitions"]] == [0]
    assert 0.9 < state["competitions"][0]["attribution_ndcg"] <= 1
    assert "no alarm" in CliRunner().invoke(app, ["drift"]).stdout
