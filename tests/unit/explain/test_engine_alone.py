"""Who explains a model of his own needs numpy, numba and XGBoost, and nothing else of what xgoals installs."""

import ast
import os
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xgboost as xgb

import xgoals.explain
from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley

ENGINE = Path(xgoals.explain.__file__).parent
IN_USE = Path(__file__).parents[1] / "engine_in_use.py"
ASKED_FOR = ("numpy", "numba", "xgboost")
THEIRS = ("llvmlite", "scipy")
"""What those three ask for themselves."""


def environment_of(packages, folder):
    """A folder with so many of the installed packages, as an environment that has no others."""
    for name in packages:
        for top in {file.parts[0] for file in files(name) if file.parts[0] not in ("..", "__pycache__")}:
            there = Path(next(file for file in files(name) if file.parts[0] == top).locate())
            (folder / top).symlink_to(Path(*there.parts[: there.parts.index(top) + 1]))
    return folder


def test_with_these_three_alone_all_of_it_works(tmp_path):
    site = environment_of((*ASKED_FOR, *THEIRS), tmp_path)
    path = os.pathsep.join([str(site), str(ENGINE.parents[1])])
    done = subprocess.run(
        [sys.executable, "-S", IN_USE],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split("\n") == ["all of it, without shap", ""], done.stderr


def test_every_import_is_of_what_is_asked_for():
    found = {}
    for source in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                found.setdefault(name if name.startswith("xgoals") else name.partition(".")[0], set()).add(
                    source.stem
                )
    ours = {name for name in found if name.startswith("xgoals") and not name.startswith("xgoals.explain")}
    assert ours == {"xgoals.compiled", "xgoals.domain.errors"}
    others = {name for name in found if not name.startswith("xgoals") and name not in sys.stdlib_module_names}
    assert others == {*ASKED_FOR, "shap"}
    assert found["shap"] == {"for_shap", "attributions"}


NAMES = ["income", "age", "debts"]


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 3)).astype(np.float32).astype(np.float64)
    X[::7, 2] = np.nan
    booster = xgb.train(
        {"objective": "binary:logistic", "max_depth": 3}, xgb.DMatrix(X, X[:, 0] > 0, feature_names=NAMES), 6
    )
    return booster, X, exact_shapley(booster, X, X[0]).values  # noqa: PD011 - Shapley values


class PolarsFrame:
    """What polars' DataFrame shows of itself; its ``to_numpy`` knows no ``na_value``."""

    def __init__(self, X, names, dtypes):
        self.X, self.columns, self.dtypes = X, names, dtypes

    def to_numpy(self):
        return self.X


TABLES = {
    "pandas": lambda X, names: pd.DataFrame(X, columns=names),
    "pandas, nullable": lambda X, names: pd.DataFrame(X, columns=names).convert_dtypes(),
    "pandas, of anything": lambda X, names: (
        pd.DataFrame(X, columns=names).astype(object).replace({np.nan: None})
    ),
    "Arrow": lambda X, names: pa.table(dict(zip(names, X.T, strict=True))),
    "polars": lambda X, names: PolarsFrame(X, names, ["Float64"] * 3),
    "lists": lambda X, names: X.tolist(),
}


@pytest.mark.parametrize("kind", TABLES)
def test_any_table_gives_the_same_values(case, kind):
    booster, X, expected = case
    np.testing.assert_array_equal(exact_shapley(booster, TABLES[kind](X, NAMES), X[0]).values, expected)


@pytest.mark.parametrize("kind", ["pandas", "Arrow", "polars"])
def test_whatever_has_names_has_them_in_the_models_order(case, kind):
    booster, X, _ = case
    with pytest.raises(ModelError, match=r"another order.*column 0 is age, not income"):
        exact_shapley(booster, TABLES[kind](X, ["age", "income", "debts"]), X[0])


@pytest.mark.parametrize("dtype", ["Categorical", "Enum(categories=['a'])"])
def test_categories_of_polars_are_refused_as_those_of_pandas(case, dtype):
    booster, X, _ = case
    with pytest.raises(ModelError, match="age is categorical"):
        exact_shapley(booster, PolarsFrame(X, NAMES, ["Float64", dtype, "Float64"]), X[0])


@pytest.mark.parametrize(
    "baseline",
    [
        lambda row: dict(zip(reversed(NAMES), reversed(row), strict=True)),
        lambda row: dict(zip(NAMES, [*row[:2], pd.NA], strict=True)),
        lambda row: pd.Series(row[::-1], NAMES[::-1]),
        pd.Series,
        lambda row: pd.Series(row).convert_dtypes(),
        tuple,
    ],
)
def test_a_baseline_by_name_or_by_position(case, baseline):
    booster, X, expected = case
    assert np.isnan(X[0, 2])
    np.testing.assert_array_equal(exact_shapley(booster, X, baseline(X[0])).values, expected)


def test_people_who_explain_customers_are_told_of_rows(case):
    booster, X, _ = case
    X = X.copy()
    X[5, 1] = np.inf
    with pytest.raises(ModelError, match="Row 5 has an infinite value of age"):
        exact_shapley(booster, X, X[0])
    with pytest.raises(ModelError, match=r"Rows must be a table.*1 dimension"):
        exact_shapley(booster, X[0], X[0])
