"""A provider's level: found where it is, honest about who has taught it, exact inside the trees."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.domain.model import Because, SpeaksFor
from xgoals.explain import exact_shapley
from xgoals.explain.verify import verify_additivity
from xgoals.features.catalogue import BEST_17, NO, YES
from xgoals.model import fitting, training
from xgoals.model.guards import data_guards
from xgoals.model.levels.built_in import with_level
from xgoals.model.levels.gate import decide_level, newcomer_checks
from xgoals.model.levels.judge import Verdict, judge_level
from xgoals.model.levels.learnt import folds_of, learn_level, levelled_boosters
from xgoals.model.levels.level import Level, fit_level
from xgoals.model.losses import log_odds, probability

TRUE = Level(0.4, 0.5, -0.3)


def shots_of(n_matches=120, *, level=TRUE, seed=1, shots_per_match=25, base=0):
    """One provider's shots, what a model says of them, and outcomes off by a level."""
    rng = np.random.default_rng(seed)
    n = n_matches * shots_per_match
    kind = rng.random(n)
    shots = pd.DataFrame({
        "match_id": np.repeat([f"m{i:03d}" for i in range(n_matches)], shots_per_match), "base": base,
        "is_penalty": False, "is_judged": True,
        "Header": np.where(kind < 0.18, YES, NO), "FreeKick": np.where(kind > 0.95, YES, NO),
    })  # fmt: skip
    margin = rng.normal(-2.2, 0.9, n)
    shots["is_goal"] = rng.random(n) < probability(margin + level.added(shots))
    return shots, probability(margin)


def test_a_known_level_is_found_and_mends_sum_and_headers():
    shots, xg = shots_of(400)
    learnt = learn_level(shots, xg)
    assert learnt.is_worth_it
    found = learnt.whole
    for name, within in (("intercept", 0.12), ("header", 0.25), ("free_kick", 0.5)):
        assert getattr(found, name) == pytest.approx(getattr(TRUE, name), abs=within)
    assert learnt.before.verdict is Verdict.OFF
    assert learnt.before.headers.value < learnt.before.shots.value < 0.8
    assert learnt.after.verdict is Verdict.AT_LEVEL
    assert 0.97 < learnt.after.shots.value < 1.03
    assert 0.93 < learnt.after.headers.value < 1.07
    assert learnt.gained.high < 0


@pytest.mark.parametrize(("n_matches", "level"), [(200, Level(0, 0, 0)), (49, TRUE)])
def test_nothing_is_offered_where_nothing_is_off_or_too_little_is_known(n_matches, level):
    learnt = learn_level(*shots_of(n_matches, level=level))
    assert learnt is None if n_matches < 50 else not learnt.is_worth_it


def test_fifty_matches_are_enough_to_mend_a_sum():
    learnt = learn_level(*shots_of(50, level=Level(0.5, 0.0, 0.0)))
    assert learnt.is_worth_it
    assert abs(learnt.after.shots.value - 1) < abs(learnt.before.shots.value - 1) / 3


def test_a_handful_of_goals_moves_no_kind_of_shot_far():
    """Three free kicks, all of them goals: without a prior their level would be without bounds."""
    shots, xg = shots_of(60, level=Level(0, 0, 0))
    shots["FreeKick"] = NO
    shots.loc[:2, ["FreeKick", "is_goal"]] = [YES, True]
    assert 0 < fit_level(log_odds(xg), shots, shots["is_goal"]).free_kick < 1.2


def test_no_goals_teach_no_level():
    shots, xg = shots_of(60)
    assert learn_level(shots.assign(is_goal=False), xg) is None


@pytest.mark.parametrize("base", [0, 3])
def test_a_match_is_told_without_its_own_outcomes(base):
    """Turn one match's outcomes round: its number stays, and so do those of its fold; the others' change."""
    shots, xg = shots_of(60)
    shots["base"] = np.where(shots["match_id"] < "m030", 0, base)
    turned = shots.assign(is_goal=shots["is_goal"] ^ (shots["match_id"] == "m040"))
    one, other = learn_level(shots, xg), learn_level(turned, xg)
    same_fold = one.folds == one.folds[(shots["match_id"] == "m040").to_numpy()][0]
    np.testing.assert_array_equal(one.xg[same_fold], other.xg[same_fold])
    assert (one.xg[~same_fold] != other.xg[~same_fold]).all()


def test_folds_are_those_of_the_trees_where_these_know_the_match():
    shots, _ = shots_of(60)
    shots["base"] = np.where(shots["match_id"] < "m030", 4, 0)
    folds = pd.Series(folds_of(shots))
    assert set(folds[shots["base"] == 4]) == {4}
    assert set(folds[shots["base"] == 0]) == {1, 2, 3, 4, 5}
    assert folds.groupby(shots["match_id"]).nunique().max() == 1


def test_numbers_without_enough_goals_are_not_judged():
    shots, xg = shots_of(8)
    assert judge_level(shots, xg, shots["is_goal"], shots["match_id"]).verdict is Verdict.TOO_FEW


@pytest.fixture(scope="module")
def grown():
    """A booster with a stated rate at penalties, and shots of all kinds, some of them with unknown words."""
    rng = np.random.default_rng(2)
    X = pd.DataFrame(rng.normal(size=(1500, 17)), columns=list(BEST_17.names)).astype(np.float32)
    for name, share in (("Header", 0.2), ("FreeKick", 0.1), ("Penalty", 0.03)):
        X[name] = np.where(rng.random(1500) < share, YES, NO)
    y = rng.random(1500) < probability(X["AngleToGoal"].to_numpy() - 1.5)
    booster = fitting.fit(X, y, {**training.PARAMETERS, "n_seeds": 2, "eta": 0.2}, 12)
    X.loc[::9, "Header"] = np.nan
    X.loc[::11, "FreeKick"] = np.nan
    return booster, X


def test_a_booster_with_a_level_says_the_level_more(grown):
    booster, X = grown
    before, after = (b.predict(xgboost.DMatrix(X)) for b in (booster, with_level(booster, TRUE)))
    is_penalty = X["Penalty"].to_numpy() == YES
    expected = np.where(is_penalty, before, probability(log_odds(before) + TRUE.added(X)))
    np.testing.assert_allclose(after, expected, rtol=0, atol=1e-6)
    assert X.loc[is_penalty, "Header"].eq(YES).any(), (
        "a penalty that its feed calls a header is one all the same"
    )


def test_explanations_of_a_booster_with_a_level_add_up_and_leave_other_kinds_alone(grown):
    booster, X = grown
    X = X[:80]
    baseline = X.mean().fillna(NO).mask(lambda v: v.index.isin(["Header", "FreeKick", "Penalty"]), NO)
    levelled = with_level(booster, TRUE)
    found = exact_shapley(levelled, X, baseline, space="probability")
    gaps = verify_additivity(found, levelled, X.to_numpy(dtype=np.float64), ids=[str(i) for i in range(80)])
    assert max(gaps.to_engine, gaps.to_booster) < 1e-6
    before, after = (exact_shapley(b, X, baseline, space="log_odds") for b in (booster, levelled))
    moved = pd.DataFrame(after.values - before.values, columns=X.columns).abs().max()  # noqa: PD011
    kinds = ["Header", "FreeKick"]
    assert moved.drop([*kinds, "Penalty"]).max() < 1e-5
    assert moved[kinds].min() > 0.1


def test_every_base_and_fold_has_a_voice_and_every_base_a_face(grown):
    booster, _ = grown
    shots, xg = shots_of(60)
    shots["base"] = np.where(shots["match_id"] < "m030", 2, 0)
    learnt = learn_level(shots, xg)
    speakers = list(levelled_boosters(learnt, shots["base"].to_numpy(), dict.fromkeys((0, 1, 2), booster)))
    assert [(s.base, s.fold) for s in speakers] == [
        *((0, fold) for fold in range(1, 6)), (2, 2), *((base, None) for base in range(3)),
    ]  # fmt: skip


# --- a window of two providers ---


FEW = {**training.PARAMETERS, "eta": 0.2, "n_trees": 15, "n_seeds": 1, "nthread": 1}


def two_providers(n_other=60, *, shift=0.8):
    """Shots of two providers that say the same of the same chance; those of the other score oftener."""
    rng = np.random.default_rng(5)
    n_matches, per_match = 60 + n_other, 25
    n = n_matches * per_match
    X = pd.DataFrame(rng.normal(size=(n, 17)), columns=list(BEST_17.names)).assign(Penalty=NO, FreeKick=NO)
    X["Header"] = np.where(rng.random(n) < 0.2, YES, NO)
    match = np.repeat(np.arange(n_matches), per_match)
    is_other = match >= 60
    return pd.DataFrame({
        "provider": np.where(is_other, "other", "one"), "match_id": match.astype(str),
        "shot_id": [f"{i:05d}" for i in range(n)],
        "match_date": pd.Timestamp("2024-01-01") + pd.to_timedelta(match % 60, "D"),
        "home_team": [f"H{i}" for i in match], "away_team": [f"A{i}" for i in match],
        "is_goal": rng.random(n) < probability(X["AngleToGoal"].to_numpy() - 1.8 + shift * is_other),
        "is_penalty": False, "provider_xg": np.nan, "body_part": "head", "shot_type": "open_play", "x_m": 40.0,
        "y_m": rng.normal(size=n), "pitch_length_m": 105.0,
    }).join(X)  # fmt: skip


def train(frame):
    return training.train(frame, BEST_17, seed=3, held_out_share=0.2, parameters=FEW)


@pytest.fixture(scope="module")
def trained():
    frame = two_providers()
    return frame, train(frame)


def test_training_gives_each_provider_of_its_window_the_level_that_it_needs(trained):
    frame, model = trained
    assert set(model.metrics["levels"]) == {"one", "other"}
    for provider in ("one", "other"):
        of = frame["provider"] == provider
        total = model.predictions["xg"][of].sum() / frame["is_goal"][of].sum()
        assert abs(total - 1) < 0.04
    speaks = {s.sister: s.speaks_for for s in model.sisters}
    own = model.predictions["sister"][frame["provider"] == "other"].unique()
    assert {speaks[n] for n in own} == {SpeaksFor("other", k, k) for k in range(1, 6)}


def test_the_stored_sister_with_a_level_says_the_number_that_is_published(trained):
    frame, model = trained
    boosters = {s.sister: xgboost.Booster(model_file=bytearray(s.booster)) for s in model.sisters}
    X = frame[list(model.feature_names)].astype(np.float32)
    for sister, rows in model.predictions.groupby("sister"):
        said = boosters[sister].predict(xgboost.DMatrix(X.loc[rows.index]))
        np.testing.assert_allclose(said, rows["xg"], rtol=0, atol=1e-6)


def test_one_provider_alone_has_its_level_in_the_trees():
    frame = two_providers(n_other=0)
    assert train(frame).metrics["levels"] == {}


# --- the gate ---


def both(n=2000, *, better=True, others_move=0.0):
    rng = np.random.default_rng(7)
    xg = rng.uniform(0.02, 0.3, n)
    is_goal = rng.random(n) < xg
    is_other = np.arange(n) % 2 == 0
    low = np.where(is_other, 0.7 * xg, xg)
    new = np.where(is_other, xg if better else 0.5 * xg, xg + others_move)
    return pd.DataFrame({
        "provider": np.where(is_other, "other", "one"), "match_id": (np.arange(n) // 20).astype(str),
        "is_goal": is_goal, "champion": low, "challenger": new,
    })  # fmt: skip


def test_a_level_that_helps_is_promoted_and_waits_where_a_person_decides():
    decision = decide_level("new", "old", both(), ["other"])
    assert (decision.verdict, decision.because) == ("promoted", Because.LEVEL)
    assert decide_level("new", "old", both(), ["other"], needs_approval=True).verdict == "awaiting_approval"


@pytest.mark.parametrize(
    ("shots", "failed"),
    [
        (both(better=False), {"level_gain", "level_sum"}),
        (both(others_move=0.01), {"others_untouched"}),
    ],
)
def test_a_level_that_harms_or_touches_others_is_refused(shots, failed):
    decision = decide_level("new", "old", shots, ["other"])
    assert (decision.verdict, decision.because) == ("kept", Because.REFUSED)
    assert {check["name"] for check in decision.evidence["checks"] if not check["passed"]} == failed


def test_a_worth_that_chance_could_be_is_none():
    learnt = learn_level(*shots_of(120))
    harmful = replace(learnt, gained=replace(learnt.gained, log_loss=1e-4, low=-1e-4, high=2e-4))
    assert learnt.is_worth_it
    assert not harmful.is_worth_it


# --- a provider that the champion's trees do not know ---


@pytest.mark.parametrize(("told_before", "dies"), [(True, True), (False, False)])
def test_a_feature_has_died_only_where_its_own_provider_told_it_before(told_before, dies):
    before = pd.DataFrame({"keeper": np.linspace(0, 1, 400)})
    new = pd.DataFrame({"keeper": np.full(200, np.nan)})
    newcomer = "one" if told_before else "two"
    providers = pd.Series(["one"] * 400), pd.Series([newcomer] * 200)
    checks = data_guards(before, before, new, ["keeper"], matches=(2, 1), providers=providers)
    assert {check.name for check in checks if not check.passed} == (
        {"features_alive_in_new_matches"} if dies else set()
    )


def test_new_trees_are_asked_about_a_new_provider_on_its_own_shots():
    shots = both()
    good = newcomer_checks(shots[shots["provider"] == "other"])
    assert [(check.name, check.passed, check.features) for check in good] == [
        ("level_gain", True, ("other",)),
        ("level_sum", True, ("other",)),
    ]
    bad = both(better=False)
    assert not any(check.passed for check in newcomer_checks(bad[bad["provider"] == "other"]))
    assert newcomer_checks(shots.iloc[:0]) == []
