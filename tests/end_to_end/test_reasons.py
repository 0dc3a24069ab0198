"""Reasons of published numbers: given once, in time or all, anew where a scene is another, by whom the number is."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from champions import champion, change, query, xgoals

from xgoals.domain.reason import Part
from xgoals.steps import compute_baseline, explain, register
from xgoals.steps.explaining import reason_games
from xgoals.steps.explaining.reasons import explain_reasons
from xgoals.store.database import connect
from xgoals.store.reasons import forget_people, read_reasons
from xgoals.store.upkeep import backup

ROWS = """select features_key, first, held, same_sign, reference_keys, xg, average_xg, parts, sd, empty_xg,
                 (select array_agg(a.value order by a.person_n) from shot_actor a
                  where a.features_key = r.features_key)
          from shot_reason r order by features_key"""


N_SHOTS = 60


def same(rows, expected):
    """To the last digits, which depend on how many shots are computed at once."""
    assert [row[:5] for row in rows] == [row[:5] for row in expected]
    for row, wanted in zip(rows, expected, strict=True):
        numbers = (np.hstack([np.nan if x is None else x for x in of[5:]]) for of in (row, wanted))
        assert np.allclose(*numbers, rtol=0, atol=1e-12, equal_nan=True), row[0]


@pytest.fixture
def few(monkeypatch):
    """Of 1,600 shots the first few count, two penalties among them: enough for everything here."""
    every = reason_games.store.due_shots

    def due(*arguments):
        found = every(*arguments)
        return found[found["shot_key"] <= N_SHOTS].reset_index(drop=True)

    monkeypatch.setattr(reason_games.store, "due_shots", due)


@pytest.fixture
def engine(database):
    engine = connect(database, "main")
    yield engine
    engine.dispose()


def test_reasons_are_given_in_time_or_later_and_come_out_the_same(
    database, first, engine, few, monkeypatch, caplog
):
    """One run, several that stop in between, and again after a backup has come back: the same rows."""
    name = champion(database)
    explain.explain(first, name, reasons="none")
    assert query(database, "select count(*) from shot_reason") == [(0,)]
    n_shots = query(
        database, f"select count(*) from shot_xg where publication is not null and shot_key <= {N_SHOTS}"
    )[0][0]

    monkeypatch.setattr(reason_games, "SHOTS_AT_ONCE", 20)
    done = explain_reasons(engine, name, "in-time", budget_s=1e-9)
    assert 20 <= done["shots_with_new_reasons"] < n_shots
    assert done["shots_without_reasons"] == n_shots - done["shots_with_new_reasons"]
    assert explain_reasons(engine, name, "in-time", budget_s=1e-9)["shots_with_new_reasons"] >= 20
    assert explain_reasons(engine, name, "all", budget_s=0)["shots_without_reasons"] == 0
    in_parts = query(database, ROWS)
    assert len(in_parts) == n_shots

    _adds_up_and_is_told(database, engine, n_shots)

    # Nothing is new: nothing is read. Then all at once, with refits fitted anew, as after a restored backup.
    with monkeypatch.context() as quiet:
        quiet.setattr(reason_games.GivesReasons, "until", lambda *_: pytest.fail("nothing is new"))
        assert explain_reasons(engine, name, "in-time", budget_s=1)["shots_with_new_reasons"] == 0
    refits = query(database, "select refit, half, sha256 from model_refit order by 1, 2")
    assert len(refits) == 40
    change(database, "delete from shot_reason", "delete from model_refit")
    assert explain_reasons(engine, name, "all", budget_s=0)["shots_with_new_reasons"] == n_shots
    assert query(database, "select refit, half, sha256 from model_refit order by 1, 2") == refits
    same(query(database, ROWS), in_parts)

    # A scene that is another, with features that come out the same: who stood where is asked anew.
    (shot_key,) = query(
        database,
        """select min(f.shot_key) from shot_feature f join shot_actor a using (features_key) where not a.is_keeper""",
    )[0]
    with engine.begin() as connection:
        forget_people(connection, [shot_key])
    assert len(query(database, ROWS)) == n_shots - 1
    assert explain_reasons(engine, name, "in-time", budget_s=1)["shots_with_new_reasons"] == 1
    same(query(database, ROWS), in_parts)

    _a_number_that_was_changed_costs_its_shot_alone(database, engine, name, in_parts, caplog)


def _a_number_that_was_changed_costs_its_shot_alone(database, engine, name, in_parts, caplog):
    changed, other = [row[0] for row in in_parts if row[5] < 0.5][:2]
    change(
        database,
        f"delete from shot_reason where features_key in ({changed}, {other})",
        f"update shot_xg set xg = xg + 0.1 where features_key = {changed}",
    )
    done = explain_reasons(engine, name, "all", budget_s=0)
    assert done == {"shots_with_new_reasons": 1, "shots_without_reasons": 1}
    assert {key for key, *_ in query(database, ROWS)} == {key for key, *_ in in_parts} - {changed}
    assert "no reasons for 1 of the shots, the first " in caplog.text
    change(database, f"update shot_xg set xg = xg - 0.1 where features_key = {changed}")
    assert explain_reasons(engine, name, "all", budget_s=0)["shots_without_reasons"] == 0
    same(query(database, ROWS), in_parts)


def _adds_up_and_is_told(database, engine, n_shots):
    matches = query(database, "select provider, match_id from match")
    with engine.connect() as connection:
        reasons = read_reasons(connection, matches)
    assert len(reasons) == n_shots
    penalties = {
        key
        for (key,) in query(database, f"select shot_key from shot where is_penalty and shot_key <= {N_SHOTS}")
    }
    assert {key for key, of in reasons.items() if not of.parts} == penalties != set()
    for key, of in reasons.items():
        if key in penalties:
            assert (of.first, of.actors, of.references) == (None, (), ())
            continue
        assert set(of.parts) == set(Part)
        assert of.average_xg + sum(part.value or 0 for part in of.parts.values()) == pytest.approx(
            of.xg, abs=1e-9
        )
        assert of.n_refits == 20
        assert bool(of.actors) == (
            of.parts[Part.KEEPER].value is not None
        )  # a scene without a keeper: no game
        if not of.actors:
            continue
        assert of.actors[0].is_keeper
        took = {actor.player_n: actor.value for actor in of.actors}
        assert of.empty_xg + sum(took.values()) == pytest.approx(of.xg, abs=1e-6)
        assert all(of.parts[part].value is not None for part in of.told)
    of_match = dict(query(database, "select shot_key, match_id from shot"))
    assert all(of_match[key] != of_match[other] for key, of in reasons.items() for other in of.references)


def test_a_new_champion_gives_reasons_for_what_it_publishes_alone_and_backups_leave_refits_out(
    database, first, engine, few, train_another, tmp_path
):
    old = champion(database)
    explain.explain(first, old, reasons="all")
    before = query(database, ROWS)
    context, new = train_another()
    assert register.register(context, new) == new
    compute_baseline.compute_baseline(context, new)
    explain.explain(context, new, reasons="all")

    same(query(database, ROWS), before)
    frozen = query(database, "select model_version, content, sha256 from model_reference order by 1")
    assert {name for name, *_ in frozen} == {old, new}
    assert all(hashlib.sha256(bytes(content)).hexdigest() == sha256 for _, content, sha256 in frozen)
    held = backup.back_up(engine, tmp_path / "results.dump")
    assert "model_refit" not in held
    assert held["shot_reason"].rows == len(before)
    change(database, "delete from shot_reason")
    backup.restore(engine, tmp_path / "results.dump")
    same(query(database, ROWS), before)
    assert query(database, "select count(*) from model_refit") == [(0,)]

    for what, columns in (
        (("reasons",), {"from_there", "keeper", "sd_keeper", "first_reason", "holds_of_20", "n_references"}),
        (("actors",), {"player_id", "role", "takes", "nobody"}),
        (("actors", "--by-player"), {"takes_per_shot", "ordinary_per_shot", "more_low"}),
    ):
        done = xgoals("export", *what, "--to", str(tmp_path / "table.csv"))
        assert done.returncode == 0, done.stderr
        assert columns <= set(pd.read_csv(tmp_path / "table.csv").columns)
