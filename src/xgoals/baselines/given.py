"""Baseline rows as a person gives them, cell by cell, made into numbers or refused with row and column."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from xgoals.domain.errors import SettingsError
from xgoals.domain.text import shortened
from xgoals.settings.in_words import did_you_mean

MISSING = frozenset({"", "nan", "na", "n/a", "#n/a", "<na>", "null", "none"})
"""What stands for no value among numbers, capitals or not."""
_SHOWN_CHARS = 60


def rows_in_order(rows: Sequence[Sequence[object]], names: Sequence[str], where: str) -> pd.DataFrame:
    """Rows whose cells are in the order of the features.

    Parameters
    ----------
    rows
        Cells: numbers, numbers as text; None, an empty cell and NaN are missing.
    names
        The features.
    where
        What an error is said of: the file or the setting.

    Returns
    -------
    DataFrame
        (rows, features).

    Raises
    ------
    SettingsError
        If there is no row, or one is of another width or holds what is no number; which row, counted from 1, and
        which column.
    """
    _refuse_none(rows, where)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise SettingsError(
                f"row {number} has {len(row)} values, the model has {len(names)} features",
                where=where,
                advice=f"One value a feature, in this order: {', '.join(names)}",
            )
    return _table([list(row) for row in rows], names, where)


def rows_by_name(rows: Sequence[Mapping[str, object]], names: Sequence[str], where: str) -> pd.DataFrame:
    """Rows whose cells are named, in whatever order; else as `rows_in_order`.

    Raises
    ------
    SettingsError
        Also if a row lacks a feature, or names something that is none.
    """
    _refuse_none(rows, where)
    for number, row in enumerate(rows, start=1):
        check_names([str(name) for name in row], names, f"{where}, row {number}")
    return _table([[row[name] for name in names] for row in rows], names, where)


def is_number(text: str) -> bool:
    """Whether a cell of text is a number; what stands for a missing one is none."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and text.strip().lower() not in MISSING


def check_names(given: Sequence[str], names: Sequence[str], where: str) -> None:
    """See to it that these are the features, each once, in any order.

    Raises
    ------
    SettingsError
        If one is twice there, unknown, or lacking.
    """
    if twice := next((name for name in given if list(given).count(name) > 1), None):
        raise SettingsError(f"{twice!r} is there more than once", where=where, advice="Name it once")
    lacking = [name for name in names if name not in given]
    for name in given:
        if name not in names:
            raise SettingsError(
                f"{_shown(name)} is no feature of the model{did_you_mean(name, lacking or names)}",
                where=where,
                advice=f"Features: {', '.join(names)}",
            )
    if lacking:
        raise SettingsError(
            f"{len(lacking)} of {len(names)} features are not there: {', '.join(lacking)}",
            where=where,
            advice="Add a column for each; an empty cell is a missing value",
        )


def _table(rows: list[list[object]], names: Sequence[str], where: str) -> pd.DataFrame:
    values = np.array(
        [
            [_number(cell, name, f"{where}, row {number}") for cell, name in zip(row, names, strict=True)]
            for number, row in enumerate(rows, start=1)
        ]
    )
    return pd.DataFrame(values, columns=list(names))


def _number(cell: object, name: str, where: str) -> float:
    if cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING):
        return float("nan")
    try:
        value = float("" if isinstance(cell, str) and "_" in cell else cell)  # type: ignore[arg-type]  # tried
    except (TypeError, ValueError):
        raise SettingsError(
            f"{_shown(cell)} is no number",
            where=f"{where}, {name}",
            advice="Write a number, or leave it empty where the value is missing",
        ) from None
    if np.isinf(value):
        raise SettingsError("this is infinite", where=f"{where}, {name}", advice="Write a finite number")
    return value


def _refuse_none(rows: Sequence[object], where: str) -> None:
    if not rows:
        raise SettingsError("there is no baseline row", where=where, advice="Give at least one")


def _shown(value: object) -> str:
    return repr(shortened(str(value), _SHOWN_CHARS))


def check_values(
    values: "pd.Series[float]", low: float, high: float, among: Sequence[float] | None, *, where: str
) -> None:
    """See to it that the values of a column are such that there can be; missing ones are.

    Parameters
    ----------
    among
        The only values there are; None: all from ``low`` to ``high``.

    Raises
    ------
    SettingsError
        If one is not; which row.
    """
    known = values.isin(among) if among is not None else values.between(low, high)
    wrong = np.flatnonzero(~(known | values.isna()).to_numpy())
    if len(wrong):
        value = values.iloc[wrong[0]]
        allowed = f"one of {', '.join(f'{one:g}' for one in among)}" if among else f"from {low:g} to {high:g}"
        raise SettingsError(
            f"{value:g} cannot be",
            where=f"{where}, row {wrong[0] + 1}, {values.name}",
            advice=f"It has to be {allowed}, or empty where it is missing",
        )
