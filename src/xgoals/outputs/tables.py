"""Tables as files: whole or not at all, and without formulas where a spreadsheet may open them."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

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
                safe = without_formulas(frame)
                safe.to_csv(file, index=False, quoting=quoting_of(safe))
    return len(frame)


def without_formulas(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The same for a spreadsheet: text that one would take for a formula has an apostrophe before it, a title too.

    Names come from feeds, and a cell ``=HYPERLINK(...)`` would be run by whoever opens the file. Numbers stay as
    they are; `pandas.read_csv` reads the text back, apostrophe included.
    """
    texts = frame.select_dtypes(["object", "string", "category"])
    safe = {str(name): column.astype(object).map(_no_formula) for name, column in texts.items()}
    return frame.assign(**safe).rename(columns=_no_formula)


def _no_formula(value: Any) -> Any:
    return f"'{value}" if _is_formula(value) else value


def quoting_of(frame: "pd.DataFrame") -> Literal[0, 2]:
    """How `csv` has to quote a table's texts: all of them where one has a carriage return, which ends a row for many
    readers and is not quoted by itself.
    """
    texts = frame.select_dtypes(["object", "string", "category"])
    has_returns = any(
        "\r" in value for _, column in texts.items() for value in column if isinstance(value, str)
    )
    return csv.QUOTE_NONNUMERIC if has_returns else csv.QUOTE_MINIMAL


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(value)
