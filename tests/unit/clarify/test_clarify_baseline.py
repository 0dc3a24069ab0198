"""methods.shap.baseline: rows in place, a file beside the configuration, or by column type."""

import numpy as np
import pandas as pd
import pytest

from xgoals.baselines.typical import typical_row
from xgoals.clarify.baseline import baseline_rows
from xgoals.clarify.config import Shap
from xgoals.domain.errors import SettingsError

KINDS = {"age": "continuous", "children": "count", "owns": "binary"}
NAN = float("nan")


@pytest.fixture
def table():
    return pd.DataFrame(
        {"age": [20.0, 21.0, 22.0, 60.0, NAN], "children": [0.0, 0, 1, 4, 4], "owns": [0.0, 0, 0, 1, 1]}
    )


def test_rows_in_place(table, tmp_path):
    found = baseline_rows(Shap(baseline=[[30, 1, "0"], [40.5, None, 1]]), table, KINDS, tmp_path)
    assert found.rows.columns.tolist() == list(KINDS)
    np.testing.assert_array_equal(found.rows, [[30, 1, 0], [40.5, NAN, 1]])
    assert found.weights.tolist() == [0.5, 0.5]
    assert found.said == "2 rows of the configuration, all alike in weight"


@pytest.mark.parametrize("as_address", [False, True])
def test_a_file_beside_the_configuration_or_anywhere(table, tmp_path, as_address):
    path = tmp_path / "our baseline.csv"
    path.write_text("30,1,0\n")
    given = path.as_uri() if as_address else path.name
    folder = tmp_path / "elsewhere" if as_address else tmp_path
    found = baseline_rows(Shap(baseline=given), table, KINDS, folder)
    np.testing.assert_array_equal(found.rows, [[30, 1, 0]])
    assert found.said == "One row of our baseline.csv"


def test_none_is_the_typical_row_and_clusters_are_as_many_as_asked(table, tmp_path):
    found = baseline_rows(Shap(), table, KINDS, tmp_path)
    assert found.rows.iloc[0].to_dict() == typical_row(table, KINDS).to_dict()
    assert found.rows.iloc[0].to_dict() == {"age": 30.75, "children": 2, "owns": 0}
    assert found.weights.tolist() == [1.0]
    assert found.said.startswith("The typical row of the dataset: mean of continuous columns")
    two = baseline_rows(Shap(num_clusters=2, seed=1), table, KINDS, tmp_path)
    np.testing.assert_allclose(two.rows, [[21, 0, 0], [60, 4, 1]])
    assert two.weights.tolist() == [0.6, 0.4]
    assert two.said.startswith("2 clusters of the dataset by k-prototypes")


@pytest.mark.parametrize(
    ("shap", "said"),
    [
        (Shap(baseline=[[1, 2]]), r"methods.shap.baseline: row 1 has 2 values, the model has 3 features"),
        (Shap(baseline=[[1, 2, 3], [1, 2, "x"]]), r"baseline, row 2, owns: 'x' is no number"),
        (Shap(baseline=[]), "there is no baseline row"),
        (Shap(baseline="s3://bucket/rows.csv"), "does not lie on this machine.*Copy the file beside"),
        (Shap(baseline="none.csv"), "none.csv: there is no such file"),
        (Shap(baseline=[[1, 2, 3]], num_clusters=2), "baseline rows and num_clusters are both given"),
        (Shap(num_clusters=9), "9 clusters of a table with 5 different rows"),
        (Shap(num_clusters=0), "0 clusters"),
    ],
)
def test_what_cannot_be_a_baseline_is_refused_with_a_sentence(table, tmp_path, shap, said):
    with pytest.raises(SettingsError, match=said):
        baseline_rows(shap, table, KINDS, tmp_path)


def test_no_data_no_typical_row(table, tmp_path):
    with pytest.raises(SettingsError, match="the dataset has no row to make a baseline from"):
        baseline_rows(Shap(), table.iloc[:0], KINDS, tmp_path)
