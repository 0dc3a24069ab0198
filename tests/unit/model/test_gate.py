"""The gate on invented predictions: every check on both sides of its bound, and the verdict in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xgoals.model import gate, losses
from xgoals.model.evidence import Evidence
from xgoals.model.guards import data_guards, relied_on
from xgoals.model.promotion import decide, decide_first, statistical_gate

MARGIN = 0.002
N_MATCHES, SHOTS_A_MATCH = 600, 24


@pytest.fixture
def truth():
    """The log odds of 14,400 shots, drawn so that they are calibrated by construction."""
    return np.random.default_rng(1).normal(-2.6, 1.2, N_MATCHES * SHOTS_A_MATCH)


@pytest.fixture
def judged(truth):
    """A champion that knows the truth but for some noise of its own; its sisters were nearly the same."""
    rng = np.random.default_rng(2)
    match = np.repeat(np.arange(N_MATCHES), SHOTS_A_MATCH)
    is_goal = rng.random(len(truth)) < expit(truth)
    champion = pd.Series(expit(truth + rng.normal(0, 0.1, len(truth))))
    challenger = pd.Series(expit(truth + rng.normal(0, 0.1, len(truth))))
    return Evidence(
        match_id=pd.Series(match.astype(str)),
        match_date=pd.Series(pd.Timestamp("2024-01-01"), index=champion.index),
        is_goal=pd.Series(is_goal),
        is_judged=pd.Series(True, index=champion.index),
        is_held_out=pd.Series(match >= 0.8 * N_MATCHES),
        challenger=challenger,
        challenger_fitted=challenger,
        champion=champion,
        champion_fitted=champion,
        anchor=champion,
    )


def with_challenger(evidence, log_odds, published=None):
    xg = pd.Series(expit(log_odds), index=evidence.is_goal.index)
    fitted = xg if published is None else pd.Series(expit(published), index=xg.index)
    return replace(evidence, challenger=xg, challenger_fitted=fitted)


def with_champion(evidence, log_odds):
    xg = pd.Series(expit(log_odds), index=evidence.is_goal.index)
    return replace(evidence, champion=xg, champion_fitted=xg)


def loss_against_champion(evidence):
    return gate.paired_loss(evidence.is_goal, evidence.match_id, evidence.challenger, evidence.champion)


def expit(x):
    return 1 / (1 + np.exp(-x))


def failed(evidence):
    return {check.name for check in statistical_gate(evidence, margin_log_loss=MARGIN)[0] if not check.passed}


def test_a_challenger_as_good_as_the_champion_is_promoted(judged):
    decision = decide("new", "old", judged, margin_log_loss=MARGIN)
    assert (decision.verdict, decision.champion_after) == ("promoted", "new")
    assert decision.reason.startswith("Not worse than the champion, calibrated, plausible: log loss ")
    assert all(check["passed"] for check in decision.evidence["checks"])


def test_where_a_person_has_the_last_word_the_champion_stays(judged):
    decision = decide("new", "old", judged, margin_log_loss=MARGIN, needs_approval=True)
    assert (decision.verdict, decision.champion_after) == ("awaiting_approval", "old")
    assert "xgoals models promote new" in decision.reason
    worse = with_challenger(judged, np.full(len(judged), -2.2))
    assert decide("new", "old", worse, margin_log_loss=MARGIN, needs_approval=True).verdict == "kept"


def test_worse_by_more_than_the_margin_is_refused_and_the_reason_says_by_how_much(judged, truth):
    noise = np.random.default_rng(3).normal(0, 0.45, len(truth))
    worse = with_challenger(judged, 0.85 * (truth + 2.6) - 2.6 + noise)
    decision = decide("new", "old", worse, margin_log_loss=MARGIN)
    assert (decision.verdict, decision.champion_after) == ("kept", "old")
    loss = decision.evidence["challenger"]["log_loss"] - decision.evidence["champion"]["log_loss"]
    assert loss > MARGIN
    assert f"worse than the champion: log loss {loss:+.4f}" in decision.reason.lower()


def test_with_few_matches_a_loss_that_may_be_chance_refuses_nobody(judged, truth):
    rng = np.random.default_rng(5)
    few = judged.among(judged.match_id.isin(judged.match_id.unique()[:12]))
    losses = [
        loss_against_champion(with_challenger(few, truth[: len(few)] + rng.normal(0, 0.3, len(few))))
        for _ in range(20)
    ]
    above = [loss for loss in losses if loss.mean > MARGIN]
    assert above, "the example must have some beyond the margin"
    assert not any(loss.is_worse_than(MARGIN) for loss in above if loss.low <= 0)


def test_the_bounds_of_a_loss_hold_what_they_promise(judged, truth):
    """One-sided 99 %: of 200 leagues with the same two models hardly any has its true loss above the high bound."""
    rng = np.random.default_rng(6)
    one, other = truth[:2400] + rng.normal(0, 0.3, 2400), truth[:2400] + rng.normal(0, 0.1, 2400)
    p = expit(truth[:2400])
    frame = pd.DataFrame(
        {"match_id": np.arange(2400) // 24, "challenger": expit(one), "champion": expit(other)}
    )
    expected = {
        name: -(p * np.log(frame[name]) + (1 - p) * np.log1p(-frame[name])).mean()
        for name in ("challenger", "champion")
    }
    true = expected["challenger"] - expected["champion"]
    losses = [
        gate.paired_loss(
            pd.Series(rng.random(2400) < p), frame["match_id"], frame["challenger"], frame["champion"]
        )
        for _ in range(60)
    ]
    assert sum(loss.high < true for loss in losses) <= 3
    assert sum(loss.low > true for loss in losses) <= 3
    assert sum(loss.low < true < loss.high for loss in losses) >= 54


@pytest.mark.parametrize("shift", [-0.25, 0.25])
def test_shifted_calibration_is_refused_though_the_ranking_is_the_same(judged, shift):
    shifted = with_challenger(judged, losses.log_odds(judged.champion) + shift)
    assert "calibrated" in failed(shifted)
    assert "calibrated" not in failed(with_challenger(judged, losses.log_odds(judged.champion) + shift / 8))


def test_a_champion_that_is_off_itself_does_not_keep_out_one_that_is_no_worse(judged, truth):
    off = replace(with_champion(judged, truth + 0.25), anchor=pd.Series(expit(truth + 0.25)))
    assert "calibrated" not in failed(with_challenger(off, truth + 0.25))
    assert "calibrated" in failed(with_challenger(off, truth + 0.35))


def test_small_steps_away_from_calibration_do_not_add_up(judged, truth):
    """Each challenger is a tenth further off than the champion before it: the anchor, which stays, ends that."""
    rng, shift, steps = np.random.default_rng(7), 0.09, 0
    champion = judged
    while steps < 12:
        noise = rng.normal(0, 0.01, len(truth))
        challenger = with_challenger(with_champion(champion, truth + shift), truth + 1.1 * shift + noise)
        if not gate.calibrated(challenger).passed:
            break
        shift, steps = 1.1 * shift, steps + 1
    assert shift < 0.15, "with the champion's own gain as the measure it would have gone on for good"


def test_what_recalibrating_gains_is_the_gain_of_the_best_intercept_and_slope(judged, truth):
    y = judged.is_goal.to_numpy()
    off = with_challenger(judged, 0.4 + 1.3 * truth)
    check = gate.calibrated(off)
    grid = [
        losses.log_losses(y, expit((0.4 + 1.3 * truth - a) / b)).mean()
        for a in np.linspace(0.2, 0.6, 21)
        for b in np.linspace(1.1, 1.5, 21)
    ]
    assert check.value == pytest.approx(losses.log_losses(y, off.challenger).mean() - min(grid), abs=5e-5)


def test_a_leak_is_too_good_to_be_true(judged, truth):
    leaked = with_challenger(judged, truth + 2.0 * judged.is_goal - 0.2)
    assert {"plausible_gain"} <= failed(leaked)
    assert "too good to be true" in decide("new", "old", leaked, margin_log_loss=MARGIN).reason.lower()


def test_on_few_matches_a_lucky_gain_is_no_leak_and_a_leak_still_is(judged, truth):
    few = judged.among(judged.match_id.isin(judged.match_id.unique()[:60]))
    rng = np.random.default_rng(9)
    own = truth[: len(few)]
    tries = [with_challenger(few, own + rng.normal(0, 0.4, len(few))) for _ in range(12)]
    lucky = with_champion(few, own + rng.normal(0, 0.9, len(few)))
    checks = [gate.plausible_gain(replace(lucky, challenger=one.challenger)) for one in tries]
    assert any(check.value > gate.MAX_AUC_GAIN for check in checks), (
        "the example must have some beyond the bound"
    )
    assert all(check.passed for check in checks if check.value < 0.03)
    assert not gate.plausible_gain(with_challenger(few, own + 2.0 * few.is_goal)).passed


def test_a_leak_in_a_few_goals_moves_those_far(judged, truth):
    marked = judged.is_goal & (np.random.default_rng(4).random(len(judged)) < 0.04)
    assert failed(with_challenger(judged, np.where(marked, 4.0, truth))) == {"few_sharp_disagreements"}


def test_from_many_more_matches_a_leap_is_expected_but_not_beyond_what_geometry_allows(judged, truth):
    blurred = truth + np.random.default_rng(12).normal(0, 1.5, len(truth))
    young = replace(with_champion(judged, blurred), anchor=None)
    assert failed(young) == {"plausible_gain", "few_sharp_disagreements"}
    known = gate.auc(young.is_goal, young.challenger)
    for auc_geometry, expected in ((known - 0.11, "promoted"), (known - 0.13, "kept")):
        decision = decide(
            "new", "old", young, margin_log_loss=MARGIN, auc_geometry=auc_geometry, has_grown=True
        )
        assert decision.verdict == expected, decision.reason


def test_the_published_model_must_be_the_one_that_was_judged(judged, truth):
    assert failed(with_challenger(judged, truth, published=truth + 0.2)) == {"published_sum"}
    shuffled = np.random.default_rng(8).permutation(truth)
    assert failed(with_challenger(judged, truth, published=shuffled)) == {"published_order"}


def test_many_small_losses_cannot_add_up_unseen(judged, truth):
    """Each champion a little worse than the one before: within the margin, until the anchor says no."""
    rng = np.random.default_rng(9)
    anchor, log_odds, refused_by = judged.anchor, losses.log_odds(judged.anchor), set()
    champion = judged.anchor
    for _ in range(12):
        log_odds = log_odds + rng.normal(0, 0.1, len(truth))
        evidence = with_challenger(replace(judged, champion=champion, anchor=anchor), log_odds)
        refused_by = failed(evidence)
        if refused_by:
            break
        champion = evidence.challenger
    assert refused_by == {"anchor"}
    assert gate.paired_loss(judged.is_goal, judged.match_id, champion, judged.anchor).mean < 2 * MARGIN


def test_only_a_champion_that_is_better_beyond_chance_becomes_the_anchor(judged, truth):
    rng = np.random.default_rng(10)
    blurred = replace(judged, anchor=pd.Series(expit(truth + rng.normal(0, 0.4, len(truth)))))
    assert statistical_gate(blurred, margin_log_loss=MARGIN)[1] is True
    assert statistical_gate(judged, margin_log_loss=MARGIN)[1] is False
    assert statistical_gate(replace(judged, anchor=None), margin_log_loss=MARGIN)[1] is False


def test_a_first_model_is_promoted_unless_it_is_too_good_to_be_true():
    def metrics(auc):
        part = {"model": {"auc": auc}, "geometry": {"auc": 0.76}}
        return {"out_of_fold": part, "held_out": part}

    assert decide_first("new", metrics(0.81), []).verdict == "promoted"
    refused = decide_first("new", metrics(0.95), [])
    assert (refused.verdict, refused.champion_after) == ("kept", None)
    assert "Too good to be true: AUC 0.9500" in refused.reason


@pytest.fixture
def features():
    rng = np.random.default_rng(11)
    return pd.DataFrame(
        {
            "distance": rng.normal(18, 6, 3000),
            "penalty": np.where(rng.random(3000) < 0.01, 1.0, -1.0),
            "speed": np.nan,
        }
    )


def dead(before, window, new, used=("distance", "penalty"), matches=(10, 10)):
    checks = data_guards(before, window, new, list(used), matches=matches)
    return {check.name: check.sentence for check in checks if not check.passed}


def test_a_feature_that_was_never_there_is_normal(features):
    assert dead(features, features, features.iloc[:200]) == {}


@pytest.mark.parametrize(("value", "how"), [(np.nan, "missing"), (18.0, "constant")])
def test_a_feature_in_use_that_died_in_the_new_matches_refuses(features, value, how):
    new = features.iloc[:200].assign(distance=value)
    assert dead(features, features, new) == {
        "features_alive_in_new_matches": f"distance is {how} in the 200 shots of the new matches"
    }
    assert set(dead(features, features.assign(distance=value), new)) == {
        "features_alive_in_window",
        "features_alive_in_new_matches",
    }


def test_no_penalty_in_a_few_new_matches_is_chance_and_in_none_at_all_is_not(features):
    without = features.assign(penalty=-1.0)
    assert dead(features, features, without.iloc[:200]) == {}
    assert set(dead(features, without, without)) == {
        "features_alive_in_window",
        "features_alive_in_new_matches",
    }


def test_a_window_with_fewer_matches_refuses_and_one_with_as_many_does_not(features):
    assert set(dead(features, features, features.iloc[:0], matches=(9, 10))) == {"as_many_matches"}
    assert dead(features, features, features.iloc[:0], matches=(10, 10)) == {}


def test_a_guard_refuses_whatever_the_gate_says(judged, features):
    guards = data_guards(features, features, features, [], matches=(1, 2))
    decision = decide("new", "old", judged, margin_log_loss=MARGIN, guards=guards)
    assert decision.verdict == "kept"
    assert decision.reason == (
        "The data was refused. Window with fewer matches than the champion's: 1 matches to learn from, the "
        "champion had 2."
    )


def test_relied_on_are_the_features_that_a_model_splits_on(features):
    import xgboost

    y = (features["distance"] < 15).to_numpy()
    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(features, y), 5)
    assert relied_on(booster) == ["distance"]
