"""The table of figures: right numbers, the same shots for both sides, and silence where too little is known."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from xgoals.model import evaluation_figures, metrics
from xgoals.model.evaluation import evaluate, slice_labels
from xgoals.model.folds import competition_folds


def league(n=3000, *, seed=2, **columns):
    """Shots with a true chance each; the provider sees it through some noise. Penalties, all scored, every 50th."""
    rng = np.random.default_rng(seed)
    chance = 0.01 + 0.9 * rng.beta(0.8, 5, n)
    shots = pd.DataFrame({
        "match_id": (np.arange(n) // 25).astype(str), "competition": "League", "season": "2023/24",
        "team": np.where(np.arange(n) % 2, "Reds", "Blues"), "body_part": "right_foot", "shot_type": "open_play",
        "is_goal": rng.random(n) < chance, "is_penalty": np.arange(n) % 50 == 0, "x_m": 52.5 - 3 - 25 * (1 - chance),
        "y_m": 0.0, "pitch_length_m": 105.0,
        "provider_xg": np.clip(chance * np.exp(rng.normal(0, 0.8, n)), 0.01, 0.95), "chance": chance,
    })  # fmt: skip
    shots.loc[shots["is_penalty"], "is_goal"] = True
    return shots.assign(**columns)


def table(shots, *, split="out_of_fold", **forecasts):
    columns = {"model": shots["chance"], "geometry": np.full(len(shots), 0.1)} | forecasts
    return evaluate(shots, {split: pd.DataFrame(columns, index=shots.index)})


def figure(rows, metric, *, of="model", against="none", slice_="all", value="all", split="out_of_fold"):
    keys = {
        "metric": metric, "forecaster": of, "compared_with": against, "slice": slice_, "slice_value": value,
        "split": split,
    }  # fmt: skip
    (found,) = rows[(rows[list(keys)] == pd.Series(keys)).all(axis=1)].to_dict("records")
    return found


@pytest.fixture(scope="module")
def shots():
    return league()


@pytest.fixture(scope="module")
def figures(shots):
    return table(shots)


def test_figures_are_those_of_scikit_learn_without_penalties(shots, figures):
    judged = shots[~shots["is_penalty"]]
    for forecaster, column in (("model", "chance"), ("provider", "provider_xg")):
        for metric, by_the_book in (
            ("auc", roc_auc_score),
            ("log_loss", log_loss),
            ("brier", brier_score_loss),
        ):
            found = figure(figures, metric, of=forecaster)
            assert found["value"] == pytest.approx(by_the_book(judged["is_goal"], judged[column]))
            assert found["low"] < found["value"] < found["high"]
    found = figure(figures, "xg_per_goal")
    assert found["value"] == pytest.approx(judged["chance"].sum() / judged["is_goal"].sum())
    assert (found["n_shots"], found["n_goals"]) == (len(judged), judged["is_goal"].sum())
    assert found["n_matches"] == judged["match_id"].nunique()


def test_a_sure_difference_is_seen_and_none_where_there_is_none(shots, figures):
    better = figure(figures, "log_loss", against="provider")
    assert better["value"] < 0
    assert better["high"] < 0
    assert figure(figures, "auc", against="provider")["low"] > 0
    twin = table(shots.assign(provider_xg=shots["chance"]))
    for metric in ("log_loss", "auc", "brier"):
        found = figure(twin, metric, against="provider")
        assert (found["value"], found["low"], found["high"]) == (0.0, 0.0, 0.0)


def test_differences_are_on_exactly_the_shots_that_both_predict(shots):
    """The provider rates the easy half only: judged on all, the model would look worse than it is."""
    easy = shots["chance"] > shots["chance"].median()
    partly = table(shots.assign(provider_xg=shots["provider_xg"].where(easy)))
    only = table(shots[easy])
    for metric in ("log_loss", "auc", "brier"):
        found, expected = (figure(rows, metric, against="provider") for rows in (partly, only))
        assert found["value"] == pytest.approx(expected["value"])
        assert found["n_shots"] == expected["n_shots"] < figure(partly, metric)["n_shots"]


def test_a_champion_is_compared_where_there_is_one(shots, figures):
    assert "champion" not in set(figures["forecaster"])
    found = table(shots, champion=shots["chance"] ** 2)
    assert figure(found, "log_loss", against="champion")["high"] < 0
    assert figure(found, "auc", against="champion")["value"] == 0.0


def test_slices_hold_their_own_shots(shots):
    head = np.arange(len(shots)) % 3 == 0
    found = table(
        shots.assign(body_part=np.where(head, "head", "right_foot"), season=np.where(head, "1", "2"))
    )
    judged = shots[head & ~shots["is_penalty"]]
    row = figure(found, "auc", slice_="body_part", value="head")
    assert row["value"] == pytest.approx(roc_auc_score(judged["is_goal"], judged["chance"]))
    assert row["n_shots"] == len(judged)
    assert figure(found, "auc", slice_="season", value="League 1")["n_shots"] == len(judged)
    assert set(found["slice"]) == {
        "all", "distance", "body_part", "shot_type", "competition", "season", "club", "quantile", "penalties",
    }  # fmt: skip


def test_distance_bands(shots):
    some = shots.iloc[:5].assign(x_m=[52.5 - 5.9, 52.5 - 6, 52.5 - 29, 10.0, np.nan])
    assert slice_labels(some)["distance"].tolist() == [
        "00-06 m", "06-11 m", "22-30 m", "30 m and more", "place unknown",
    ]  # fmt: skip


def test_a_slice_with_too_few_goals_says_so():
    shots = league(400, season=np.where(np.arange(400) < 60, "small", "large"))
    shots.loc[shots["season"] == "small", "is_goal"] = False
    shots.loc[1:3, "is_goal"] = True
    found = table(shots)
    row = figure(found, "auc", slice_="season", value="League small")
    assert np.isnan(row["value"])
    assert row["note"] == "3 goals in 58 shots: too few"
    assert figure(found, "auc", slice_="season", value="League large")["value"] > 0.5
    assert figure(found, "ece", slice_="season", value="League large")["note"] == (
        "334 shots: too few for 20 quantiles"
    )


@pytest.mark.parametrize("goals", [False, True])
def test_without_goals_or_without_misses_there_are_notes_and_no_figures(goals):
    found = table(league(300, is_goal=goals))
    own = found[found["metric"].isin(["auc", "log_loss", "brier", "ece", "xg_per_goal", "slope"])]
    assert own["value"].isna().all()
    assert own["note"].str.contains("too few").all()


def test_one_match_says_that_nothing_is_known_about_its_sureness():
    found = table(league(500, match_id="only"))
    assert figure(found, "auc")["note"] == "one match only: how sure a figure is cannot be said"


def test_a_competition_without_provider_xg_says_so():
    shots = league(1000, competition=np.where(np.arange(1000) < 500, "Cup", "League"))
    shots.loc[shots["competition"] == "Cup", "provider_xg"] = np.nan
    found = table(shots)
    for keys in ({"of": "provider"}, {"against": "provider"}):
        cup, other = (
            figure(found, "auc", slice_="competition", value=name, **keys) for name in ("Cup", "League")
        )
        assert cup["note"] == evaluation_figures.NO_PROVIDER
        assert np.isnan(cup["value"])
        assert np.isfinite(other["value"])
    nowhere = table(shots.assign(provider_xg=np.nan))
    assert figure(nowhere, "auc", of="provider")["note"] == evaluation_figures.NO_PROVIDER


def test_a_perfect_model_is_off_by_chance_only_and_a_wrong_one_by_more(shots, figures):
    by_chance = figure(figures, "ece_by_chance")["value"]
    assert figure(figures, "ece")["value"] < 1.6 * by_chance
    wrong = table(shots, model=shots["chance"] * 0.6)
    assert figure(wrong, "ece")["value"] > 2 * by_chance
    assert figure(wrong, "xg_per_goal")["high"] < 0.8
    assert figure(wrong, "intercept")["low"] > 0
    low, high = (figure(figures, "intercept")[end] for end in ("low", "high"))
    assert low < 0 < high


def test_the_error_by_chance_is_what_calibrated_models_show():
    rng = np.random.default_rng(2)
    xg = np.clip(rng.beta(0.8, 6, 4000), 0.01, 0.95)
    seen = [metrics.expected_calibration_error(rng.random(len(xg)) < xg, xg) for _ in range(40)]
    assert metrics.ece_by_chance(xg) == pytest.approx(np.mean(seen), rel=0.06)


def test_quantiles_hold_all_shots_once(figures):
    rows = figures[(figures["slice"] == "quantile") & (figures["metric"] == "scored")]
    own = rows[rows["forecaster"] == "model"]
    assert own["slice_value"].tolist() == [f"{n:02d}" for n in range(1, 21)]
    assert own["n_shots"].sum() == figure(figures, "auc")["n_shots"]
    assert (own["low"] <= own["value"]).all()
    expected = figures[(figures["slice"] == "quantile") & (figures["metric"] == "expected")]
    assert expected.loc[expected["forecaster"] == "model", "value"].is_monotonic_increasing


def test_other_splits_have_the_slices_that_they_can_bear(shots):
    assert set(table(shots, split="held_out")["slice"]) == {"all"}
    assert set(table(shots, split="unseen_competition")["slice"]) == {"all", "competition"}


def test_the_same_input_gives_the_same_table(shots, figures):
    pd.testing.assert_frame_equal(table(shots), figures)


def test_no_figure_stands_twice(figures):
    key = ["split", "slice", "slice_value", "forecaster", "compared_with", "metric"]
    assert not figures.duplicated(key).any()


def test_competitions_are_left_out_in_turn_where_there_are_two_large_ones():
    shots = league(3000, competition=np.where(np.arange(3000) < 1500, "Cup", "League"))
    folds = competition_folds(shots)
    assert [len(these) for _, these in folds] == [1500, 1500]
    for others, these in folds:
        assert not set(shots["competition"].iloc[others]) & set(shots["competition"].iloc[these])
    assert competition_folds(shots.assign(competition="League")) == []
    assert competition_folds(shots.assign(is_goal=False)) == []
    small = shots.assign(competition=np.where(np.arange(3000) < 100, "Cup", "League"))
    assert competition_folds(small) == []


def test_dead_balls_from_a_sharp_angle_stand_apart_and_the_lead_is_told_with_and_without_them(shots):
    """Every tenth shot is a free kick from beside the goal that always goes in, and only the model knows it."""
    is_kick = (np.arange(len(shots)) % 10 == 3) & ~shots["is_penalty"]
    kicks = shots.assign(
        shot_type=np.where(is_kick, "free_kick", "open_play"),
        x_m=shots["x_m"].where(~is_kick, 45.0),
        y_m=np.where(is_kick, 30.0, 0.0),
        is_goal=shots["is_goal"] | is_kick,
        chance=shots["chance"].where(~is_kick, 0.9),
        provider_xg=shots["provider_xg"].where(~is_kick, 0.01),
    )
    found, plain = table(kicks), table(shots[~is_kick])
    for metric in ("auc", "log_loss", "brier", "xg_per_goal"):
        assert figure(found, metric)["value"] == pytest.approx(figure(plain, metric)["value"])
    apart = figure(found, "surplus_per_100", slice_="sharp_dead_balls")
    assert (apart["n_shots"], apart["value"]) == (is_kick.sum(), pytest.approx(10.0))
    lead = figure(found, "log_loss", against="provider")["value"]
    with_kicks = figure(found, "log_loss", against="provider", slice_="with_sharp_dead_balls")
    assert with_kicks["value"] < 2 * lead < 0
    assert with_kicks["n_shots"] == (~shots["is_penalty"]).sum()


def test_shots_without_positions_have_a_row_of_their_own_unless_all_are_such(shots):
    nobody, no_keeper = np.arange(len(shots)) % 3 == 1, np.arange(len(shots)) % 97 == 2
    people = {
        "GoalDistanceGoalkeeper": np.where(nobody | no_keeper, np.nan, 1.0),
        "PressureSum": np.where(nobody, np.nan, 0.5),
    }
    found = table(shots.assign(**people))
    of_judged = ~shots["is_penalty"]
    row = figure(found, "surplus_per_100", slice_="no_positions")
    some = shots[nobody & of_judged]
    assert row["n_shots"] == len(some)
    assert row["value"] == pytest.approx(100 * (some["is_goal"] - some["chance"]).mean())
    apart = figure(found, "surplus_per_100", slice_="no_keeper")
    assert apart["n_shots"] == (no_keeper & ~nobody & of_judged).sum(), (
        "a frame without a keeper is something else"
    )
    assert figure(found, "auc")["n_shots"] == of_judged.sum(), "in `all` each counts as one shot"
    of_none = table(shots.assign(GoalDistanceGoalkeeper=np.nan, PressureSum=np.nan))
    assert not set(of_none["slice"]) & {"no_positions", "no_keeper"}, "it would say what `all` says"


def test_penalties_and_shots_without_a_keeper_have_rows_of_their_own(shots):
    nobody = np.arange(len(shots)) % 97 == 1
    found = table(shots.assign(GoalDistanceGoalkeeper=np.where(nobody, np.nan, 1.0)))
    penalties = figure(found, "surplus_per_100", slice_="penalties")
    assert (penalties["n_shots"], penalties["n_goals"]) == (60, 60)
    assert penalties["low"] > 0, "all went in"
    assert figure(found, "surplus_p", slice_="penalties")["value"] < 1e-6
    some = shots[nobody & ~shots["is_penalty"]]
    row = figure(found, "surplus_per_100", slice_="no_keeper")
    assert row["value"] == pytest.approx(100 * (some["is_goal"] - some["chance"]).mean())
    assert row["n_shots"] == len(some)
