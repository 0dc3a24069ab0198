"""Datasets of Clarify: what of a file is features, label and facets, and what is said of a file that does not fit."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xgoals.clarify.config import AnalysisConfig, config_of
from xgoals.clarify.dataset import parquet_file
from xgoals.clarify.dataset.json_path import json_path
from xgoals.clarify.table import Table, read_table
from xgoals.domain.errors import SettingsError

CSV = "goal,club,distance,angle\n1,Ajax,5.5,40\n0,PSV,20,\n0,Ajax,11,7\n"


def config(**keys: object) -> AnalysisConfig:
    return config_of({"dataset_type": "text/csv", "methods": {}} | keys, "job.json")


def read(path: Path, text: str | bytes, model: list[str] | None = None, **keys: object) -> Table:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(path, config(**keys), model)


def refusal(path: Path, text: str | bytes, model: list[str] | None = None, **keys: object) -> str:
    with pytest.raises(SettingsError) as error:
        read(path, text, model, **keys)
    assert str(path.name) in str(error.value)
    return str(error.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "train.csv"


def test_features_are_in_the_models_order_and_the_rest_keeps_its_values(path: Path) -> None:
    table = read(path, CSV, ["angle", "distance"], label="goal", facet=[{"name_or_index": "club"}])
    assert list(table.features) == ["angle", "distance"]
    np.testing.assert_array_equal(table.features, [[40, 5.5], [np.nan, 20], [7, 11]])
    assert table.label is not None
    assert table.label.tolist() == [1, 0, 0]
    assert table.columns["club"].tolist() == ["Ajax", "PSV", "Ajax"]
    assert table.notes == ()


def test_without_the_models_names_all_columns_are_features_but_those_with_another_purpose(path: Path) -> None:
    table = read(path, CSV, label=0, excluded_columns=["club"])
    assert list(table.features) == ["distance", "angle"]
    table = read(path, CSV, label="angle", predicted_label="goal", joinsource_name_or_index=1)
    assert list(table.features) == ["distance"]
    assert table.predicted_label is not None
    assert table.predicted_label.tolist() == [1, 0, 0]


def test_columns_that_the_model_does_not_know_are_told(path: Path) -> None:
    table = read(path, CSV, ["distance"], label="goal")
    assert [note.says for note in table.notes] == [
        "Columns that are no features of the model are not used: club, angle."
    ]


def test_headers_of_the_configuration_mean_that_the_file_has_none(path: Path) -> None:
    rows = CSV.split("\n", 1)[1]
    headers = ["goal", "club", "distance", "angle"]
    table = read(path, rows, ["distance"], headers=headers, label="goal", excluded_columns=["club", "angle"])
    assert table.features["distance"].tolist() == [5.5, 20, 11]
    assert not table.notes
    repeated = read(
        path, CSV, ["distance"], headers=headers, label="goal", excluded_columns=["club", "angle"]
    )
    assert repeated.features.equals(table.features)
    assert "repeats headers" in repeated.notes[0].says


def test_headers_that_do_not_match_are_refused(path: Path) -> None:
    rows = CSV.split("\n", 1)[1]
    assert "headers names 3 columns, the file has 4" in refusal(path, rows, headers=["a", "b", "c"])
    assert "'a' twice" in refusal(path, rows, headers=["a", "b", "a", "d"])
    other = ["club", "goal", "distance", "angle"]
    assert "in another order than headers" in refusal(path, CSV, headers=other)
    assert "otherwise (goal, club" in refusal(path, CSV, headers=["a", "b", "c", "d"])


def test_a_file_without_any_names_has_clarifys_placeholders_or_the_models_features(path: Path) -> None:
    rows = "1,5.5,40\n0,20,\n"
    table = read(path, rows, label=0)
    assert list(table.features) == ["column_1", "column_2"]
    assert len(table.features) == 2
    table = read(path, rows, ["distance", "angle"], label=0, facet=[{"name_or_index": "column_1"}])
    assert table.features["distance"].tolist() == [5.5, 20]
    assert any("in the order of the model" in note.says for note in table.notes)
    assert "the model has 1 features" in refusal(path, rows, ["distance"], label=0)


def test_a_model_without_names_takes_the_columns_in_their_order(path: Path) -> None:
    keys = {"label": "goal", "excluded_columns": ["club"]}
    table = read(path, CSV, ["f0", "f1"], **keys)
    assert list(table.features) == ["distance", "angle"]
    assert "The model knows no names of features; its order is: distance, angle." in [
        n.says for n in table.notes
    ]
    said = refusal(path, CSV, ["f0", "f1", "f2"], **keys)
    assert "the model has 3 features, and without label and excluded columns the data have 2 columns" in said
    assert list(read(path, "f1,f0,y\n1,2,0\n", ["f0", "f1"], label="y").features) == ["f0", "f1"]


def test_a_line_of_names_may_hold_a_number_where_the_model_knows_the_names(path: Path) -> None:
    assert read(path, "2024,angle\n1,2\n", ["2024", "angle"]).features["2024"].tolist() == [1]


def test_features_that_are_missing_are_named(path: Path) -> None:
    said = refusal(path, CSV, ["distance", "angel"], label="goal")
    assert "1 of the model's 2 features are missing: angel; did you mean angle?" in said
    assert "There are: goal, club, distance, angle" in said


def test_a_feature_cannot_be_set_aside(path: Path) -> None:
    assert "the model needs angle" in refusal(path, CSV, ["angle"], excluded_columns=["angle"])


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"label": "Goal"}, "label: there is no column 'Goal'; did you mean goal?"),
        ({"label": 4}, "label: there is no column 4; places count from 0, and there are 4 columns"),
        ({"label": -1}, "there is no column -1"),
        ({"facet": [{"name_or_index": "age"}]}, "facet[0].name_or_index: there is no column 'age'"),
        ({"excluded_columns": ["x"]}, "excluded_columns[0]: there is no column 'x'"),
        ({"group_variable": "x"}, "group_variable: there is no column 'x'"),
    ],
)
def test_a_column_that_is_not_there_is_refused_by_its_key(
    path: Path, keys: dict[str, object], says: str
) -> None:
    assert says in refusal(path, CSV, **keys)


def test_cells_that_are_no_numbers_are_told_with_row_column_and_value(path: Path) -> None:
    said = refusal(path, "a,b\n1,2\n3,two\ninf,4\n", ["a", "b"])
    assert "2 values of features are no finite numbers: in row 2 b is 'two', in row 3 a is inf" in said
    said = refusal(path, "a,b\n1,2\n-1e39,3e38\n", ["a", "b"])
    assert (
        "a value of a feature is no finite number (XGBoost counts to 3.4e+38): in row 2 a is -1e+39" in said
    )
    many = "a,b\n" + "x,1\n" * 9
    said = refusal(path, many, ["a", "b"])
    assert "9 values" in said
    assert "and 4 more" in said
    assert "Write a as the numbers that the model was trained with" in said


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            b"PAR1\x00\x15,\n",
            "this is Parquet, and dataset_type says text/csv. Set dataset_type to application/x-p",
        ),
        (
            b'{"a": 1, "b": 2}\n',
            "this is JSON, and dataset_type says text/csv. Set dataset_type to application/jsonl",
        ),
        (b"[\n [1, 2]]", "this is JSON"),
    ],
)
def test_another_format_is_told_as_such(path: Path, data: bytes, says: str) -> None:
    assert says in refusal(path, data)
    assert list(read(path, "[a],{b}\n1,2\n").columns) == ["[a]", "{b}"]


def test_words_for_nothing_are_missing_among_numbers_and_texts_among_texts(path: Path) -> None:
    table = read(path, "a,land\n1,NA\nNA,DE\n n/a ,\nnan,FR\n,FR\n", ["a"], facet=[{"name_or_index": "land"}])
    assert table.features["a"].isna().tolist() == [False, True, True, True, True]
    assert table.columns["land"].fillna("-").tolist() == ["NA", "DE", "-", "FR", "FR"]


def test_true_and_false_are_what_they_say(path: Path) -> None:
    table = read(path, "a,b,goal\nTrue,true,True\nFALSE,,False\n", ["a", "b"], label="goal")
    np.testing.assert_array_equal(table.features, [[1, 1], [0, np.nan]])
    assert table.label is not None
    assert table.label.tolist() == [True, False]
    assert "in row 1 a is 'yes'" in refusal(path, "a\nyes\ntrue\n", ["a"])


def test_a_line_with_too_many_or_too_few_cells_is_named(path: Path) -> None:
    assert "the first line has 2 cells, line 3 has 3, line 4 has 1" in refusal(
        path, "a,b\n1,2\n1,2,3\n4\n5,6\n"
    )
    assert "save it with commas" in refusal(path, "a;b\n1;2\n").lower()
    assert "two columns are called 'a'" in refusal(path, "a,a\n1,2\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), ("\n\n", "is empty"), ("a,b\n", "there are names of columns and no row")],
)
def test_a_file_with_nothing_in_it_is_refused(path: Path, text: str, says: str) -> None:
    assert says in refusal(path, text)


def test_encodings_and_compression(path: Path) -> None:
    text = 'name,a\n"Müller, Thomas",1\n'
    for data in (
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("cp1252"),
        text.encode("utf-16"),
        gzip.compress(text.encode()),
    ):
        table = read(path, data, ["a"], facet=[{"name_or_index": "name"}])
        assert table.columns["name"].tolist() == ["Müller, Thomas"]
    assert "Windows-1252" in read(path, text.encode("cp1252"), ["a"]).notes[0].says


def test_a_gzip_stream_that_is_cut_off_is_refused(path: Path) -> None:
    assert "cut off" in refusal(path, gzip.compress(CSV.encode())[:-9])


def test_a_folder_of_files_is_one_dataset(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("a,b\n5,6\n7,x\n")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "_SUCCESS").write_text("")
    assert read_table(tmp_path, config(), ["a"]).features["a"].tolist() == [1, 3, 5, 7]
    with pytest.raises(SettingsError, match=r"in b\.csv, row 2 b is 'x'"):
        read_table(tmp_path, config(), ["a", "b"])
    (tmp_path / "c.csv").write_text("a,c\n1,2\n")
    with pytest.raises(SettingsError, match=r"the columns are not those of a\.csv: they differ in b, c"):
        read_table(tmp_path, config(), ["a"])


def test_parquet_keeps_types_and_takes_true_for_one(path: Path) -> None:
    frame = pd.DataFrame(
        {"a": [1.5, None], "b": [True, False], "day": pd.to_datetime(["2026-01-01", "2026-01-02"])}
    )
    frame.set_index("day", append=True).reset_index(level=1).to_parquet(path)
    keys = {"dataset_type": "application/x-parquet"}
    table = read_table(path, config(**keys), ["b", "a"])
    np.testing.assert_array_equal(table.features, [[1, 1.5], [0, np.nan]])
    with pytest.raises(SettingsError, match=r"in row 1 day is 2026-01-01"):
        read_table(path, config(**keys), ["day"])
    with pytest.raises(SettingsError, match="headers names 2 columns, the file has 3"):
        read_table(path, config(**keys, headers=["a", "b"]), ["a"])
    assert "no Parquet" in refusal(path, CSV, **keys)


def test_parquet_that_would_fill_the_memory_is_refused_before_it_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same number a million times is a file of some kilobytes."""
    pd.DataFrame({"a": np.zeros(1_000_000)}).to_parquet(path)
    assert path.stat().st_size < 100_000
    keys = {"dataset_type": "application/x-parquet"}
    assert len(read_table(path, config(**keys), ["a"]).features) == 1_000_000
    monkeypatch.setattr(parquet_file, "MAX_BYTES", 4_000_000)
    with pytest.raises(SettingsError, match=r"columns of 8,000,000 bytes are more than fit here.*sample"):
        read_table(path, config(**keys), ["a"])


@pytest.mark.parametrize("what", ["label", "facet", "group_variable"])
def test_a_list_or_an_object_is_no_label_and_no_facet(path: Path, what: str) -> None:
    """Lists and objects cannot be counted: the job ended in a traceback."""
    text = "".join(f'{{"a": {n}, "b": {{"k": [1]}}, "goal": {n % 2}}}\n' for n in range(4))
    named = {"label": "b"} | ({"facet": [{"name_or_index": "b"}]} if what == "facet" else {what: "b"})
    keys = named if what == "label" else named | {"label": "goal"}
    asked = {
        "dataset_type": "application/jsonlines",
        "features": "[a, b, goal]",
        "headers": ["a", "b", "goal"],
    }
    said = refusal(path, text, ["a"], **(asked | keys))
    column = "label" if what == "label" else "b"  # a path into the lines makes a column of its own
    assert f"a list or an object where a value is expected: in row 1 {column} is {{'k'" in said


LINES = '{"features": [5.5, 40], "goal": 1}\n\n{"features": [20, null], "goal": 0}\n'


def test_json_lines_with_paths(path: Path) -> None:
    keys = {"dataset_type": "application/jsonlines", "features": "features", "label": "goal"}
    table = read(path, LINES, headers=["distance", "angle", "label"], **keys)
    np.testing.assert_array_equal(table.features, [[5.5, 40], [20, np.nan]])
    assert list(table.columns) == ["distance", "angle", "label"]
    assert table.label is not None
    assert table.label.tolist() == [1, 0]
    assert list(read(path, LINES, **keys).features) == ["column_0", "column_1"]
    assert list(read(path, LINES, ["d", "a"], **keys).features) == ["d", "a"]


def test_json_lines_of_objects(path: Path) -> None:
    text = '{"goal": 1, "distance": 5.5, "club": "Ajax"}\n{"distance": 20, "goal": 0, "club": "PSV"}\n'
    table = read(
        path,
        text,
        ["distance"],
        dataset_type="application/jsonlines",
        label="goal",
        excluded_columns=["club"],
    )
    assert table.features["distance"].tolist() == [5.5, 20]
    table = read(path, text, dataset_type="application/jsonlines", features="[distance, goal]")
    assert list(table.features) == ["distance", "goal"]


def test_json_with_paths_and_of_objects(path: Path) -> None:
    text = json.dumps({"rows": [{"x": [1, 2], "y": 0}, {"x": [3, 4], "y": 1}]})
    keys = {"dataset_type": "application/json"}
    table = read(path, text, features="rows[*].x", label="rows[*].y", headers=["a", "b", "y"], **keys)
    assert table.features["b"].tolist() == [2, 4]
    assert table.label is not None
    assert table.label.tolist() == [0, 1]
    assert read(path, '[{"a": 1}, {"a": "2"}]', ["a"], **keys).features["a"].tolist() == [1, 2]
    assert "features does not say where the rows are" in refusal(path, text, **keys)


@pytest.mark.parametrize(
    ("text", "keys", "says"),
    [
        ('{"features": [1]}\n{"features"}\n', {"features": "features"}, "line 2: broken JSON"),
        (
            '{"features": [1, 2]}\n{"features": [1]}\n',
            {"features": "features"},
            "line 1 has 2 values, line 2 has 1",
        ),
        ('{"x": [1]}\n', {"features": "features"}, "does not lead to a list of values in line 1"),
        ("[1, 2]\n", {}, "line 1 is no object"),
        (LINES, {"features": "features | sort(@)"}, "is no path that is read here"),
        (LINES, {"features": "features", "headers": ["a"]}, "headers names 1 columns, the file has 2"),
        ('{"a": 1}\n', {"headers": ["b"]}, "headers and the keys of the objects differ: a, b"),
        ('{"features": [1, "x"]}\n', {"features": "features"}, "in row 1 column_1 is 'x'"),
    ],
)
def test_json_lines_that_do_not_fit_are_refused(
    path: Path, text: str, keys: dict[str, object], says: str
) -> None:
    assert says in refusal(path, text, dataset_type="application/jsonlines", **keys)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.b[0]", 1),
        ("a.b[-1]", 2),
        ("a.b[7]", None),
        ("rows[*].[x, y]", [[1, "u"], [None, "v"]]),
        ("[a.b[1], rows[0].y]", [2, "u"]),
        ('"a name"', 3),
        ("@.a.b", [1, 2]),
        ("a.missing.deeper", None),
    ],
)
def test_paths_into_json(text: str, found: object) -> None:
    content = {"a": {"b": [1, 2]}, "rows": [{"x": 1, "y": "u"}, {"y": "v"}], "a name": 3}
    assert json_path(text, "features").of(content) == found


@pytest.mark.parametrize(
    "text", ["", "a.", ".a", "a b", "[a", "[a,]", "a]", "a[?x]", "length(a)", "a | b", "a[1:2]", "{x: a}"]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="is no path that is read here"):
        json_path(text, "features")
