"""Matches in and out: loss-free, repeatable, and a correction touches what it corrects."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from xgoals.domain.match import MatchStatus, Player
from xgoals.store import matches as store
from xgoals.store.database import RefusedError
from xgoals.store.records import read_records


def save(engine, record, fingerprint="f1"):
    with engine.begin() as connection:
        store.save_match(connection, record, feed="test", fingerprint=fingerprint)


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


def test_a_withdrawn_shot_goes_with_its_positions(engine, record, shot_of):
    save(engine, record())
    save(engine, record(shots=(shot_of(0),)))
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from shot")) == 1
        assert connection.scalar(text("select count(*) from shot_position")) == 2


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
