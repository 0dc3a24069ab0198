"""Matches in and out: loss-free, repeatable, and a correction touches what it corrects."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from xgoals.domain.errors import FeedError
from xgoals.domain.match import MatchStatus, Player
from xgoals.store import matches as store
from xgoals.store import served
from xgoals.store.clips import read_clip_shots
from xgoals.store.database import RefusedError
from xgoals.store.records import read_people, read_records
from xgoals.store.schema.sql_files import broken_promises


def save(engine, record, fingerprint="f1"):
    with engine.begin() as connection:
        return store.save_match(connection, record, feed="test", fingerprint=fingerprint)


def row_versions(engine, table):
    """Which transaction wrote each row last."""
    with engine.connect() as connection:
        return sorted(connection.execute(text(f"select xmin::text, ctid::text from {table}")).all())


def test_a_match_comes_back_as_it_went_in(engine, record):
    original = record()
    save(engine, original)
    with engine.connect() as connection:
        (back,) = read_records(connection)
    assert back == original


def test_a_match_sent_again_replaces_its_cards_and_own_goals(engine, record):
    save(engine, record())
    corrected = replace(record(), incidents=record().incidents[1:], own_goals=())
    save(engine, corrected, "f2")
    with engine.connect() as connection:
        (back,) = read_records(connection)
    assert (back.incidents, back.own_goals) == (corrected.incidents, ())


def test_a_match_that_was_not_played_to_its_end_is_stored_as_such_and_no_result(engine, record):
    for n, status in enumerate(MatchStatus):
        save(engine, record(f"m{n}", status=status))
    with engine.connect() as connection:
        back = {r.match.match_id: r.match.status for r in read_records(connection)}
        counted = connection.scalars(text("select distinct match_id from team_match_xg")).all()
    assert back == {f"m{n}": status for n, status in enumerate(MatchStatus)}
    assert counted == ["m0"], "played"


def test_the_shot_and_the_field_that_the_schema_refuses_are_named(engine, record, shot_of):
    wrong = record(shots=(shot_of(0), shot_of(1, event_n=2**40), shot_of(2)))
    with pytest.raises(RefusedError, match=r"^shot s1, event_n = 1099511627776: .*integer out of range"):
        save(engine, wrong)
    nobody = record(shots=(shot_of(0), shot_of(1, player_id="77")))
    with pytest.raises(RefusedError, match=r"^shot s1: .*\(provider, player_id\)=\(p, 77\) is not present"):
        save(engine, nobody)


def test_writing_a_match_again_touches_neither_names_nor_shots(engine, record):
    save(engine, record())
    before = {table: row_versions(engine, table) for table in ("match", "team", "player", "shot")}
    save(engine, record())
    assert {table: row_versions(engine, table) for table in before} == before


def test_a_correction_rewrites_the_corrected_shot_only(engine, record, shot_of):
    save(engine, record())
    keys = shot_keys(engine)
    before = dict(zip(keys, row_versions(engine, "shot"), strict=True))
    save(engine, record(shots=(shot_of(0), shot_of(1, x_m=41.0))), fingerprint="f2")
    after = shot_keys(engine)
    assert after == keys
    changed = [v for v in row_versions(engine, "shot") if v not in before.values()]
    assert len(changed) == 1
    with engine.connect() as connection:
        assert connection.scalar(text("select x_m from shot where shot_id = 's1'")) == 41.0
        assert connection.scalar(text("select fingerprint from match")) == "f2"


def shot_keys(engine):
    with engine.connect() as connection:
        return [
            tuple(r) for r in connection.execute(text("select shot_id, shot_key from shot order by shot_id"))
        ]


def ask(engine, query):
    with engine.connect() as connection:
        return connection.scalar(text(query))


def test_a_withdrawn_shot_is_marked_and_counts_nowhere_until_it_comes_back(engine, record, shot_of):
    assert save(engine, record()).added == {"s0", "s1"}
    key = ask(engine, "select shot_key from shot where shot_id = 's1'")
    written = save(engine, record(shots=(shot_of(0),)))
    assert (written.withdrawn, written.corrected) == ({"s1"}, frozenset())
    assert ask(engine, "select shot_key from shot where withdrawn_at is not null") == key
    assert ask(engine, "select count(*) from shot_position") == 4, "its scene stays, too"
    with engine.connect() as connection:
        (back,) = read_records(connection)
        assert [shot.shot_id for shot in back.shots] == [scene.shot_id for scene in back.scenes] == ["s0"]
        assert store.totals(connection)["shots"] == 1
        assert {row["shot_id"] for row in served.read_match_shots(connection, "p", "m1")} == {"s0"}
        (listed,) = served.list_matches(connection, competition=None, season=None, limit=9, offset=0)
        assert listed["home_shots"] + listed["away_shots"] == 1
        assert set(read_people(connection, "p", "m1")["shot_id"]) == {"s0"}
        assert list(read_clip_shots(connection, "p", "m1")["shot_id"]) == ["s0"]
        for view in ("xgoals_views.champion_shot", "xgoals.champion_shot"):
            assert list(connection.scalars(text(f"select shot_id from {view}"))) == ["s0"]
    again = save(engine, record(shots=(shot_of(0),)))
    assert again == store.Written(frozenset(), frozenset(), frozenset()), "withdrawn once"

    original = record()
    written = save(engine, original)
    assert (written.added, written.corrected, written.withdrawn) == ({"s1"}, frozenset(), frozenset())
    assert ask(engine, "select count(*) from shot where withdrawn_at is not null") == 0
    assert ask(engine, "select shot_key from shot where shot_id = 's1'") == key, "with the numbers of before"
    with engine.connect() as connection:
        assert list(read_records(connection)) == [original]


def test_all_shots_may_be_withdrawn_and_one_may_come_back_corrected(engine, record, shot_of):
    save(engine, record())
    assert save(engine, record(shots=())).withdrawn == {"s0", "s1"}
    assert save(engine, record(shots=(shot_of(1, x_m=45.5),))).added == {"s1"}
    with engine.connect() as connection:
        (back,) = read_records(connection)
    assert [(shot.shot_id, shot.x_m) for shot in back.shots] == [("s1", 45.5)]


@pytest.mark.parametrize("first_is_simulated", [False, True])
def test_real_and_simulated_matches_never_share_a_database(engine, record, first_is_simulated):
    save(engine, record("m1", is_simulated=first_is_simulated))
    save(engine, record("m2", is_simulated=first_is_simulated))
    with pytest.raises(FeedError, match="the two are never mixed") as refused:
        save(engine, record("m3", is_simulated=not first_is_simulated))
    assert "--database demo" in str(refused.value) or first_is_simulated
    save(engine, record("m4", is_simulated=first_is_simulated))  # the rest goes on
    with engine.connect() as connection:
        assert store.is_simulated(connection) is first_is_simulated
        assert broken_promises(connection).keys() <= {"every_shot_has_features"}
        assert store.totals(connection)["matches"] == 3


def test_an_empty_database_takes_either_kind_also_after_all_matches_were_deleted(engine, record):
    save(engine, record(is_simulated=True))
    with engine.begin() as connection:
        connection.execute(text("delete from match"))
    save(engine, record(is_simulated=False))
    with engine.connect() as connection:
        assert store.is_simulated(connection) is False


def test_a_match_that_is_refused_does_not_decide_what_a_database_holds(engine, record, shot_of):
    broken = record(shots=(shot_of(0), shot_of(1, period=7)), is_simulated=True)
    with pytest.raises(Exception, match="shot_period_check"):
        save(engine, broken)
    save(engine, record())


def test_a_known_name_is_not_lost_to_an_unknown_one(engine, record):
    save(engine, record())
    nameless = replace(record("m2"), players=(Player("1"), Player("5"), Player("6"), Player("9")))
    save(engine, nameless)
    with engine.connect() as connection:
        assert connection.execute(text("select name, short_name from player where player_id = '1'")).one() == (
            "One", "Uno",
        )  # fmt: skip


def test_a_match_that_breaks_half_way_leaves_nothing(engine, record, shot_of):
    broken = record(shots=(shot_of(0), shot_of(1, period=7)))
    with pytest.raises(Exception, match="shot_period_check"):
        save(engine, broken)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from match")) == 0
