"""Whether anything is new: the key of what something was derived from changes with its rows, and only with them."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from xgoals.store import matches
from xgoals.store.derived.states import DerivedState, read_state, save_state, state_key

OF_MATCHES = ("match", "shot", "shot_position", "team", "player", "own_goal", "match_incident")


def key(engine: Engine, *ingredients: object) -> str:
    with engine.connect() as connection:
        return state_key(connection, OF_MATCHES, *ingredients)


@pytest.fixture
def stored(engine, record):
    with engine.begin() as connection:
        matches.save_match(connection, record(), feed="test", fingerprint="1")
    return engine


def test_the_same_match_again_and_changes_elsewhere_are_no_news(stored, record):
    with stored.begin() as connection:
        connection.exec_driver_sql(
            "delete from own_goal; delete from match_incident"
        )  # these are not compared, but put in place of the known ones
    before = key(stored)
    with stored.begin() as connection:
        matches.save_match(
            connection, replace(record(), own_goals=(), incidents=()), feed="test", fingerprint="1"
        )
        connection.exec_driver_sql(
            "insert into quarantine values ('f', 'p', '', 'r', 'a', 'match', 'm', null, 'run')"
        )
        connection.exec_driver_sql("update shot set minute = 4 where shot_id = 'no such shot'")
        connection.exec_driver_sql("delete from match where match_id = 'no such match'")
    assert key(stored) == before


@pytest.mark.parametrize(
    "change",
    [
        "update shot set outcome = 'off_target' where shot_id = 's0'",
        "delete from shot where shot_id = 's0'",
        "delete from match",
        "update team set name = 'Renamed' where team_id = '10'",
        "update shot_position set x_m = x_m + 1 where person_n = 0",
        "insert into player values ('p', 'x')",
        "truncate own_goal",
        "delete from match_incident where kind = 'red_card'",
    ],
)
def test_every_change_is_news(stored, change):
    before = key(stored)
    with stored.begin() as connection:
        connection.exec_driver_sql(change)
    assert key(stored) != before


def test_what_else_enters_is_part_of_the_key(stored):
    assert key(stored, "champion", 1) == key(stored, "champion", 1)
    assert (
        len({key(stored), key(stored, "champion", 1), key(stored, "champion", 2), key(stored, "other", 1)})
        == 4
    )


def test_a_state_is_kept_with_its_facts_and_replaced(stored):
    with stored.begin() as connection:
        assert read_state(connection, "pages") is None
        save_state(connection, "pages", DerivedState("a", {"n": 1}))
        save_state(connection, "summaries", DerivedState("c"))
        save_state(connection, "pages", DerivedState("b", {"n": 2}))
        assert read_state(connection, "pages") == DerivedState("b", {"n": 2})
        assert read_state(connection, "summaries") == DerivedState("c", {})
        assert connection.scalar(text("select count(*) from derived_state")) == 2
