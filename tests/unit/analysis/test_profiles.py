"""Profiles: grids, whose booster speaks, means with matches as the unit, swings beside everybody's, and the peer."""

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb
from scipy.stats import t

from xgoals.analysis.profiles.curves import Curves, curves_of
from xgoals.analysis.profiles.everybody import everybody_of
from xgoals.analysis.profiles.feature_profile import N_SINGLE, feature_profiles
from xgoals.analysis.profiles.glass_box import two_shapes
from xgoals.analysis.profiles.grid import N_VALUES, grids_of
from xgoals.analysis.profiles.group import group_profiles, is_enough
from xgoals.analysis.profiles.manifold import off_manifold
from xgoals.analysis.profiles.mean_curve import mean_curve
from xgoals.analysis.profiles.shown import GroupOnPage, ShownProfile
from xgoals.explain.forest import read_forest


def feature(name, kind="continuous"):
    return {"name": name, "label": name, "unit": "", "kind": kind, "group": "place", "categories": None}


@pytest.fixture
def shots():
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "a": np.append(rng.uniform(0, 10, 199), np.nan),
            "b": rng.choice([-1.0, 1.0], 200, p=[0.3, 0.7]),
            "c": 4.0,
            "match_id": np.repeat(np.arange(20), 10).astype(str),
            "sister": np.repeat([1, 2], 100),
        }
    )


FEATURES = [feature("a"), feature("b", "binary"), feature("c")]


def test_a_grid_is_even_over_the_middle_of_what_is_measured_and_holds_every_value_of_the_rest(shots):
    grids = grids_of(shots, FEATURES)
    assert list(grids) == ["a", "b"], "of c there is nothing to change"
    a, b = grids["a"], grids["b"]
    assert (a.kind, len(a.points), a.n_shots, a.n_missing) == ("line", N_VALUES, 199, 1)
    assert np.ptp(np.diff(a.points)) < 1e-12
    np.testing.assert_allclose(a.points[[0, -1]], np.nanpercentile(shots["a"], [1, 99]))
    assert (b.kind, b.points.tolist()) == ("values", [-1, 1])
    np.testing.assert_allclose(b.shares, [(shots["b"] < 0).mean(), (shots["b"] > 0).mean()])
    assert a.is_usual.sum() < N_VALUES
    assert b.is_usual.all()


def test_each_curve_is_by_the_sister_that_has_not_seen_the_match(shots):
    X, y = shots[["a", "b"]], np.arange(200) % 3 == 0
    forests = {
        seed: read_forest(
            xgb.train(
                {"objective": "binary:logistic", "max_depth": 2, "eta": seed, "nthread": 1},
                xgb.DMatrix(X, y),
                2,
            )
        )
        for seed in (1, 2)
    }
    grids = grids_of(shots, FEATURES)

    found = curves_of(shots, ["a", "b"], forests.__getitem__, grids)

    for row in (0, 150):
        changed = X.iloc[[row]].assign(b=-1.0).to_numpy(np.float32)
        margin = forests[shots["sister"][row]].margin(changed)[0]
        assert found.xg("b")[row, 0] == pytest.approx(1 / (1 + np.exp(-margin)), abs=1e-12)
    changed = X.iloc[[150]].assign(a=np.nan).to_numpy(np.float32)
    margin = forests[2].margin(changed)[0]
    assert found.xg_at_missing("a")[150] == pytest.approx(1 / (1 + np.exp(-margin)), abs=1e-12)
    assert (len(found.xg("a")), len(found.xg("b"))) == (199, 200), "what nobody saw cannot be different"
    assert found.shot["a"].tolist() == list(range(199))
    assert found.match_of("a").tolist() == found.match[:199].tolist()


def test_matches_are_the_unit_of_an_interval():
    curves, match = np.array([[0.1], [0.3], [0.2], [0.6]]), np.array([0, 0, 1, 1])
    found = mean_curve(curves, match)
    # by hand: sums of deviations -0.2 and +0.2; error sqrt(0.08 * 2 / 1) / 4 = 0.1
    half = t.ppf(0.975, 1) * 0.1
    assert (found.mean[0], found.low[0], found.high[0]) == pytest.approx((0.3, 0.3 - half, 0.3 + half))
    assert (found.n_shots, found.n_matches) == (4, 2)
    assert np.isnan(mean_curve(curves, np.zeros(4, int)).low).all(), "one match: nobody knows how sure"


def by_hand(rise, match):
    """Curves of feature b: 0.2 everywhere at its lower value, so much more at the upper one."""
    grids = grids_of(pd.DataFrame({"b": np.tile([-1.0, 1.0], 50)}), [feature("b", "binary")])
    xg = np.column_stack([np.full(len(rise), 0.2), 0.2 + rise, np.full(len(rise), 0.25)])
    return Curves(grids, {"b": np.log(xg / (1 - xg))}, match, {"b": np.arange(len(rise))})


def groups(rise_own, off=(0.0, 0.0), own_off=(0.0, 0.0), n_own=100):
    rng = np.random.default_rng(4)
    everybody = everybody_of(
        by_hand(0.1 + rng.normal(0, 0.01, 2000), np.arange(2000) // 20), {"b": np.array(off)}
    )
    own = by_hand(rise_own + rng.normal(0, 0.01, n_own), np.arange(n_own) // 5)
    values = {"b": np.tile([-1.0, 1.0], n_own // 2)}
    return everybody, group_profiles(everybody, own, values, {"b": np.array(own_off)})


def test_a_groups_swing_is_how_much_more_its_chances_rise_than_everybodys():
    _, (profile,) = groups(0.15)
    swing = profile.swing
    assert (swing.worst, swing.best, swing.is_compared) == (0, 1, True)
    assert swing.everybody == pytest.approx(0.1, abs=0.001)
    assert swing.own == pytest.approx(0.15, abs=0.005)
    assert swing.more == pytest.approx(0.05, abs=0.005)
    assert swing.low < swing.more < swing.high
    assert swing.is_beyond_chance
    assert profile.at_missing == pytest.approx(0.25)
    np.testing.assert_allclose(profile.shares, [0.5, 0.5])
    _, (alike,) = groups(0.102)
    assert not alike.swing.is_beyond_chance


def test_an_interval_is_wider_where_more_features_are_compared():
    everybody, _ = groups(0.15)
    own = by_hand(np.full(100, 0.15) + np.tile([-0.01, 0.01], 50), np.arange(100) // 5)
    of = {name: dict.fromkeys("bc", getattr(own, name)["b"]) for name in ("grids", "log_odds", "shot")}
    more = Curves(match=own.match, **of)
    both, values = dict.fromkeys("bc", np.zeros(2)), dict.fromkeys("bc", np.ones(100))
    (one,) = group_profiles(everybody, own, values, both)
    two = group_profiles({"b": everybody["b"], "c": everybody["b"]}, more, values, both)
    assert two[0].swing.more == one.swing.more
    assert two[0].swing.high > one.swing.high


@pytest.mark.parametrize(
    ("off", "own_off", "compared"),
    [
        ((0.2, 0.25), (0.25, 0.0), True),
        ((0.0, 0.26), (0.0, 0.0), False),
        ((0.0, 0.0), (0.26, 0.0), False),
    ],
)
def test_what_is_off_the_map_of_everybody_or_of_the_group_is_not_compared(off, own_off, compared):
    everybody, (profile,) = groups(0.15, off, own_off)
    assert profile.swing.is_compared == profile.swing.is_beyond_chance == compared
    assert everybody["b"].is_on_map == (max(off) <= 0.25)


def test_a_swing_lies_between_the_ends_of_what_is_on_both_maps():
    values = np.tile(np.arange(4.0), 100)
    grid = grids_of(pd.DataFrame({"n": values}), [feature("n", "count")])
    log_odds = {"n": np.tile([-3.0, -2.0, -1.0, 0.0, -1.5], (400, 1))}
    curves = Curves(grid, log_odds, np.arange(400) // 20, {"n": np.arange(400)})
    everybody = everybody_of(curves, {"n": np.array([0.5, 0.0, 0.0, 0.0])})
    (profile,) = group_profiles(everybody, curves, {"n": values}, {"n": np.array([0.0, 0.0, 0.0, 0.9])})
    assert (everybody["n"].worst, everybody["n"].best) == (1, 3)
    assert (profile.swing.worst, profile.swing.best, profile.swing.is_compared) == (1, 2, True)


class Spots:
    """A support that finds no shot alike where b is missing, and 20 elsewhere; it counts how often it is asked."""

    def __init__(self):
        self.asked = []

    def alike_along(self, features, grids):
        self.asked.append((sorted(grids), len(features)))
        n = np.where(features["b"].isna(), 0, 20)
        return {name: np.tile(n[:, None], len(grid)) for name, grid in grids.items()}


def test_shots_without_a_value_push_no_curve_off_the_map():
    """Half of the shots are of a provider without positions, and know b no more than c."""
    b, a = np.tile([-1.0, 1.0, np.nan, np.nan], 100), np.tile(np.arange(4.0), 100)
    shots = pd.DataFrame({"a": a, "b": b, "c": b})
    support, grids = (
        Spots(),
        grids_of(shots, [feature("a", "count"), feature("b", "binary"), feature("c", "binary")]),
    )
    found = off_manifold(shots, support, grids)
    assert {name: of.tolist() for name, of in found.items()} == {"a": [0.5] * 4, "b": [0, 0], "c": [0, 0]}
    assert list(found) == ["a", "b", "c"]
    assert support.asked == [(["a"], 120), (["b", "c"], 120)]


@pytest.mark.parametrize(("n", "matches", "enough"), [(100, 10, True), (99, 10, False), (100, 9, False)])
def test_pages_speak_of_groups_with_shots_and_matches_enough(n, matches, enough):
    assert is_enough(n, matches) == enough


def test_the_table_of_a_group_ends_with_the_missing_value():
    _everybody, profiles = groups(0.15)
    basis = type("Basis", (), {"model_version": "xg-1"})()
    shown = (ShownProfile(profiles[0], np.array([0.0, 0.5])),)
    table = GroupOnPage(basis, shown, 100, 20, 1).table()
    assert table["value"].tolist()[:2] == [-1, 1]
    assert np.isnan(table["value"].iloc[2])
    np.testing.assert_allclose(table["xg"], [0.2, 0.2 + profiles[0].swing.own, 0.25])
    np.testing.assert_allclose(table["xg_everybody"], [0.2, 0.2 + profiles[0].swing.everybody, 0.25])
    assert table["share_unlike"].tolist()[:2] == [0, 0.5]
    assert set(table["n_shots"]) == {100}
    assert list(GroupOnPage(basis, (), 0, 0, 1).table()) == list(table), "the same columns without a row"


def test_both_shapes_are_0_on_average_over_the_same_shots():
    grid = by_hand(np.zeros(2), np.arange(2)).grids["b"]
    steps = pd.DataFrame(
        {
            "feature": "b",
            "step": [0, 1, 2],
            "value_from": [np.nan, np.nan, 0.0],
            "value_to": [np.nan, 0.0, np.nan],
            "log_odds": [9.0, -1.0, 2.0],
        }
    )
    found = two_shapes(grid, np.array([[-2.0, -1.0], [0.0, 1.0]]), steps)
    np.testing.assert_allclose(found.model, [-0.5, 0.5])
    np.testing.assert_allclose(found.peer, [-1.5, 1.5])
    assert found.apart == pytest.approx(1.0)
    assert two_shapes(grid, np.zeros((1, 2)), steps.assign(feature="other")) is None


def test_single_shots_are_spread_from_the_smallest_chance_to_the_largest():
    curves = by_hand(np.linspace(0.01, 0.5, 160), np.arange(160))
    everybody = everybody_of(curves, {"b": np.zeros(2)})
    steps = pd.DataFrame(columns=["feature", "step", "value_from", "value_to", "log_odds"])
    found = feature_profiles(everybody, curves, np.linspace(0, 1, 160), steps)["b"]
    rise = found.single[:, 1] - found.single[:, 0]
    assert len(rise) == N_SINGLE
    assert (np.diff(rise) > 0).all()
    assert found.shapes is None
