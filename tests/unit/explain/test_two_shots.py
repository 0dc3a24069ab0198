"""One shot held against another: exact, the same from either end, and by a model that has seen neither match."""

import numpy as np
import pytest
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.domain.side_by_side import Speaker
from xgoals.explain import compare_shots, exact_shapley
from xgoals.explain.forest import read_forest
from xgoals.steps.explaining.two_shots import who_speaks


@pytest.fixture(scope="module")
def booster():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(2000, 6))
    X[rng.random(X.shape) < 0.1] = np.nan
    goal = rng.random(2000) < 1 / (1 + np.exp(-np.nan_to_num(X[:, 0]) * (1 + np.nan_to_num(X[:, 1]))))
    return xgb.train({"objective": "binary:logistic", "max_depth": 4, "nthread": 1}, xgb.DMatrix(X, goal), 40)


@pytest.fixture
def pair():
    return np.random.default_rng(8).normal(size=(2, 1, 6))


GROUPS = {"one": ["f0", "f4"], "two": ["f1"], "three": ["f2", "f3", "f5"]}


def test_by_hand(booster_by_hand):
    """a alone is worth 1 in log-odds, b 2 more where a is there: from (0, 0) to (1, 1)."""
    booster = booster_by_hand([(0, 0.5, 0.0, (1, 0.5, 1.0, 3.0))], ["a", "b"])
    found = compare_shots(booster, np.array([[1.0, 1.0]]), np.array([[0.0, 0.0]]))
    none, a, both = (1 / (1 + np.exp(-margin)) for margin in (0.0, 1.0, 3.0))
    assert found.xg == pytest.approx(both)
    assert found.other_xg == pytest.approx(none)
    assert found.values["a"] == pytest.approx((a - none + both - none) / 2)
    assert found.values["b"] == pytest.approx((both - a) / 2)
    assert found.group_values == {}


def test_values_and_groups_add_up_and_are_the_same_from_either_end(booster, pair):
    one, other = pair
    there, back = (compare_shots(booster, a, b, groups=GROUPS) for a, b in ((one, other), (other, one)))
    assert there.difference == pytest.approx(sum(there.values.values()), abs=1e-12)
    assert there.difference == pytest.approx(sum(there.group_values.values()), abs=1e-12)
    assert there.gap < 1e-12
    for way in ("values", "group_values"):
        for name, value in getattr(there, way).items():
            assert getattr(back, way)[name] == pytest.approx(-value, abs=1e-13)


def test_it_is_the_engine_with_the_other_shot_as_the_baseline(booster, pair):
    one, other = pair
    found = compare_shots(read_forest(booster), one, other, groups=GROUPS)
    expected = exact_shapley(booster, one, other[0], groups=GROUPS)
    assert list(found.values.values()) == expected.values[0].tolist()
    assert list(found.group_values.values()) == expected.group_values[0].tolist()


def test_alike_in_everything_but_one_feature_that_one_makes_the_difference(booster, pair):
    one = pair[0]
    other = one.copy()
    other[0, 0] = np.nan
    found = compare_shots(booster, one, other)
    assert found.values["f0"] == pytest.approx(found.difference)
    assert not any(value for name, value in found.values.items() if name != "f0")


def test_several_rows_are_no_shot(booster, pair):
    with pytest.raises(ModelError, match="the other shot must be one row, not 2"):
        compare_shots(booster, pair[0], np.zeros((2, 6)))


@pytest.mark.parametrize(
    ("of_shot", "of_other", "sister", "seen"),
    [
        (3, 3, 3, (False, False)),  # the same fold
        (3, 0, 3, (False, False)),  # the other match came later: no sister has learned from it
        (0, 4, 4, (False, False)),
        (0, 0, 0, (False, False)),  # both came later: the champion itself
        (2, 5, 2, (False, True)),  # no part has seen neither: the one that has not seen the shot asked about
        (None, None, 0, (True, True)),  # a version without sisters
        (None, 0, 0, (True, False)),
        (0, None, 0, (False, True)),
    ],
)
def test_who_speaks_has_seen_neither_match_where_there_is_such_a_one(of_shot, of_other, sister, seen):
    assert who_speaks("xg-1", of_shot, of_other) == Speaker("xg-1", sister, *seen)


def test_a_speaker_is_named_as_published_numbers_name_it():
    assert who_speaks("xg-1", 3, 3).name == "xg-1/3"
    assert who_speaks("xg-1", 0, 0).name == "xg-1"
