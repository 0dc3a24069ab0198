"""Training: honest, repeatable, corrected only on evidence, and clear about what it cannot learn from."""

import numpy as np
import pandas as pd
import pytest
import xgboost
from window_by_hand import league

from xgoals.domain.errors import ModelError
from xgoals.features.catalogue import BEST_17
from xgoals.model import fitting, training

FEW = {**training.PARAMETERS, "eta": 0.2, "n_trees": 15, "n_seeds": 2}


def train(frame, **parameters):
    return training.train(frame, BEST_17, seed=3, held_out_share=0.2, parameters=FEW | parameters)


@pytest.fixture(scope="module")
def frame():
    return league()


@pytest.fixture(scope="module")
def trained(frame):
    return train(frame)


def test_the_same_shots_and_seed_make_the_same_model(frame, trained):
    again = train(frame)
    assert again.booster == trained.booster
    assert again.sisters == trained.sisters
    pd.testing.assert_frame_equal(again.predictions, trained.predictions)
    assert train(frame, n_trees=14).booster != trained.booster


def test_the_order_in_which_shots_come_changes_nothing_to_the_last_bit(frame, trained):
    shuffled = train(frame.sample(frac=1, random_state=1))
    assert (shuffled.booster, shuffled.sisters) == (trained.booster, trained.sisters)
    assert shuffled.metrics == trained.metrics
    pd.testing.assert_frame_equal(shuffled.predictions.loc[frame.index], trained.predictions)


def test_who_grows_the_trees_grows_all_of_them_and_need_not_know_why(frame, trained):
    asked = []

    def grow(taught, parameters, n_trees):
        asked.append((len(parameters), n_trees, len({own["seed"] for own in parameters})))
        return fitting.in_this_process(taught, parameters, n_trees)

    again = training.train(frame, BEST_17, seed=3, held_out_share=0.2, parameters=FEW, grow=grow)
    assert asked == [(2, 15, 2)] * 7  # the champion, five sisters, and the model of the earlier matches
    assert (again.booster, again.sisters, again.metrics) == (
        trained.booster,
        trained.sisters,
        trained.metrics,
    )


def test_the_stored_sister_of_a_match_says_its_number_and_has_not_seen_it(frame, trained):
    """Turn one match's outcomes round: its own sister stays the same to the byte, the other sisters do not."""
    names = list(BEST_17.names)
    for sister in trained.sisters:
        rows = trained.predictions["sister"] == sister.sister
        booster = xgboost.Booster(model_file=bytearray(sister.booster))
        said = booster.predict(xgboost.DMatrix(frame.loc[rows, names]))
        np.testing.assert_array_equal(said, trained.predictions.loc[rows, "xg"])
    match = frame["match_id"] == "29"
    (own,) = set(trained.predictions.loc[match, "sister"])
    turned = train(frame.assign(is_goal=frame["is_goal"] ^ match))
    same = [a.booster == b.booster for a, b in zip(trained.sisters, turned.sisters, strict=True)]
    assert same == [sister.sister == own for sister in trained.sisters]
    assert turned.booster != trained.booster


def test_a_match_that_two_feeds_tell_of_is_one_match(frame):
    told = frame["match_id"].isin(["28", "29"])
    names = frame["match_id"].map(lambda n: f"Team {n}").rename("home_team")
    named = frame.assign(home_team=names, away_team=names + " Reserves")
    twins = named[told].assign(provider="other", match_id="x" + named["match_id"], home_team=names + " FC")
    both = pd.concat([named, twins.set_index(twins.index + len(frame))])
    trained = train(both)
    sister = trained.predictions["sister"]
    for match in ("28", "29"):
        assert sister[both["match_id"] == match].iloc[0] == sister[both["match_id"] == f"x{match}"].iloc[0]
    held_out = trained.predictions["is_held_out"].groupby(both["match_id"]).first()
    assert held_out["x29"] == held_out["29"]
    assert held_out["29"]


def test_stored_parameters_are_taken_as_they_are(trained):
    assert trained.parameters["n_trees"] == 15
    assert xgboost.Booster(model_file=bytearray(trained.booster)).num_boosted_rounds() == 2 * 15


def test_no_prediction_has_seen_its_match(frame, trained):
    """Turn one match's outcomes round: its own honest predictions must not move."""
    match = frame["match_id"] == "29"
    turned = train(frame.assign(is_goal=frame["is_goal"] ^ match))
    for split, table in trained.forecasts.items():
        moved = (table["model"] - turned.forecasts[split]["model"]).abs()
        assert (moved[match[table.index]] == 0).all()
        if split == "out_of_fold":
            assert (moved[~match] > 0).mean() > 0.5


def test_the_metrics_are_those_of_the_forecasts(frame, trained):
    held_out = trained.forecasts["held_out"]
    assert set(frame.loc[held_out.index, "match_id"]) == {str(n) for n in range(24, 30)}
    chance, goal = held_out["model"], frame.loc[held_out.index, "is_goal"]
    assert trained.metrics["held_out"]["model"]["brier"] == pytest.approx(((chance - goal) ** 2).mean())
    assert trained.metrics["held_out"]["provider"] is None
    stored = trained.predictions
    pd.testing.assert_series_equal(stored["xg_held_out"].dropna(), chance, check_names=False)
    assert set(stored.index[stored["is_held_out"]]) == set(chance.index)
    pd.testing.assert_series_equal(stored["xg"], trained.forecasts["out_of_fold"]["model"], check_names=False)


def test_a_good_model_is_left_alone_and_a_timid_one_is_not(trained):
    assert trained.metrics["calibration"]["correction"] is None
    timid = train(league(60), eta=0.03).metrics["calibration"]
    assert timid["correction"]["slope"] > 1.5


def test_a_model_that_is_surely_off_is_corrected_inside_its_trees():
    """Goals count five times: every chance comes out too high, until the correction."""
    frame = league(60)
    plain, heavy = train(frame), train(frame, scale_pos_weight=5)
    correction = heavy.metrics["calibration"]["correction"]
    assert correction["shift"] < -0.5
    assert heavy.metrics["calibration"]["xg_per_goal"] > 1.5, "as it was before"
    for split in ("held_out", "out_of_fold"):
        judged = heavy.metrics[split]["model"]
        assert judged["sum_xg"] / judged["goals"] == pytest.approx(
            plain.metrics[split]["model"]["sum_xg"] / judged["goals"], abs=0.1
        )
    for sister in heavy.sisters:  # each has a correction of her own inside
        rows = heavy.predictions["sister"] == sister.sister
        said = xgboost.Booster(model_file=bytearray(sister.booster)).predict(
            xgboost.DMatrix(frame.loc[rows, list(BEST_17.names)])
        )
        np.testing.assert_array_equal(said, heavy.predictions.loc[rows, "xg"])
    published = xgboost.Booster(model_file=bytearray(heavy.booster))
    xg = published.predict(xgboost.DMatrix(frame[list(BEST_17.names)]))
    assert xg.sum() / frame["is_goal"].sum() == pytest.approx(1, abs=0.1)
    rows = np.array(heavy.golden["rows"], dtype=np.float64)
    np.testing.assert_allclose(
        published.predict(xgboost.DMatrix(rows, feature_names=list(BEST_17.names))),
        heavy.golden["predictions"], atol=1e-7,
    )  # fmt: skip


def test_a_window_without_goals_is_refused(frame):
    with pytest.raises(ModelError, match="no goals, or nothing but goals, in the held out matches"):
        train(frame.assign(is_goal=False))


@pytest.mark.parametrize("n_matches", [1, 2])
def test_too_few_matches_to_split_are_refused(n_matches):
    with pytest.raises(ModelError, match="one match only"):
        training.train(league(n_matches), BEST_17, seed=3, held_out_share=0.2)


def test_a_handful_of_matches_is_split_as_far_as_it_goes():
    assert len(train(league(3, shots_per_match=80)).forecasts["out_of_fold"]) == 240
