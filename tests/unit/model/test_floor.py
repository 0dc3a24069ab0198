"""What a first model has to show: better than chance against geometry it need not be, worse it must not be."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from xgoals.domain.errors import ModelError
from xgoals.model.floor import Unchallenged, beside_geometry, floor_checks
from xgoals.model.promotion import decide_first

METRICS = {
    "out_of_fold": {"model": {"auc": 0.8}, "geometry": {"auc": 0.77}},
    "held_out": {"model": {"auc": 0.8}},
}


def league(n_matches, seed=0, shots_per_match=25):
    """Shots whose true chance is known: by distance and angle, and by something that geometry does not see."""
    rng = np.random.default_rng(seed)
    n = n_matches * shots_per_match
    x, y = rng.uniform(30, 51, n), rng.normal(0, 7, n)
    unseen = rng.normal(0, 0.7, n)
    distance = np.hypot(52.5 - x, y)
    truth = expit(0.6 - 0.17 * distance + unseen)
    match = np.repeat(np.arange(n_matches), shots_per_match)
    return pd.DataFrame(
        {
            "match_id": match.astype(str),
            "is_goal": rng.random(n) < truth,
            "is_penalty": False,
            "shot_type": "open_play",
            "x_m": x,
            "y_m": y,
            "pitch_length_m": 105.0,
            "body_part": np.where(rng.random(n) < 0.2, "head", "right_foot"),
            "is_held_out": match >= 0.8 * n_matches,
            "truth": truth,
        }
    )


def failed(window, xg):
    shots = beside_geometry(window.assign(xg_out_of_fold=xg))
    return {check.name for check in floor_checks(shots) if not check.passed}


@pytest.fixture(scope="module")
def season():
    return league(300)


def test_a_model_that_knows_the_chances_passes_and_says_its_figures(season):
    shots = beside_geometry(season.assign(xg_out_of_fold=season["truth"]))
    checks = floor_checks(shots)
    assert [check.name for check in checks] == ["geometry", "calibrated_slope", "calibrated_sum"]
    assert all(check.passed for check in checks)
    assert checks[0].value < 0  # it sees what geometry does not
    decision = decide_first("new", METRICS, checks)
    assert decision.verdict == "promoted"
    assert "against distance, angle and header alone" in decision.reason
    assert len(decision.evidence["checks"]) == 4  # the too good to be true one, too


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda w: np.full(len(w), w["is_goal"].mean()), {"geometry", "calibrated_slope"}),  # knows nothing
        (lambda w: np.random.default_rng(1).permutation(w["truth"]), {"geometry", "calibrated_slope"}),
        (lambda w: 1 - w["truth"], {"geometry", "calibrated_slope", "calibrated_sum"}),  # upside down
        (lambda w: expit(2 * logit(w["truth"]) + 1.8), {"geometry", "calibrated_slope"}),  # too sure
        (lambda w: expit(0.5 * logit(w["truth"]) - 0.9), {"calibrated_slope"}),  # not sure enough
        (lambda w: expit(logit(w["truth"]) + 0.35), {"calibrated_sum"}),  # a third too many goals
    ],
)
def test_models_that_are_worse_than_geometry_or_break_their_promises(season, spoil, names):
    assert failed(season, spoil(season)) >= names


def test_the_refusal_has_the_figures(season):
    shots = beside_geometry(season.assign(xg_out_of_fold=0.5))
    decision = decide_first("new", METRICS, floor_checks(shots))
    assert (decision.verdict, decision.champion_after) == ("kept", None)
    assert "Worse than plain geometry: log loss +" in decision.reason
    assert "99 % bounds" in decision.reason


def test_twenty_matches_are_no_reason_to_refuse_a_sound_model():
    """Three questions at 99 %: of thirty leagues about one is refused for its luck with goals, and no more."""
    refused = [seed for seed in range(30) if failed(league(20, seed), league(20, seed)["truth"])]
    assert len(refused) <= 2


def test_a_model_is_let_be_as_sure_of_itself_as_plain_geometry_on_few_matches():
    """Fitted out of fold on twenty matches, even the simplest model is a little too sure; with many, it is not."""
    small, large = league(20, 5), league(300, 5)
    sure = [expit(1.3 * logit(w["truth"]) + 0.5) for w in (small, large)]
    assert "calibrated_slope" not in failed(small, sure[0])
    assert "calibrated_slope" in failed(large, sure[1])


def test_geometry_is_fitted_on_the_matches_that_the_model_learned_from(season):
    """Turn one match's outcomes round: geometry's own numbers of that match must not move."""
    match = season["match_id"] == "17"
    before = beside_geometry(season.assign(xg_out_of_fold=0.1)).geometry
    turned = season.assign(is_goal=season["is_goal"] ^ match, xg_out_of_fold=0.1)
    moved = (beside_geometry(turned).geometry - before).abs()
    assert (moved[match] == 0).all()
    assert (moved[~match] > 0).mean() > 0.5


def test_penalties_and_shots_without_a_place_are_not_counted(season):
    window = season.assign(xg_out_of_fold=season["truth"])
    window.loc[:9, "is_penalty"] = True
    window.loc[10:19, "x_m"] = np.nan
    shots = beside_geometry(window)
    assert len(shots.is_goal) == len(season) - 20
    assert shots.geometry.notna().all()


def test_without_a_goal_nothing_can_be_said():
    nothing = pd.Series([False, False])
    xg = pd.Series([0.1, 0.2])
    with pytest.raises(ModelError, match="0 goals in 2 shots"):
        floor_checks(Unchallenged(pd.Series(["a", "b"]), nothing, xg, xg))
