"""What cannot be explained is refused with a reason, and never with a number."""

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.explain import background_shapley, exact_shapley, kernel_shapley

NAMES = ["distance", "angle", "header"]


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(120, 3)), columns=NAMES)
    return X, (X["distance"] > 0).astype(int)


@pytest.fixture(scope="module")
def booster(data):
    X, y = data
    return xgb.train({"objective": "binary:logistic", "max_depth": 2}, xgb.DMatrix(X, y), 5)


def trained(data, parameters, y=None, **matrix):
    X, label = data
    return xgb.train(parameters, xgb.DMatrix(X, label if y is None else y, **matrix), 3)


@pytest.mark.filterwarnings("ignore:.*is deprecated")  # since XGBoost 3.4: what we refuse anyway
@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (
            {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.5, "one_drop": 1},
            "dart booster",
        ),
        ({"objective": "binary:logistic", "booster": "gblinear"}, "gblinear booster"),
        ({"objective": "multi:softprob", "num_class": 2}, "objective multi:softprob"),
        ({"objective": "rank:pairwise"}, "objective rank:pairwise"),
        ({"objective": "reg:squarederror"}, "objective reg:squarederror"),
        ({"objective": "binary:hinge"}, "objective binary:hinge"),
        ({"objective": "binary:logitraw"}, "objective binary:logitraw"),
    ],
)
def test_other_models(data, parameters, reason):
    with pytest.raises(ModelError, match=reason):
        exact_shapley(trained(data, parameters), data[0], np.zeros(3))


@pytest.mark.parametrize("strategy", ["one_output_per_tree", "multi_output_tree"])
def test_several_outputs(data, strategy):
    X, y = data
    booster = trained(
        data,
        {"objective": "binary:logistic", "multi_strategy": strategy, "tree_method": "hist"},
        y=np.stack([y, 1 - y], axis=1),
    )
    with pytest.raises(ModelError, match="several outputs"):
        exact_shapley(booster, X, np.zeros(3))


def test_categorical_splits(data):
    X, y = data
    X = X.assign(header=pd.Categorical(np.arange(len(X)) % 3))
    booster = xgb.train(
        {"objective": "binary:logistic", "tree_method": "hist"}, xgb.DMatrix(X, y, enable_categorical=True), 3
    )
    with pytest.raises(ModelError, match="categorical splits"):
        exact_shapley(booster, X, np.zeros(3))


def test_a_model_without_trees(data):
    X, y = data
    with pytest.raises(ModelError, match="no trees"):
        exact_shapley(xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X, y), 0), X, np.zeros(3))


def test_a_scikit_learn_wrapper_says_where_its_booster_is(data):
    X, y = data
    with pytest.raises(ModelError, match=r"XGBClassifier.*get_booster\(\)"):
        exact_shapley(xgb.XGBClassifier(n_estimators=2).fit(X, y), X, np.zeros(3))


def test_something_that_is_no_model(data):
    with pytest.raises(ModelError, match="Cannot explain a dict"):
        exact_shapley({}, data[0], np.zeros(3))


def test_columns_in_another_order(data, booster):
    with pytest.raises(ModelError, match=r"another order.*column 0 is angle, not distance"):
        exact_shapley(booster, data[0][["angle", "distance", "header"]], np.zeros(3))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda X: X.drop(columns="angle"), "absent: angle"),
        (lambda X: X.assign(speed=1.0), "unknown: speed"),
        (lambda X: X.rename(columns={"angle": "Angle"}), "absent: angle; unknown: Angle"),
        (lambda X: X.to_numpy()[:, :2], "has 3 features, the rows have 2"),
        (lambda X: X.to_numpy()[0], "a table"),
        (lambda X: X.assign(angle="wide"), "not all values|numbers"),
        (lambda X: X.assign(angle=pd.Categorical(np.ones(len(X)))), "angle is categorical"),
        (
            lambda X: X.assign(angle=np.where(np.arange(len(X)) == 7, np.inf, 1)),
            "row 7.*infinite value of angle",
        ),
        (lambda X: X.assign(angle=-np.inf), "row 0.*infinite value of angle"),
        (lambda X: X.assign(angle=1e39), "beyond float32"),
    ],
)
def test_shots(data, booster, change, reason):
    with pytest.raises(ModelError, match=f"(?i){reason}"):
        exact_shapley(booster, change(data[0]), np.zeros(3))


@pytest.mark.parametrize(
    ("baseline", "reason"),
    [
        (np.zeros(2), "3 features, the baseline has shape"),
        (np.zeros((1, 3)), "the baseline has shape"),
        ([0, np.inf, 0], "infinite value of angle"),
        ([0, 0, 1e300], "infinite value of header"),
        ({"distance": 1, "angle": 2}, "absent: header"),
        ({"distance": 1, "angle": 2, "header": 3, "speed": 4}, "unknown: speed"),
        (pd.Series([1.0, 2.0, 3.0, 4.0], [*NAMES, "angle"]), "4 names instead of 3"),
        (["far", 0, 0], "not all values of the baseline are numbers"),
    ],
)
def test_baselines(data, booster, baseline, reason):
    with pytest.raises(ModelError, match=f"(?i){reason}"):
        exact_shapley(booster, data[0], baseline)


@pytest.mark.parametrize(
    "missing",
    [
        [np.nan] * 3,
        dict.fromkeys(NAMES),
        pd.Series(pd.NA, index=NAMES, dtype="Float64"),
        pd.Series([np.nan] * 3),
    ],
)
def test_a_missing_baseline_value_is_a_value(data, booster, missing):
    found = exact_shapley(booster, data[0], missing)
    plain = booster.predict(xgb.DMatrix(np.full((1, 3), np.nan), feature_names=NAMES))
    assert found.base_value == pytest.approx(plain[0], abs=1e-6)


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ({"place": ["distance", "angle"]}, "in no group: header"),
        ({"place": ["distance", "angle"], "rest": ["header", "angle"]}, "angle is in two groups"),
        ({"place": ["distance", "angle", "speed"], "rest": ["header"]}, "speed, which is no feature"),
    ],
)
def test_groups(data, booster, groups, reason):
    with pytest.raises(ModelError, match=f"(?i){reason}"):
        exact_shapley(booster, data[0], np.zeros(3), groups=groups)


def test_another_space(data, booster):
    with pytest.raises(ValueError, match="not 'logit'"):
        exact_shapley(booster, data[0], np.zeros(3), space="logit")


@pytest.fixture
def forty_stumps(booster_by_hand):
    """Every feature matters, one tree each."""
    return booster_by_hand([(i, 0.5, 0.0, 0.01 * i) for i in range(40)], [f"f{i}" for i in range(40)])


def test_too_many_features_at_once_name_the_way_out(forty_stumps):
    shots = np.zeros((3, 40))
    shots[1, :37] = 1
    with pytest.raises(
        ModelError, match=r"Row 1 differs from the baseline in 37 features.*end at 36.*in log-odds"
    ):
        exact_shapley(forty_stumps, shots, np.zeros(40))


def test_log_odds_and_groups_are_the_way_out(forty_stumps):
    shots = np.ones((1, 40))
    in_log_odds = exact_shapley(forty_stumps, shots, np.zeros(40), space="log_odds")
    np.testing.assert_allclose(in_log_odds.values, [0.01 * np.arange(40)], atol=1e-7)
    low, high = [f"f{i}" for i in range(20)], [f"f{i}" for i in range(20, 40)]
    by_group = exact_shapley(
        forty_stumps, shots, np.zeros(40), groups={"low": low, "high": high}, space="log_odds"
    )
    np.testing.assert_allclose(by_group.group_values, [[1.9, 5.9]], atol=1e-6)


def are_alike(found, expected):
    np.testing.assert_allclose(found.values, expected.values, rtol=0, atol=1e-15)


class TestBackgrounds:
    """Names are compared wherever both sides have them: another order gives plausible and wrong numbers."""

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda rows: rows[NAMES[::-1]], "background: Columns are in another order.*column 0 is header"),
            (
                lambda rows: rows.rename(columns={"angle": "Angle"}),
                "background: .*absent: angle; unknown: Angle",
            ),
            (lambda rows: rows.to_numpy()[:, :2], "background: The model has 3 features, the rows have 2"),
            (lambda rows: rows[:0], "at least one row"),
            (lambda rows: rows.replace({rows["angle"][2]: np.inf}), "Row 2 of the background .* of angle"),
            (lambda rows: {"distance": 1.0, "angle": 2.0}, "background: .*absent: header"),
        ],
    )
    def test_what_is_no_background_is_refused(self, data, booster, change, reason):
        with pytest.raises(ModelError, match=reason):
            background_shapley(booster, data[0], change(data[0][:5]))

    def test_one_row_by_name_and_nullable_tables_are_read(self, data, booster):
        X = data[0]
        row = X.loc[3]
        expected = exact_shapley(booster, X, row)
        for same in (row[NAMES[::-1]], row.to_dict(), X[3:4], X[3:4].convert_dtypes(), row.to_numpy()):
            are_alike(background_shapley(booster, X, same), expected)

    def test_what_has_no_names_goes_by_position(self, data):
        X, y = data
        unnamed = xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X.to_numpy(), y), 3)
        expected = background_shapley(unnamed, X.to_numpy(), X.to_numpy()[:4])
        are_alike(background_shapley(unnamed, X.to_numpy(), X[:4]), expected)
        with pytest.raises(ModelError, match="another order"):
            background_shapley(unnamed, X, X[NAMES[::-1]][:4])

    def test_kernel_mode_compares_names_too(self, data):
        X = data[0]

        def first(rows):
            return rows[:, 0]

        expected = kernel_shapley(first, X[:3], X[5:9])
        are_alike(kernel_shapley(first, X[:3].to_numpy(), X[5:9].to_numpy()), expected)
        with pytest.raises(ModelError, match="another order"):
            kernel_shapley(first, X[:3], X[NAMES[::-1]][5:9])
        are_alike(kernel_shapley(first, X[:3], X.loc[5, NAMES[::-1]]), kernel_shapley(first, X[:3], X[5:6]))
