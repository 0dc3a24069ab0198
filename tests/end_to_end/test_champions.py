"""Champions come and go: evidence, approval, rollback, killed processes, tampered rows, and numbers that stay."""

import io
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from itertools import islice

import numpy as np
import pandas as pd
import pytest
import xgboost
from sqlalchemy import text

from leagues import OTHER_SEED
from xgoals import cli, outputs
from xgoals.domain.errors import ModelError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.model import tuning
from xgoals.model.fitting import N_SEEDS
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, models, promote, register, train
from xgoals.steps.run_context import FeedSource, RunContext
from xgoals.steps.upkeep import tune
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.sql_files import broken_promises


def xgoals(*arguments):
    """A command as a user types it, in this process."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["xgoals", *arguments])
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def query(settings, sql):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(sql))]
    engine.dispose()
    return rows


def change(settings, *statements):
    engine = connect(settings, "main")
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


BYTES = "select booster, golden from model_version where seed = 20150801"


def champion(settings):
    rows = query(settings, "select model_version from champion")
    assert len(rows) <= 1
    return rows[0][0] if rows else None


@pytest.fixture
def first(reach, open_run, league):
    """A league with its first champion, nothing explained, and a challenger not yet judged."""
    reach("rivalled")
    return open_run("later", "archive", league)


@pytest.fixture
def database(first):
    """Settings that lead to the copy."""
    return first.settings


@pytest.fixture
def train_another(open_run, league, monkeypatch):
    """A challenger of another seed, trained but not judged."""

    def work(seed=OTHER_SEED, **settings):
        monkeypatch.setenv("XGOALS_TRAINING__SEED", str(seed))
        for name, value in settings.items():
            monkeypatch.setenv(f"XGOALS_TRAINING__{name.upper()}", str(value))
        context = open_run(f"seed {seed}", "archive", league)
        return context, train.train(context, even_if_not_due=True)

    return work


def test_a_good_challenger_is_promoted_with_its_evidence_and_the_first_champion_is_the_anchor(
    database, first, train_another
):
    old = champion(database)
    context, challenger = train_another()
    assert register.register(context, challenger) == champion(database) == challenger != old
    (evidence,) = query(database, "select evidence from promotion order by decision_n desc limit 1")[0]
    assert {check["name"] for check in evidence["checks"]} >= {"champion", "latest", "anchor", "calibrated"}
    assert {guard["name"] for guard in evidence["guards"]} >= {"as_many_matches", "features_alive_in_window"}
    assert all(check["passed"] for check in evidence["checks"] + evidence["guards"])
    assert query(database, "select model_version, reason from anchor") == [
        (old, "It was the first champion.")
    ]
    # judged once, whoever is champion: the same decision is not taken again
    n = len(query(database, "select from promotion"))
    assert register.register(context, challenger) == challenger
    assert len(query(database, "select from promotion")) == n


def test_same_data_seed_and_version_give_predictions_of_equal_bytes(database, first, open_run, league):
    (booster, golden) = query(database, BYTES)[0]
    change(database, f"delete from model_version where seed = {OTHER_SEED}")
    xg = query(database, "select shot_key, xg, is_held_out from out_of_fold order by 1")
    change(database, "delete from champion", "delete from anchor", "delete from promotion")
    change(database, "delete from model_version")
    train.train(open_run("again", "archive", league), even_if_not_due=True)
    (booster_again, golden_again) = query(database, BYTES)[0]
    assert bytes(booster_again) == bytes(booster)
    assert golden_again == golden
    assert query(database, "select shot_key, xg, is_held_out from out_of_fold order by 1") == xg


def test_with_approval_a_person_has_the_last_word(database, first, train_another):
    old = champion(database)
    context, challenger = train_another(approval=True)
    assert register.register(context, challenger) == champion(database) == old
    verdicts = query(database, "select verdict, champion_after from promotion order by decision_n")
    assert verdicts[-1] == ("awaiting_approval", old)
    listed = {m["model_version"]: m for m in json.loads(xgoals("models", "list", "--json").stdout)}
    assert listed[challenger]["decision"] == "awaiting_approval"
    assert "waits for a person" in xgoals("models", "show", challenger).stdout

    done = xgoals("models", "promote", challenger, "--json")
    assert json.loads(done.stdout)["reason"] == "Approved by hand."
    assert champion(database) == challenger
    assert query(database, "select model_version from anchor") == [(old,)]
    again = xgoals("models", "promote", challenger)
    assert (again.returncode, "is champion already" in again.stderr) == (6, True)


def test_a_model_that_a_person_puts_in_place_is_the_new_anchor(database, first, train_another):
    _, challenger = train_another()
    promote.promote(database, "main", challenger)
    assert query(database, "select model_version, reason from anchor") == [
        (challenger, "It was promoted by hand.")
    ]


def test_rolling_back_goes_back_step_by_step_and_not_in_circles(database, first, train_another):
    names = [champion(database)]
    for seed in (OTHER_SEED, 8):
        context, challenger = train_another(seed)
        names.append(register.register(context, challenger))
    assert len(set(names)) == 3, "each must have been promoted"
    assert f"{names[1]} is champion" in xgoals("models", "rollback").stdout
    assert json.loads(xgoals("models", "rollback", "--json").stdout)["challenger"] == names[0]
    none_left = xgoals("models", "rollback")
    assert (none_left.returncode, "no earlier champion" in none_left.stderr) == (6, True)
    assert champion(database) == names[0]


KILLED = """
import sys, time
from datetime import UTC, datetime
from xgoals.domain.model import Decision
from xgoals.settings import load_settings
from xgoals.store import registry
from xgoals.store.database import connect

challenger, champion = sys.argv[1:]
engine = connect(load_settings(), "main")
with engine.begin() as connection:
    decision = Decision(challenger, champion, "promoted", "killed in between", {})
    n = registry.record_decision(connection, decision, run_id=None, decided_at=datetime.now(UTC))
    registry.set_anchor(connection, challenger, decision_n=n, reason="killed in between")
    assert registry.champion_name(connection) == challenger
    print("in the middle", flush=True)
    time.sleep(60)
"""


def test_a_process_that_is_killed_in_the_middle_of_a_promotion_leaves_the_old_champion(
    database, first, train_another
):
    old = champion(database)
    _, challenger = train_another()
    before = query(database, "select decision_n from promotion")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, challenger, old], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    assert champion(database) == old, "nobody sees a promotion before it is whole"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert champion(database) == old
    assert query(database, "select model_version from anchor") == [(old,)]
    assert query(database, "select decision_n from promotion") == before
    promote.promote(database, "main", challenger)  # and no lock is left behind
    assert champion(database) == challenger


def test_no_two_champions_even_if_asked_for(database, first):
    with pytest.raises(Exception, match="violates"):
        change(
            database,
            "insert into champion (only_row, model_version, decision_n) "
            "select true, model_version, decision_n from champion",
        )


@pytest.mark.parametrize("tampering", ["bytes", "predictions"])
def test_a_tampered_model_is_refused_wherever_it_would_be_used(
    database, first, train_another, league, tmp_path, tampering
):
    old = champion(database)
    context, challenger = train_another()
    register.register(context, challenger)
    assert champion(database) == challenger
    if tampering == "bytes":
        words = "not those that were registered"
        change(
            database,
            "alter table model_version drop constraint model_version_check",
            "update model_version set booster = set_byte(booster, 2000, get_byte(booster, 2000) # 1)",
        )
    else:
        words = "predicts its golden rows differently"
        change(
            database,
            "update model_version set golden = jsonb_set(golden, '{predictions,0}', '0.99')",
        )
    for command in (
        ("models", "rollback"),
        ("models", "promote", old),
        ("models", "diff", old, challenger),
        ("baseline",),
        ("score", "--feed", "archive", "--source", str(league), "--to", str(tmp_path / "s.csv")),
    ):
        done = xgoals(*command)
        assert done.returncode == 6, (command, done.stderr)
        assert words in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
    assert champion(database) == challenger
    assert not (tmp_path / "s.csv").exists()
    assert query(database, "select count(*) from shot_xg") == [(0,)]


def test_show_and_diff_tell_everything_as_json_too(database, first, train_another):
    old = champion(database)
    context, challenger = train_another()
    register.register(context, challenger)
    shown = json.loads(xgoals("models", "show", challenger, "--json").stdout)
    assert shown["is_champion"] is True
    assert shown["is_anchor"] is False
    assert shown["anchor"]["model_version"] == old
    assert shown["metrics"]["held_out"]["model"]["auc"] > 0.5
    assert shown["decisions"][0]["evidence"]["checks"]
    (raw,) = query(database, f"select booster from model_version where model_version = '{challenger}'")[0]
    n_trees = xgboost.Booster(model_file=bytearray(raw)).num_boosted_rounds()
    assert shown["trees_in_booster"] == n_trees == N_SEEDS * shown["params"]["n_trees"]
    assert f"{n_trees:,} trees in the booster" in xgoals("models", "show", challenger).stdout
    assert len(json.loads(xgoals("models", "show", old, "--json").stdout)["baseline"]) == 17

    found = json.loads(xgoals("models", "diff", old, challenger, "--json").stdout)
    assert found["window"]["seed"] == [20150801, OTHER_SEED]
    assert found["features"] == {"added": [], "removed": []}
    loss = found["metrics"]["after"]["log_loss"] - found["metrics"]["before"]["log_loss"]
    assert found["metrics"]["log_loss_difference"]["mean"] == pytest.approx(loss, abs=1e-9)
    gaps = [abs(shot["after_xg"] - shot["before_xg"]) for shot in found["moved"]]
    assert gaps == sorted(gaps, reverse=True)
    assert len(gaps) == models.N_MOVED
    for words in ("show", challenger), ("diff", old, challenger):
        printed = xgoals("models", *words)
        assert printed.returncode == 0, printed.stderr
        assert challenger in printed.stdout


def test_a_feature_that_died_and_a_smaller_window_are_refused_by_the_guards(
    database, first, train_another, open_run, league
):
    old = champion(database)
    names = query(database, "select names from feature_catalogue where catalogue = 'best-17'")[0][0]
    place = names.index("DistanceToGoal") + 1
    change(
        database,
        f"update shot_feature set feature_values[{place}] = 18, features_hash = features_hash || 'x'",
    )
    context, challenger = train_another()
    assert register.register(context, challenger) == old
    verdict, reason = query(
        database, "select verdict, reason from promotion order by decision_n desc limit 1"
    )[0]
    assert verdict == "kept"
    assert "DistanceToGoal is constant" in reason

    change(
        database,
        "delete from match where match_id in (select match_id from match order by match_date desc limit 6)",
    )
    context, challenger = train_another(8)
    assert register.register(context, challenger) == old
    reason = query(database, "select reason from promotion order by decision_n desc limit 1")[0][0]
    assert "54 matches to learn from, the champion had 60" in reason


def test_a_first_model_that_is_too_good_to_be_true_is_refused(empty_database, open_run, league):
    context = open_run("leak", "archive", league)
    ingest.ingest(context)
    build_features.build_features(context)
    names = query(empty_database, "select names from feature_catalogue where catalogue = 'best-17'")[0][0]
    place = names.index("PressureSum") + 1
    change(
        empty_database,
        f"update shot_feature f set feature_values[{place}] = s.is_goal::int + 5, features_hash = f.shot_key::text "
        "from shot s where s.shot_key = f.shot_key",
    )
    with pytest.raises(ModelError, match="Too good to be true"):
        register.register(context, train.train(context))
    assert champion(empty_database) is None


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["update shot set outcome = 'saved'"], "60 matches with 0 goals"),
        (["delete from match where match_id <> (select min(match_id) from match)"], "1 matches with"),
    ],
)
def test_no_goals_and_a_single_match_are_told_plainly_and_a_champion_stays(
    database, first, train_another, statements, message
):
    old = champion(database)
    change(database, *statements)
    context, challenger = train_another()
    assert challenger is None
    assert register.register(context, challenger) == old
    change(database, "delete from champion", "delete from anchor")
    done = xgoals("train")
    assert done.returncode == 6
    assert message in done.stderr.splitlines()[-1]


@pytest.fixture
def export(database, tmp_path):
    def read():
        outputs.export_shots(database, "main", tmp_path / "shots.parquet")
        return pd.read_parquet(tmp_path / "shots.parquet").set_index("shot_id")

    return read


def test_published_numbers_stay_when_the_champion_changes_and_new_ones_are_the_new_champions(
    database, first, train_another, export, tmp_path
):
    old = champion(database)
    explain.explain(first, old)
    before = export()
    assert set(before["model_version"]) == set(before["champion_version"]) == {old}

    context, new = train_another()
    assert register.register(context, new) == new
    compute_baseline.compute_baseline(context, new)
    explain.explain(context, new)
    after = export()
    pd.testing.assert_series_equal(after["xg"], before["xg"])
    assert set(after["model_version"]) == {old}
    assert set(after["champion_version"]) == {new}
    assert (after["champion_xg"] - after["xg"]).abs().max() > 0.001
    # the explanation of the published number adds up to it, beside the new champion's
    gaps = query(
        database,
        """select max(abs(e.base_value + (select sum(v) from unnest(e.shap_values) v) - x.xg)), count(*)
           from shot_xg x join shot_explanation e using (features_key, model_version)
           where x.publication is not null""",
    )
    assert gaps[0][0] < 1e-6
    assert gaps[0][1] == len(before)

    more = tmp_path / "more.parquet"
    write_archive(more, islice(simulate_league(), 60, 63))
    matchday = RunContext(load_settings(), "main", context.run_id, (FeedSource("archive", more),))
    ingest.ingest(matchday)
    build_features.build_features(matchday)
    explain.explain(matchday, new)
    latest = export()
    fresh = latest.index.difference(before.index)
    assert len(fresh) > 0
    assert set(latest.loc[fresh, "model_version"]) == {new}
    np.testing.assert_array_equal(latest.loc[fresh, "xg"], latest.loc[fresh, "champion_xg"])
    pd.testing.assert_series_equal(latest.loc[before.index, "xg"], before["xg"])

    # rolled back: what was published stays, and the old champion's numbers stand beside the new matches'
    promote.roll_back(database, "main")
    explain.explain(matchday, old)
    rolled_back = export()
    pd.testing.assert_series_equal(rolled_back["xg"], latest["xg"])
    assert set(rolled_back["champion_version"]) == {old}
    engine = connect(database, "main")
    with engine.connect() as connection:
        assert broken_promises(connection) == {}
        assert registry.champion_name(connection) == old
    engine.dispose()


def test_a_search_is_stored_used_by_the_next_training_and_due_weekly(database, first, open_run, league):
    context = open_run("search", "archive", league)
    assert "present parameters" in (tune.tune(context, trials=3) or "")
    assert tune.tune(context, trials=3) is None, "due weekly"
    assert train.train(context) is None, "no new parameters, training is not due"
    change(
        database,
        "update tuning_result set is_adopted = true, "
        'parameters = parameters || \'{"max_depth": 3, "n_trees": 25}\'',
    )
    challenger = train.train(context)
    assert challenger is not None, "parameters that a search has brought are tried at once"
    rows = query(database, f"select parameters from model_version where model_version = '{challenger}'")
    assert (rows[0][0]["max_depth"], rows[0][0]["n_trees"]) == (3, 25)


# Of this database: tests in other processes have the same server.
ADVISORY_LOCKS = """select count(*) from pg_locks join pg_database d on d.oid = database
                    where locktype = 'advisory' and datname = current_database()"""


def test_a_matchday_does_not_wait_for_a_search(database, first, open_run, league, monkeypatch):
    """Another step writes, to its end, while the search is under way; another search waits for its turn."""
    context, search, done = open_run("search", "archive", league), tuning.search, []

    def search_beside_another_run(*arguments, **options):
        with ThreadPoolExecutor(1) as pool:
            done.append(pool.submit(build_features.build_features, context).result(timeout=20))
        engine = connect(database, "main")
        with engine.connect() as connection:
            done.append(connection.scalar(text(ADVISORY_LOCKS)))
        engine.dispose()
        return search(*arguments, **options)

    monkeypatch.setattr(tuning, "search", search_beside_another_run)
    assert "present parameters" in (tune.tune(context, trials=1) or "")
    assert done == [context.run_id, 1]
    assert query(database, "select count(*) from tuning_result") == [(1,)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update shot_feature set features_hash = 'another'", "the shots that it learned from have changed"),
        (
            """insert into tuning_result (catalogue, catalogue_version, study_name, parameters, is_adopted, reason,
                                          evidence, run_id, searched_at)
               select catalogue, version, 's', '{"max_depth": 3}', true, 'by hand', '{}', run_id, now()
               from feature_catalogue, run where run_id = 'search'""",
            "the parameters in use have changed",
        ),
    ],
)
def test_what_a_search_found_is_not_stored_when_its_grounds_have_changed(
    statement, words, database, first, open_run, league, monkeypatch
):
    context, search = open_run("search", "archive", league), tuning.search

    def search_while_it_changes(*arguments, **options):
        found = search(*arguments, **options)
        change(database, statement)
        return found

    monkeypatch.setattr(tuning, "search", search_while_it_changes)
    assert words in (tune.tune(context, trials=1) or "")
    assert query(database, "select count(*) from tuning_result where study_name <> 's'") == [(0,)]


def test_a_search_that_was_killed_is_taken_up_again(database, first):
    process = subprocess.Popen(
        [sys.executable, "-m", "xgoals.cli", "tune", "--trials", "40"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    while "trial 1:" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    finished = "select count(*) from optuna.trials where state in ('COMPLETE', 'PRUNED')"
    (before,) = query(database, finished)[0]
    assert before >= 2
    done = xgoals("tune", "--trials", str(before + 1))
    assert done.returncode == 0, done.stderr
    assert query(database, finished) == [(before + 1,)]
    assert query(database, "select count(*) from optuna.studies") == [(1,)]
    assert query(database, "select evidence ->> 'trials' from tuning_result") == [(str(before + 1),)]
