"""What is told beside the numbers comes back from the store: circumstances, own goals, sendings-off, ranks."""

from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import text

from xgoals.domain.circumstances import FLAGS
from xgoals.domain.match import Player
from xgoals.domain.shot import BodyPart, ShotType
from xgoals.steps.pages.match_events import with_circumstances, with_events
from xgoals.store import matches
from xgoals.store.told.circumstances import read_circumstances
from xgoals.store.told.opponents import read_opponents_seen, read_references
from xgoals.store.told.xg_quantiles import read_xg_quantiles

KEY = ("p", "m1")


@pytest.fixture
def stored(engine, record):
    names = {"1": "Lionel Andrés Messi Cuccittini", "5": "Claudio Bravo", "6": "Francesc Fàbregas i Soler"}
    told = record()
    players = tuple(Player(p.player_id, names.get(p.player_id, p.name)) for p in told.players)
    with engine.begin() as connection:
        matches.save_match(connection, replace(told, players=players), feed="test", fingerprint="1")
        matches.save_match(connection, record("m2"), feed="test", fingerprint="1")
    return engine


def test_what_the_feed_says_of_a_shot_with_names_as_people_know_them(stored):
    with stored.begin() as connection:
        connection.exec_driver_sql(
            "update player set name = 'Francesc Fàbregas i Soler' where player_id = '6'"
        )
        rows = read_circumstances(connection, [KEY])
    assert len(rows) == 2, "of this match alone"
    row = rows.iloc[0]
    assert (row["assist_player"], row["assist_kind"], row["assist_height"]) == (
        "Cesc Fàbregas",
        "cut_back",
        "low",
    )
    assert (row["end_x_m"], row["end_y_m"], row["end_z_m"]) == (54.0, -1.5, 0.4)
    assert (row["is_first_time"], row["is_one_on_one"], row["is_open_goal"]) == (True, False, None)
    assert (row["has_positions"], row["has_keeper"], row["keeper"]) == (True, True, "Claudio Bravo")
    assert set(FLAGS) <= set(rows.columns)


def test_a_shot_without_a_frame_and_one_that_was_withdrawn(stored):
    with stored.begin() as connection:
        connection.exec_driver_sql("delete from shot_position where shot_key = 1")
        connection.exec_driver_sql("update shot set withdrawn_at = now() where shot_key = 2")
        (row,) = read_circumstances(connection, [KEY]).to_dict("records")
    assert (row["has_positions"], row["has_keeper"], row["keeper"]) == (False, False, None)


def test_shots_and_matches_get_what_pages_tell(stored):
    shots = pd.DataFrame({"shot_key": [2, 1], "player": ["Lionel Andrés Messi Cuccittini", None]})
    with stored.connect() as connection:
        told = with_circumstances(connection, shots, [KEY])
        first, second = with_events(
            connection, [{"provider": "p", "match_id": "m1"}, {"provider": "p", "match_id": "none"}]
        )
    assert list(told["shot_key"]) == [2, 1]
    assert list(told["player"].fillna("")) == ["Lionel Messi", ""]
    (goal,), (red, change) = first["own_goals"], first["incidents"]
    assert (goal["team"], goal["minute"], goal["period"], goal["second"]) == ("Away", 88, 2, 59)
    assert (red["kind"], red["team"], red["period"], red["minute"]) == ("red_card", "Away", 1, 46)
    assert (red["player"], red["replacement"]) == ("Six", None)
    assert (change["kind"], change["team"], change["second"]) == ("substitution", "Home", 30)
    assert change["player"] == "Uno"
    assert change["replacement"] not in ("", None)
    assert (second["own_goals"], second["incidents"]) == ([], [])


def test_quantiles_of_the_shots_that_a_model_has_not_seen_by_kind(engine, record, shot_of):
    kinds = [
        *({"body_part": BodyPart.RIGHT_FOOT},) * 3,
        *({"body_part": BodyPart.HEAD},) * 2,
        {"body_part": BodyPart.LEFT_FOOT, "shot_type": ShotType.FREE_KICK},
        {"body_part": BodyPart.LEFT_FOOT, "shot_type": ShotType.PENALTY},
        {"body_part": BodyPart.OTHER},
    ]
    shots = tuple(shot_of(n, **kind) for n, kind in enumerate(kinds))
    with engine.begin() as connection:
        matches.save_match(connection, record(shots=shots), feed="test", fingerprint="1")
        connection.exec_driver_sql(
            "set local session_replication_role = replica"
        )  # no model is needed for this
        connection.execute(
            text(
                """insert into out_of_fold (model_version, shot_key, xg, is_held_out)
                   select v, shot_key, (event_n + 1) / 10.0, false from shot, unnest(array['a', 'b']) v"""
            )
        )
        connection.exec_driver_sql("update out_of_fold set xg = 0.9 where model_version = 'b'")
        connection.exec_driver_sql("update shot set frame_source = 'freeze_frame'")
        found = read_xg_quantiles(connection, "a", min_shots=2, asks_for_people=True)
        assert read_xg_quantiles(connection, "none", min_shots=1, asks_for_people=True) == {}
        knows_nobody = read_xg_quantiles(connection, "a", min_shots=2, asks_for_people=False)
        connection.exec_driver_sql("update shot set frame_source = 'none' where body_part = 'head'")
        both = read_xg_quantiles(connection, "a", min_shots=2, asks_for_people=True)
    assert set(found) == {"foot", "head", "all"}, "one free kick is too few, and a penalty has no rank"
    assert knows_nobody == {f"{kind} without positions": numbers for kind, numbers in found.items()}
    assert set(both) == {"foot", "all", "head without positions", "all without positions"}
    assert both["head without positions"] == found["head"]
    assert [found["foot"][n] for n in (0, 100, 200)] == pytest.approx([0.1, 0.2, 0.3])
    assert [found["all"][n] for n in (0, 200)] == pytest.approx([0.1, 0.8])
    assert all(len(quantiles) == 201 for quantiles in found.values())


def test_opponents_are_counted_by_season_and_club_shots_taken_back_apart(stored):
    with stored.begin() as connection:
        connection.exec_driver_sql("update shot set withdrawn_at = now() where shot_key = 2")
        seen = read_opponents_seen(connection)
    (row,) = seen.to_dict("records")  # the keeper is none, and nobody else is in the frames
    assert (row["player_id"], row["player"], row["team"], row["season"]) == (
        "6",
        "Six",
        "Away",
        "2024/25",
    )
    assert (row["n_shots"], row["n_matches"]) == (3, 2)


def test_there_are_no_references_where_there_are_no_reasons(stored):
    with stored.connect() as connection:
        assert read_references(connection).columns.tolist() == ["shot_key", "reference_key"]
        assert read_references(connection).empty
