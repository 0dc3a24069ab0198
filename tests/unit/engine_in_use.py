"""The engine's functions, one call each, in an environment that has nothing but what they ask for: run as a program."""

import sys

import numpy as np
import xgboost as xgb

from xgoals.explain import (
    background_shapley,
    compare_shots,
    exact_shapley,
    kernel_shapley,
    partial_dependence,
    verify_additivity,
)

NAMES = ["a", "b", "c"]
NOT_ASKED_FOR = {"pandas", "shap", "pydantic", "platformdirs", "sklearn", "airflow"}


def use_all_of_it() -> str:
    """What is said in the end; raises where something of it does not work."""
    X = np.random.default_rng(1).normal(size=(40, 3))
    matrix = xgb.DMatrix(X, X[:, 0] > 0, feature_names=NAMES)
    booster = xgb.train({"max_depth": 2, "objective": "binary:logistic"}, matrix, 4)
    typical = {"a": 0, "b": 0, "c": None}
    found = exact_shapley(booster, X, typical, groups={"one": ["a"], "two": ["b", "c"]}, interactions=True)
    verify_additivity(found, booster, X)
    verify_additivity(background_shapley(booster, X, X[:2], space="log_odds"), booster, X)
    compare_shots(booster, X[:1], X[1:2])
    partial_dependence(booster, X, 0, [0, 1])
    kernel_shapley(booster.inplace_predict, X[:1], X[:1], num_samples=6)
    loaded = NOT_ASKED_FOR & {name.partition(".")[0] for name in sys.modules}
    if loaded:
        raise AssertionError(f"loaded: {loaded}")
    try:
        found.to_shap()
    except ModuleNotFoundError as error:
        return f"all of it, without {error.name}"
    return "all of it"


if __name__ == "__main__":
    sys.stdout.write(f"{use_all_of_it()}\n")
