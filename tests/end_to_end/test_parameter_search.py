"""The search for parameters: stored, used, beside a matchday, on changed grounds, and taken up after a kill."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from champions import change, query, xgoals
from sqlalchemy import text

from xgoals.model.search import tuning
from xgoals.steps import build_features, train
from xgoals.steps.upkeep import tune
from xgoals.store.database import connect

ADVISORY_LOCKS = """select count(*) from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())"""


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
