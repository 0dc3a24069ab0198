"""What is said in the end does not depend on which match was read first."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pandas as pd
import pytest
from sqlalchemy import text
from test_levels_store import a_model, build, sister

from xgoals.domain.match import Player, Team
from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.steps.explaining.honest import note_told_twice
from xgoals.steps.levels.judge_providers import judge_providers
from xgoals.store import features, matches, records, registry, runs, sisters
from xgoals.store.derived import explanation_sums
from xgoals.store.levels import judged
from xgoals.store.upkeep.erase import erase_match


def save(engine, record):
    with engine.begin() as connection:
        return matches.save_match(connection, record, feed="test", fingerprint=str(hash(record.match)))


def called(record, name, *, day, short_name=None, home="Home"):
    """The match with the first player and the home team called so, on a day of May."""
    players = tuple(
        replace(p, name=name, short_name=short_name) if p.player_id == "1" else p for p in record.players
    )
    team = Team(record.match.home.team_id, home)
    teams = tuple(team if t.team_id == team.team_id else t for t in record.teams)
    match = replace(record.match, match_date=date(2024, 5, day), kick_off=None, home=team)
    return replace(record, match=match, players=players, teams=teams)


def names(engine):
    """How the first player and the home team are called."""
    with engine.connect() as connection:
        player = connection.execute(
            text("select name, short_name from player where player_id = '1'")
        ).one_or_none()
        team = connection.scalar(text("select name from team where team_id = '10'"))
    return (*(player or (None, None)), team)


def test_names_are_those_of_the_latest_match_whichever_is_read_last(engine, record):
    told = [
        called(record("m1"), "Old Name", day=1, short_name="Old", home="Old FC"),
        called(record("m2"), "New Name", day=3, home="New FC"),
        called(record("m3"), None, day=5, home="Newest FC"),
    ]
    for order in permutations(told):
        with engine.begin() as connection:
            connection.execute(text("truncate match, team, player cascade"))
        for one in order:
            save(engine, one)
        assert names(engine) == ("New Name", "Old", "Newest FC"), [r.match.match_id for r in order]


def test_a_match_that_is_corrected_put_off_or_deleted_takes_its_word_with_it(engine, record):
    first, second = called(record("m1"), "First", day=1), called(record("m2"), "Second", day=3)
    save(engine, first)
    save(engine, second)
    assert names(engine)[0] == "Second"
    save(engine, called(record("m1"), "First", day=9))
    assert names(engine)[0] == "First", "it is the latest match now"
    save(engine, called(record("m1"), "Corrected", day=9))
    assert names(engine)[0] == "Corrected"
    with engine.begin() as connection:
        erase_match(connection, (first.match.provider, "m1"))
    assert names(engine)[0] == "Second"
    with engine.begin() as connection:
        erase_match(connection, (first.match.provider, "m2"))
    assert names(engine) == (None, None, None), "nobody needs him any more"


def test_who_is_only_named_stays_as_long_as_a_match_names_him(engine, record):
    on_the_bench = Player("bench", "On The Bench")
    for match_id in ("m1", "m2"):
        save(engine, replace(record(match_id), players=(*record(match_id).players, on_the_bench)))
    query = text("select name from player where player_id = 'bench'")
    for match_id, left in (("m1", "On The Bench"), ("m2", None)):
        with engine.begin() as connection:
            erase_match(connection, (record().match.provider, match_id))
            assert connection.scalar(query) == left


def window(engine, record):
    """A champion that has learned from a match, which its sister 1 has not seen."""
    save(engine, record)
    with engine.begin() as connection:
        keys = connection.scalars(text("select shot_key from shot")).all()
        model = a_model("champion")
        features.save_catalogue(
            connection, model.catalogue, model.catalogue_version, [{"name": "distance_m"}]
        )
        out_of_fold = pd.DataFrame({"shot_key": keys, "xg": 0.1, "xg_held_out": 0.1, "is_held_out": False})
        registry.save_model(connection, model, out_of_fold)
        key = record.match.provider, record.match.match_id
        sisters.save_sisters(connection, "champion", [sister("champion", 1, "s1")], {key: 1})


def test_sums_are_added_in_one_order_though_a_match_is_put_off(engine, record):
    """Nobody adds them anew for another date: no shot of theirs has changed."""
    model = a_model("champion")
    for match_id, day in (("m1", 1), ("m2", 8)):
        save(engine, record(match_id, match_date=date(2024, 8, day)))
    with engine.begin() as connection:
        features.save_catalogue(
            connection, model.catalogue, model.catalogue_version, [{"name": "distance_m"}]
        )
        build(connection)
    found = []
    for day in (1, 20):
        save(engine, record("m1", match_date=date(2024, 8, day)))
        with engine.connect() as connection:
            states = explanation_sums.present_states(connection, model)
            keys = explanation_sums.read_keys(connection, model, list(states))["features_key"].tolist()
        found.append((states, keys))
    assert len(keys) == 4
    assert found[0] == found[1]


def told_by(record, provider, **changes):
    return replace(record, match=replace(record.match, provider=provider, **changes))


def speakers(engine):
    with engine.begin() as connection:
        note_told_twice(connection, "champion")
        return {key: who for key, who in sisters.matches_of(connection, "champion").items() if key[0] != "p"}


def test_another_feed_s_telling_is_known_whatever_became_of_the_match_that_was_learned_from(engine, record):
    learned, others = called(record("m1"), "Somebody", day=1), called(record("m1"), "Somebody", day=1)
    window(engine, learned)
    provider = learned.match.provider
    save(engine, called(record("m1"), "Somebody", day=20, home="Quite Another"))  # a correction
    save(engine, told_by(others, "other"))
    assert speakers(engine)["other", "m1"] == 1
    with engine.begin() as connection:
        erase_match(connection, (provider, "m1"))
        erase_match(connection, ("other", "m1"))
    save(engine, told_by(others, "third"))
    assert speakers(engine)["third", "m1"] == 1, "the champion has learned from it all the same"
    save(engine, told_by(called(record("m1"), "Somebody", day=20), "fourth"))
    assert ("fourth", "m1") not in speakers(engine), "another day, another match"


def test_who_is_known_by_a_second_feed_s_words_is_known_at_once(engine, record):
    window(engine, called(record("m1"), "Somebody", day=1, home="Alpha"))
    save(engine, told_by(called(record("m1"), "Somebody", day=2, home="Alpha Beta"), "second"))
    save(engine, told_by(called(record("m1"), "Somebody", day=3, home="Beta"), "third"))
    once = speakers(engine)
    assert {key[0] for key in once} >= {"second", "third"}
    assert speakers(engine) == once, "asked again, it says the same"


def test_the_level_of_a_provider_that_is_gone_goes_with_it(engine, record):
    window(engine, record("m1"))
    kind = KindLevel(1, 1.0, 0.5, 2.0)
    level = ProviderLevel("off", 1, 10, kind, kind)
    with engine.begin() as connection:
        judged.save_levels(connection, "champion", {"gone": level})
        judge_providers(connection, "champion")
        assert judged.read_levels(connection, "champion") == {}


def test_pages_of_one_title_are_listed_in_one_order_whichever_was_written_last(engine):
    """Two feeds tell of a match."""
    with engine.begin() as connection:
        runs.open_run(connection, "r", feeds=[], sources=[], started_at=datetime.now(UTC))
        for order in (("a:1", "b:2"), ("b:2", "a:1")):
            for scope in order:
                runs.save_report(
                    connection, kind="match", scope_id=scope, title="Home - Away", path=f"{scope}.html",
                    model_version=None, sha256="0" * 64, run_id="r",
                )  # fmt: skip
            connection.execute(text("delete from report where scope_id = :first"), {"first": order[0]})
            runs.save_report(
                connection, kind="match", scope_id=order[0], title="Home - Away", path=f"{order[0]}.html",
                model_version=None, sha256="0" * 64, run_id="r",
            )  # fmt: skip
            assert [page["scope_id"] for page in runs.list_reports(connection)] == ["a:1", "b:2"]


@pytest.mark.parametrize("newest", ["a", "z"])
def test_a_competition_is_called_as_its_latest_match_calls_it(engine, record, newest):
    for match_id in ("z", "a"):
        day = 9 if match_id == newest else 2
        told = record(match_id)
        match = replace(
            told.match, competition=f"{match_id} cup", match_date=date(2024, 5, day), kick_off=None
        )
        save(engine, replace(told, match=match))
    with engine.connect() as connection:
        names = records.read_names(connection, match.provider, [])
    assert names[match.competition_id] == f"{newest} cup"
