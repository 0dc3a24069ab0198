"""Tables as files: whole or not at all, and without formulas where a spreadsheet may open them."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from xgoals.domain.errors import SettingsError
from xgoals.whole_files import remove_left_over, whole_file

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, its full-width forms included."""
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def write_table(frame: "pd.DataFrame", to: Path) -> int:
    """Write a table by the file's ending, whole or not at all; how many rows.

    Raises
    ------
    SettingsError
        If it ends neither in .parquet nor in .csv.
    """
    if to.suffix not in (".parquet", ".csv"):
        raise SettingsError("unknown ending", where=str(to), advice="Let the name end in .parquet or .csv")
    remove_left_over(to)
    with whole_file(to) as unfinished:
        if to.suffix == ".parquet":
            frame.to_parquet(unfinished, index=False)
        else:
            # Given a path, pandas lets a full disk pass unsaid.
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                without_formulas(frame).to_csv(file, index=False)
    return len(frame)


def without_formulas(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The same for a spreadsheet: text that one would take for a formula has an apostrophe before it.

    Names come from feeds, and a cell ``=HYPERLINK(...)`` would be run by whoever opens the file. Numbers stay as
    they are; `pandas.read_csv` reads the text back, apostrophe included.
    """
    texts = frame.select_dtypes(["object", "string", "category"])
    safe = {
        name: column.astype(object).map(lambda value: f"'{value}" if _is_formula(value) else value)
        for name, column in texts.items()
    }
    return frame.assign(**{str(name): column for name, column in safe.items()})


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(value)
