"""Baseline rows from files: CSV with and without names, JSON, Parquet; each mistake told with row and column."""

import json

import pandas as pd
import pytest

from xgoals.baselines.row_files import read_rows
from xgoals.domain.errors import SettingsError

NAMES = ["far", "angle"]


@pytest.fixture
def file(tmp_path):
    def write(text, name="rows.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def same(frame, rows):
    pd.testing.assert_frame_equal(frame, pd.DataFrame(rows, columns=NAMES, dtype=float))


def test_names_in_any_order_or_none(file):
    rows = [[11.0, 30.0], [20.0, float("nan")]]
    same(read_rows(file("angle,far\n30,11\n,20\n"), NAMES), rows)
    same(read_rows(file("\ufefffar,angle\n11, 30\n\n20,NaN\n"), NAMES), rows)
    same(read_rows(file("11,30\n20,\n"), NAMES), rows)
    with pytest.raises(
        SettingsError, match=r"first line has values, not the names of features\..*: far,angle"
    ):
        read_rows(file("11,30\n20,\n"), NAMES, by_name_only=True)


def test_what_is_missing_in_a_dataset_is_missing_in_a_baseline_and_an_underscore_makes_no_number(file):
    """As spreadsheets and pandas write it."""
    rows = [[11.0, float("nan")]] * 4
    same(read_rows(file("far,angle\n11,N/A\n11,#N/A\n11,<NA>\n11,null\n"), NAMES), rows)
    with pytest.raises(SettingsError, match="row 1, far: '1_000' is no number"):
        read_rows(file("far,angle\n1_000,30\n"), NAMES)


def test_json_lines_lists_objects_and_features(file):
    rows = [[11.0, 30.0], [20.0, float("nan")]]
    same(read_rows(file("[11, 30]\n[20, null]\n", "a.jsonl"), NAMES), rows)
    same(read_rows(file('{"angle": 30, "far": 11}\n{"far": 20, "angle": null}', "a.jsonl"), NAMES), rows)
    same(read_rows(file('{"features": [11, 30]}\n{"features": [20, null]}', "a.json"), NAMES), rows)
    same(read_rows(file(json.dumps([[11, 30], [20, None]], indent=1), "a.json"), NAMES), rows)
    same(read_rows(file("[11, 30]", "a.json"), NAMES), rows[:1])


def test_parquet_by_name(tmp_path):
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"angle": [30.0, None], "far": [11, 20]}).to_parquet(path)
    same(read_rows(path, NAMES), [[11.0, 30.0], [20.0, float("nan")]])


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("far,angle\n1,2\n1,wide\n", "rows.csv", r"rows.csv, row 2, angle: 'wide' is no number"),
        ("far;angle\n1,5;2\n", "rows.csv", r"the first line has no comma: 'far;angle'\. Save it with commas"),
        ("1,2\n1,inf\n", "rows.csv", r"row 2, angle: this is infinite"),
        ("1,2\n1,2,3\n", "rows.csv", r"row 2 has 3 values, the model has 2 features\. .*: far, angle"),
        ("far,angle\n1\n", "rows.csv", r"row 1 has 1 values, the first line 2 names"),
        ("far,angel\n1,2\n", "rows.csv", r"'angel' is no feature of the model; did you mean angle\?"),
        (
            "far,shoes,angle\n1,2,3\n",
            "rows.csv",
            r"'shoes' is no feature of the model\. Features: far, angle",
        ),
        ("far\n1\n", "rows.csv", r"1 of 2 features are not there: angle"),
        ("far,far,angle\n1,2,3\n", "rows.csv", r"'far' is there more than once"),
        ("far,angle\n", "rows.csv", "there is no baseline row"),
        (" \n\n", "rows.csv", "there is no baseline row"),
        ("[1, 2]\n[1, 2", "a.jsonl", "line 2 is no JSON"),
        ("[1, [2]]", "a.jsonl", r"row 1, angle: '\[2\]' is no number"),
        ('[1, 2]\n{"far": 1, "angle": 2}', "a.jsonl", "row 2 is neither a list .* nor an object"),
        ('{"far": 1}', "a.jsonl", r"row 1: 1 of 2 features are not there: angle"),
        ("x", "a.parquet", "this is no Parquet file"),
    ],
)
def test_what_is_wrong_is_said_with_row_and_column(file, text, name, said):
    with pytest.raises(SettingsError, match=said):
        read_rows(file(text, name), NAMES)


def test_no_file_a_folder_and_no_text(tmp_path):
    with pytest.raises(SettingsError, match="there is no such file"):
        read_rows(tmp_path / "none.csv", NAMES)
    with pytest.raises(SettingsError, match="this is a folder"):
        read_rows(tmp_path, NAMES)
    (tmp_path / "latin.csv").write_bytes("höhe,angle\n1,2".encode("latin-1"))
    with pytest.raises(SettingsError, match="no text in UTF-8"):
        read_rows(tmp_path / "latin.csv", NAMES)
