"""How sure reasons are: halves of the matches, and what the models of both halves say."""

import numpy as np
import pytest
from drawn import draw, frozen

from xgoals.domain.reason import HOLDS_IN, is_told
from xgoals.features.catalogue import BEST_17
from xgoals.reasons.refits import can_be_halved, fit_halvings, hashes
from xgoals.reasons.sureness import sureness

PARAMETERS = {
    "objective": "binary:logistic",
    "max_depth": 2,
    "eta": 0.3,
    "nthread": 1,
    "n_trees": 5,
    "n_seeds": 1,
}


def test_of_every_match_the_half_judges_that_has_not_seen_it_also_of_those_that_come_later(window):
    n = len(window.matches)
    for halving in fit_halvings(window, BEST_17.names, PARAMETERS, numbers=(1, 2)):
        learned_first = hashes(window.matches, halving.number) < halving.cut
        assert learned_first.sum() == n // 2
        judge = halving.judge(window.matches, np.arange(n))
        assert (judge.of_shot == learned_first).all()  # 0 learned from the first half, 1 from the second
        later = halving.judge(["new", "newer"], np.array([0, 1, 0]))
        assert set(later.of_shot) <= {0, 1}
        assert later.of_shot[0] == later.of_shot[2]
        xg = judge(window.features, window.match)
        assert halving.average_xg == pytest.approx(xg[~window.is_penalty].mean(), abs=1e-12)


def test_refits_do_not_depend_on_the_order_of_shots(window):
    shuffled = frozen(draw(400, 1))
    order = np.random.default_rng(4).permutation(len(window))
    (one,) = fit_halvings(window, BEST_17.names, PARAMETERS, numbers=(3,))
    (other,) = fit_halvings(shuffled.take(order), BEST_17.names, PARAMETERS, numbers=(3,))
    assert [b.save_raw("ubj") for b in one.boosters] == [b.save_raw("ubj") for b in other.boosters]


def test_a_handful_of_matches_cannot_be_halved(window):
    assert can_be_halved(window)
    assert not can_be_halved(frozen(draw(60, 4, n_matches=1)))


def test_spread_sign_and_the_first_reason_by_majority():
    parts = np.array([[0.01, 0.05, -0.04, np.nan]])
    refitted = np.tile(parts, (20, 1, 1))
    refitted[:12, 0, 2] = -0.06  # in twelve of twenty the opponents matter most, on the card the keeper does
    refitted[:3, 0, 0] = -0.01

    sure = sureness(parts, refitted)

    assert (sure.first[0], sure.held[0]) == (2, 12)
    assert sure.same_sign[0].tolist() == [17, 20, 20, 0]
    assert sure.sd[0, 2] == pytest.approx(np.std([-0.06] * 12 + [-0.04] * 8, ddof=1))
    assert np.isnan(sure.sd[0, 3])


def test_of_parts_with_as_many_votes_the_larger_one_on_the_card_is_first_and_without_refits_the_largest():
    parts = np.array([[0.0, 0.05, -0.04, 0.0]])
    refitted = np.tile(parts, (20, 1, 1))
    refitted[:10, 0, 2] = -0.06
    assert (sureness(parts, refitted).first[0], sureness(parts, refitted).held[0]) == (1, 10)
    alone = sureness(parts, refitted[:0])
    assert (alone.first[0], alone.held[0]) == (1, 0)
    assert np.isnan(alone.sd).all()


@pytest.mark.parametrize(
    ("value", "sd", "same_sign", "told"),
    [
        (-0.0101, 0.005, HOLDS_IN, True),
        (0.01, 0.001, 20, False),
        (0.02, 0.01, 20, False),
        (0.0201, 0.01, 20, True),
        (0.05, 0.01, HOLDS_IN - 1, False),
        (0.05, float("nan"), 20, False),
    ],
)
def test_a_value_is_told_if_it_is_large_beyond_its_spread_and_of_one_sign(value, sd, same_sign, told):
    assert is_told(value, sd, same_sign) is told
