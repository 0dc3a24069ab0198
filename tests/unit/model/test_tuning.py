"""The search: interrupted or not it goes the same way, the guard holds, and luck alone changes nothing."""

import numpy as np
import optuna
import pandas as pd
import pytest
import xgboost
from sklearn.metrics import roc_auc_score

from xgoals.domain.errors import ModelError
from xgoals.model.fitting import N_SEEDS, fit
from xgoals.model.search import confirmation, tuning
from xgoals.model.signs import monotone_constraints
from xgoals.model.training import PARAMETERS

optuna.logging.set_verbosity(optuna.logging.WARNING)
SEED = 5


@pytest.fixture
def shots(monkeypatch):
    monkeypatch.setattr(tuning, "MAX_TREES", 40)
    monkeypatch.setattr(tuning, "STARTUP_TRIALS", 3)
    rng = np.random.default_rng(3)
    X = pd.DataFrame(rng.normal(size=(1600, 3)), columns=["AngleToGoal", "DistanceToGoal", "FreeKick"])
    goals = rng.random(1600) < 1 / (1 + np.exp(2 - X["AngleToGoal"] + 0.5 * X["DistanceToGoal"]))
    return tuning.SearchData(X, goals.to_numpy(), pd.Series(np.arange(1600) // 20), rng.random(1600) < 0.98)


@pytest.fixture
def study():
    def new(storage=None):
        return optuna.create_study(storage=storage, direction="maximize", study_name="s", load_if_exists=True)

    return new


def trials_of(study):
    return [
        (trial.params, trial.value, trial.user_attrs.get("n_trees"))
        for trial in study.trials
        if trial.state in tuning.FINISHED
    ]


@pytest.mark.parametrize(
    "moment", ["after a trial", "in a trial", "in the first trial", "before the first trial"]
)
def test_a_killed_search_goes_on_as_if_it_had_not_been(shots, study, monkeypatch, moment):
    whole = study()
    expected = tuning.search(whole, shots, PARAMETERS, seed=SEED, trials=7)

    class KilledError(Exception):
        pass

    def kill_in_the_fifth(sentence):
        if moment == "after a trial" and sentence.startswith("trial 4"):
            raise KilledError

    def kill_at(n, function):
        calls = []

        def counted(*arguments, **options):
            calls.append(arguments)
            if len(calls) == n:
                raise KilledError
            return function(*arguments, **options)

        return counted

    storage = optuna.storages.InMemoryStorage()
    with monkeypatch.context() as patch:
        if moment == "before the first trial":
            patch.setattr(tuning, "_one_trial", kill_at(1, tuning._one_trial))
        elif moment != "after a trial":
            nth = 1 if "first" in moment else 3
            patch.setattr(tuning, "_suggest", kill_at(nth, tuning._suggest))
        with pytest.raises(KilledError):
            tuning.search(study(storage), shots, PARAMETERS, seed=SEED, trials=7, tell=kill_in_the_fifth)
    resumed = tuning.search(study(storage), shots, PARAMETERS, seed=SEED, trials=7)
    assert trials_of(study(storage)) == trials_of(whole)
    assert resumed.parameters == expected.parameters
    assert resumed.evidence == expected.evidence, "the trials that were given up change no number"


def test_a_trial_that_was_under_way_is_given_up_and_the_present_parameters_are_tried_again(shots, study):
    interrupted = study()
    interrupted.enqueue_trial(
        tuning._as_suggestion(PARAMETERS, list(shots.X.columns)), user_attrs={"present": True}
    )
    tuning._suggest(interrupted.ask())  # killed in the very first trial
    tuning.search(interrupted, shots, PARAMETERS, seed=SEED, trials=2)
    states = [trial.state.name for trial in interrupted.trials]
    assert states == ["FAIL", "COMPLETE", "COMPLETE"]
    assert interrupted.trials[1].params["eta"] == PARAMETERS["eta"]
    assert "present" in interrupted.trials[1].user_attrs


def test_time_up_ends_the_search_after_the_trial_under_way(shots, study):
    found = tuning.search(study(), shots, PARAMETERS, seed=SEED, trials=50, out_of_time=lambda: True)
    assert found.evidence["trials"] == 1
    assert (found.is_adopted, found.reason) == (
        False,
        "Nothing better than the present parameters in 1 trials.",
    )


def finished(study, *rows):
    for number, (auc, loss) in enumerate(rows):
        attributes = {"auc": auc, "log_loss": loss, "n_trees": 9} | ({} if number else {"present": True})
        study.add_trial(optuna.trial.create_trial(value=auc, user_attrs=attributes))
    return study


def test_a_better_auc_with_worse_probabilities_cannot_win(study):
    beyond, within = tuning.LOG_LOSS_GUARD * 1.1, tuning.LOG_LOSS_GUARD * 0.9
    found = finished(study(), (0.80, 0.25), (0.83, 0.25 + beyond), (0.82, 0.25 + within), (0.81, 0.24))
    assert tuning._winner(found).number == 2


@pytest.mark.parametrize(
    ("low", "loss", "is_adopted", "words"),
    [
        (0.0001, 0.2502, True, "Better than the present parameters"),
        (0.0, 0.2500, False, "Not better than the present parameters beyond chance"),
        (0.0001, 0.2504, False, "Better ranking, but worse probabilities"),
    ],
)
def test_the_rule_of_adoption(low, loss, is_adopted, words):
    confirmed = {
        "winner": {"auc": 0.82, "log_loss": loss},
        "present": {"auc": 0.81, "log_loss": 0.25},
        "auc_gain": 0.01,
        "auc_gain_low": low,
    }
    verdict, reason = confirmation.verdict(confirmed)
    assert (verdict, reason.startswith(words)) == (is_adopted, True)


def test_parameters_that_stop_a_model_from_learning_are_replaced(shots, study):
    hopeless = {
        **PARAMETERS,
        "max_depth": 3,
        "min_child_weight": 40,
        "eta": 0.03,
        "n_trees": 1,
    }
    found = tuning.search(study(), shots, hopeless, seed=SEED, trials=6)
    assert found.is_adopted, found.reason
    assert found.evidence["confirmed"]["auc_gain_low"] > 0
    assert found.parameters["n_trees"] > 1


def test_present_parameters_are_judged_as_they_are(shots, study):
    """The first trial is the present parameters, penalties not counted: the same as training by hand."""
    searched = study()
    tuning.search(searched, shots, PARAMETERS, seed=SEED, trials=1)
    n_trees = searched.trials[0].user_attrs["n_trees"]
    aucs = []
    shots, _ = shots.reserve(0)
    for learn, judge in shots.split(tuning.N_FOLDS, SEED):
        data = xgboost.QuantileDMatrix(shots.X.iloc[learn], shots.is_goal[learn])
        signs = monotone_constraints(shots.X.columns)
        booster = xgboost.train({**PARAMETERS, "monotone_constraints": signs, "seed": SEED}, data, n_trees)
        predicted = booster.predict(xgboost.DMatrix(shots.X.iloc[judge]))
        aucs.append(roc_auc_score(shots.is_goal[judge], predicted))
    assert searched.trials[0].value == pytest.approx(np.mean(aucs), abs=1e-6)


def test_a_fifth_of_the_matches_is_reserved_in_turn_and_no_search_learns_anything_of_it(shots, study):
    seen = []
    for number in range(confirmation.N_PARTS):
        searched, reserved = shots.reserve(number)
        assert not set(searched.match_ids) & set(reserved.match_ids)
        assert len(searched.X) + len(reserved.X) == len(shots.X)
        seen += list(reserved.match_ids.unique())
    assert sorted(seen) == list(range(80)), "every match once in five searches"
    _, reserved = shots.reserve(3)
    turned = tuning.SearchData(
        shots.X,
        shots.is_goal ^ shots.match_ids.isin(reserved.match_ids).to_numpy(),
        shots.match_ids,
        shots.is_judged,
    )
    one, other = (
        tuning.search(study(), data, PARAMETERS, seed=SEED, trials=4, number=3) for data in (shots, turned)
    )
    assert one.parameters == other.parameters
    assert one.evidence["search"] == other.evidence["search"]


def test_whole_matches_are_split_and_penalties_are_learned_from_but_not_judged(shots):
    for learn, judge in shots.split(4, 1):
        assert not set(shots.match_ids[learn]) & set(shots.match_ids[judge])
        assert shots.is_judged[judge].all()
        assert not shots.is_judged[learn].all()
    judged = np.concatenate([judge for _, judge in shots.split(4, 1)])
    assert sorted(judged) == list(np.flatnonzero(shots.is_judged))


def test_signs_that_physics_is_sure_of_hold_in_the_trees(shots):
    features = list(shots.X.columns)
    suggested = tuning._as_suggestion(PARAMETERS, features)
    assert not suggested["monotone"]
    assert tuning._as_parameters(suggested, features)["monotone_constraints"] == "(0,0,0)"
    params = tuning._as_parameters(suggested | {"monotone": True}, features)
    assert params["monotone_constraints"] == "(1,-1,0)"
    assert tuning._as_suggestion(params, features)["monotone"], "as what it is the search goes on from it"
    booster = xgboost.train(params, xgboost.DMatrix(shots.X, shots.is_goal), 60)
    line = pd.DataFrame(0.0, index=range(200), columns=shots.X.columns)
    line["DistanceToGoal"] = np.linspace(-3, 3, 200)
    predicted = booster.predict(xgboost.DMatrix(line))
    assert (np.diff(predicted) <= 0).all()
    assert predicted[0] > predicted[-1]


def test_winner_and_present_parameters_are_confirmed_as_training_would_fit_them(shots):
    """The average of several seeds, on matches that no search has seen; the bound of the gain lies below the gain."""
    winner, present = {**PARAMETERS, "n_trees": 30}, {**PARAMETERS, "n_trees": 2}
    searched, reserved = shots.reserve(1)
    confirmed = confirmation.confirm(searched, reserved, winner=winner, present=present)
    booster = fit(
        searched.X, searched.is_goal,
        {**PARAMETERS, "seed": confirmation.CONFIRMING_SEED, "n_seeds": N_SEEDS}, 30,
    )  # fmt: skip
    xg = booster.predict(xgboost.DMatrix(reserved.X[reserved.is_judged]))
    of_winner = roc_auc_score(reserved.is_goal[reserved.is_judged], xg)
    assert confirmed["winner"]["auc"] == pytest.approx(of_winner, abs=1e-4)
    assert confirmed["auc_gain"] == confirmed["winner"]["auc"] - confirmed["present"]["auc"]
    assert confirmed["auc_gain_low"] < confirmed["auc_gain"]
    assert confirmed["n_matches"] == reserved.match_ids.nunique()
    swapped = confirmation.confirm(searched, reserved, winner=present, present=winner)
    assert swapped["auc_gain_low"] < swapped["auc_gain"] == -confirmed["auc_gain"]


def test_without_goals_in_the_reserved_matches_nothing_is_confirmed(shots):
    searched, reserved = shots.reserve(1)
    none = tuning.SearchData(reserved.X, reserved.is_goal & False, reserved.match_ids, reserved.is_judged)
    with pytest.raises(ModelError, match="0 goals in"):
        confirmation.confirm(searched, none, winner={**PARAMETERS, "n_trees": 3}, present=PARAMETERS)


def test_where_a_part_of_the_matches_has_no_goal_it_is_said_that_there_is_too_little(shots, study):
    of_one_match = shots.is_goal & (shots.match_ids.to_numpy() == 0)
    few = tuning.SearchData(shots.X, of_one_match, shots.match_ids, shots.is_judged)
    with pytest.raises(ModelError, match="too little to search on"):
        tuning.search(study(), few, PARAMETERS, seed=SEED, trials=2, number=1)


def test_a_gain_whose_bound_is_unknown_is_no_gain():
    figures = {"auc": 0.8, "log_loss": 0.25}
    confirmed = {"winner": figures, "present": figures, "auc_gain": 0.1, "auc_gain_low": float("nan")}
    assert not confirmation.verdict(confirmed)[0]
