"""Files of baseline rows: CSV with or without names, JSON lines, Parquet."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from xgoals.baselines.given import check_names, is_number, rows_by_name, rows_in_order
from xgoals.domain.errors import SettingsError
from xgoals.domain.text import shortened

MOST_BYTES = 50_000_000
"""A file of baseline rows is short; a larger one is another file."""
_JSON = (".json", ".jsonl")


def read_rows(path: Path, names: Sequence[str], *, by_name_only: bool = False) -> pd.DataFrame:
    """Baseline rows of a file, by its ending: ``.parquet``, ``.json`` or ``.jsonl`` (a row a line), else CSV.

    Of a CSV file whose first line holds a word that is no number, that line has the names; without one the values are
    in the order of the features. A row in JSON is a list, an object by name, or an object with a list ``features``.

    Parameters
    ----------
    names
        The features.
    by_name_only
        Refuse a CSV file without names.

    Raises
    ------
    SettingsError
        If there is no such file, it cannot be read, or its rows are none; which row and column.
    """
    _refuse_what_is_no_file(path)
    if path.suffix == ".parquet":
        return _parquet(path, names)
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"this is no text in UTF-8 ({error.reason} at byte {error.start})",
            where=str(path),
            advice="Save it as CSV in UTF-8",
        ) from None
    if path.suffix in _JSON:
        return rows_of_lists_and_objects(_json_lines(text, path), names, str(path))
    return _csv(text, names, str(path), by_name_only=by_name_only)


def rows_of_lists_and_objects(rows: Sequence[object], names: Sequence[str], where: str) -> pd.DataFrame:
    """Rows that are lists in the order of the features, or objects by name; all of them alike.

    Raises
    ------
    SettingsError
        If they are neither, or both, or as `rows_in_order` and `rows_by_name`.
    """
    listed = [
        row["features"] if isinstance(row, Mapping) and set(row) == {"features"} else row for row in rows
    ]
    if listed and all(isinstance(row, Mapping) for row in listed):
        return rows_by_name([row for row in listed if isinstance(row, Mapping)], names, where)
    for number, row in enumerate(listed, start=1):
        if not isinstance(row, Sequence) or isinstance(row, str):
            raise SettingsError(
                f"row {number} is neither a list of values nor an object by name as the others",
                where=where,
                advice="Give all rows as lists, or all as objects",
            )
    return rows_in_order([row for row in listed if isinstance(row, Sequence)], names, where)


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.is_file():
        what = "this is a folder" if path.is_dir() else "there is no such file"
        raise SettingsError(what, where=str(path), advice="Name a file of baseline rows")
    if path.stat().st_size > MOST_BYTES:
        raise SettingsError(
            f"this file has {path.stat().st_size / 1e6:,.0f} MB: too many rows for a baseline",
            where=str(path),
            advice="Take a sample of it, or its clusters",
        )


def _parquet(path: Path, names: Sequence[str]) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(path)
    except Exception as error:  # pyarrow has many, and says in none of them which file
        raise SettingsError(
            f"this is no Parquet file ({type(error).__name__})", where=str(path), advice="Write it anew"
        ) from None
    check_names([str(name) for name in frame], names, str(path))
    rows = frame[list(names)].astype(object).where(frame[list(names)].notna(), None)
    return rows_in_order(rows.to_numpy().tolist(), names, str(path))


def _json_lines(text: str, path: Path) -> list[object]:
    try:
        whole = json.loads(text)
        return (
            whole
            if isinstance(whole, list) and all(isinstance(row, list | dict) for row in whole)
            else [whole]
        )
    except json.JSONDecodeError:
        pass
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            rows += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise SettingsError(
                f"line {number} is no JSON ({error.msg})", where=str(path), advice="One row a line"
            ) from None
    return rows


def _csv(text: str, names: Sequence[str], where: str, *, by_name_only: bool) -> pd.DataFrame:
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if not rows:
        raise SettingsError("there is no baseline row", where=where, advice="Give at least one")
    if len(rows[0]) == 1 and any(mark in rows[0][0] for mark in ";\t|"):
        raise SettingsError(
            f"the first line has no comma: {shortened(rows[0][0], 60)!r}",
            where=where,
            advice="Save it with commas between the cells, and points in numbers",
        )
    if not (by_name_only or _has_names(rows[0], names)):
        return rows_in_order(rows, names, where)
    if not _has_names(rows[0], names):
        raise SettingsError(
            "the first line has values, not the names of features",
            where=where,
            advice=f"Begin with a line of them: {','.join(names)}",
        )
    head = [cell.strip() for cell in rows[0]]
    check_names(head, names, f"{where}, first line")
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(head):
            raise SettingsError(
                f"row {number} has {len(row)} values, the first line {len(head)} names",
                where=where,
                advice="One value a name; an empty cell is a missing value",
            )
    return rows_by_name([dict(zip(head, row, strict=True)) for row in rows[1:]], names, where)


def _has_names(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a first line names columns: it holds a feature, or nothing that is a number."""
    return any(cell.strip() in names for cell in row) or not any(is_number(cell) for cell in row)
