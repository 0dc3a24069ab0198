"""The values of the features."""

from collections.abc import Collection, Sequence
from math import inf

import numpy as np
import pandas as pd

from xgoals.clarify.columns import named
from xgoals.clarify.dataset.raw import Raw, numbers_of
from xgoals.domain.errors import SettingsError

_TOLD = 5
_SHOWN = 60
_LARGEST = float(np.finfo(np.float32).max)
"""XGBoost counts in single precision: what is larger is infinite to it."""


def feature_values(columns: pd.DataFrame, names: Sequence[str], raws: Sequence[Raw]) -> pd.DataFrame:
    """The features as numbers, (n, F), NaN where one is missing.

    Parameters
    ----------
    raws
        The files that the columns come from, in their order.

    Raises
    ------
    SettingsError
        If values are no finite numbers: file, row, column and value of the first ones, and how many. No row is left
        out instead: results would be of other rows than were given.
    """
    numbers = np.empty((len(columns), len(names)))
    wrong: list[tuple[int, str]] = []
    for n, name in enumerate(names):
        numbers[:, n], strange = numbers_of(columns[name])
        infinite = np.flatnonzero(np.abs(numbers[:, n]) > _LARGEST).tolist()
        wrong += [(row, name) for row in (*strange, *infinite)]
    if wrong:
        raise _no_numbers(columns, sorted(wrong, key=lambda cell: cell[0]), raws)
    return pd.DataFrame(numbers, columns=pd.Index(names))


def refuse_what_is_no_value(columns: pd.DataFrame, names: Collection[str], raws: Sequence[Raw]) -> None:
    """Refuse lists and objects where labels or facets stand: nothing can be counted by them.

    Raises
    ------
    SettingsError
        File, row and column of the first one.
    """
    for name in (name for name in columns if name in names and columns[name].dtype == object):
        for row, value in enumerate(columns[name]):
            if isinstance(value, list | dict | tuple | set | np.ndarray):
                raise SettingsError(
                    f"a list or an object where a value is expected: {_place(row, raws)} {name} is {_shown(value)}",
                    where=str(raws[0].path.parent if len(raws) > 1 else raws[0].path),
                    advice="Write a number or a text there, or name another column",
                )


def _no_numbers(columns: pd.DataFrame, wrong: list[tuple[int, str]], raws: Sequence[Raw]) -> SettingsError:
    told = ", ".join(
        f"{_place(row, raws)} {name} is {_shown(columns[name].iloc[row])}" for row, name in wrong[:_TOLD]
    )
    more = f", and {len(wrong) - _TOLD:,} more" if len(wrong) > _TOLD else ""
    what = "a value of a feature is no finite number"
    if len(wrong) > 1:
        what = f"{len(wrong):,} values of features are no finite numbers"
    if any(
        isinstance(value, int | float) and _LARGEST < abs(value) < inf
        for value in (columns[name].iloc[row] for row, name in wrong)
    ):
        what += f" (XGBoost counts to {_LARGEST:.1e})"
    by_column = pd.Series([name for _, name in wrong]).value_counts()
    texts = [str(name) for name, count in by_column.items() if count == len(columns)]
    advice = "Mend these cells; leave empty what is not known"
    if texts:
        advice = f"Write {named(texts)} as the numbers that the model was trained with, or put it into excluded_columns"
    return SettingsError(
        f"{what}: {told}{more}",
        where=str(raws[0].path.parent if len(raws) > 1 else raws[0].path),
        advice=advice,
    )


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _place(row: int, raws: Sequence[Raw]) -> str:
    """Which row of which file: its number from 1, without a line of names."""
    for raw in raws:
        if row < len(raw.frame):
            file = f"{raw.path.name}, " if len(raws) > 1 else ""
            return f"in {file}row {row + 1}"
        row -= len(raw.frame)
    raise IndexError(row)
