"""The formulas under every figure, against hand-worked numbers and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from xgoals.model import losses


@pytest.fixture
def shots():
    rng = np.random.default_rng(6)
    xg = rng.beta(0.8, 5, 2000)
    return rng.random(2000) < xg, xg


def test_by_hand():
    assert losses.log_odds([0.5, 0.2]).tolist() == pytest.approx([0.0, -np.log(4)])
    assert losses.probability(np.array([0.0, np.log(3)])).tolist() == pytest.approx([0.5, 0.75])
    goal = np.array([True, False])
    assert losses.log_losses(goal, [0.25, 0.25]).tolist() == pytest.approx([np.log(4), np.log(4 / 3)])
    assert losses.brier_losses(goal.astype(float), np.array([0.25, 0.25])).tolist() == [0.5625, 0.0625]


def test_one_is_the_inverse_of_the_other(shots):
    np.testing.assert_allclose(losses.probability(losses.log_odds(shots[1])), shots[1], atol=1e-12)


def test_impossible_and_certain_cost_no_infinity():
    assert losses.log_odds([0.0, 1.0]).tolist() == pytest.approx([-16.118, 16.118], abs=1e-3)
    assert losses.log_losses(np.array([True, False]), [0.0, 1.0]).tolist() == pytest.approx(
        [16.118] * 2, abs=1e-3
    )
    assert np.isnan(losses.log_odds([np.nan])).all()


def test_log_loss_of_probabilities_and_of_log_odds_agree_with_each_other_and_the_book(shots):
    goal, xg = shots
    of_xg = losses.log_losses(goal, xg)
    of_margin = losses.log_losses_of_log_odds(goal.astype(float), losses.log_odds(xg))
    np.testing.assert_allclose(of_margin, of_xg, rtol=0, atol=1e-12)
    assert of_xg.mean() == pytest.approx(log_loss(goal, xg), abs=1e-12)
    assert losses.brier_losses(goal.astype(float), xg).mean() == pytest.approx(brier_score_loss(goal, xg))


def test_a_change_is_after_minus_before(shots):
    goal, before = shots[0].astype(float), losses.log_odds(shots[1])
    after = 0.8 * before - 0.1
    expected = losses.log_losses_of_log_odds(goal, after) - losses.log_losses_of_log_odds(goal, before)
    np.testing.assert_allclose(losses.log_loss_changes(goal, before, after), expected, rtol=0, atol=1e-12)
