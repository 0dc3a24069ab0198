"""What a file of a dataset holds, whatever its format."""

from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd

from xgoals.baselines.given import MISSING, is_number
from xgoals.clarify.columns import twins
from xgoals.clarify.note import Note
from xgoals.domain.errors import SettingsError

MAX_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class Raw:
    """The columns of a file.

    Attributes
    ----------
    frame
        A column is numbers if all of its values are; else it is as it was read.
    has_names
        Whether somebody has named the columns; if not, they are called ``column_0``, ``column_1``, ...
    label, predicted_label
        The columns that a path into JSON has made, where there is one.
    """

    path: Path
    frame: pd.DataFrame
    has_names: bool
    notes: tuple[Note, ...] = ()
    label: str | None = None
    predicted_label: str | None = None


def bytes_of(path: Path) -> bytes:
    """All of a file.

    Raises
    ------
    SettingsError
        If it cannot be read, is too large, or there is nothing in it.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if data is None:
        what = f"{size:,} bytes are more than fit here"
        raise SettingsError(what, where=str(path), advice="Take a sample of the rows")
    if not data.strip():
        raise SettingsError(
            "the file is empty", where=str(path), advice="It has to hold the rows of the dataset"
        )
    return data


def placeholders(n_columns: int) -> list[str]:
    """Names for columns that have none, as Clarify calls them."""
    return [f"column_{n}" for n in range(n_columns)]


def check_headers(headers: list[str], n_columns: int, path: Path) -> None:
    """Refuse ``headers`` of a configuration that do not fit a file.

    Raises
    ------
    SettingsError
        If there are more or fewer than columns, or one is there twice.
    """
    if len(headers) != n_columns:
        what = f"headers names {len(headers)} columns, the file has {n_columns}"
        raise SettingsError(what, where=str(path), advice="Name every column once, in the order of the file")
    if twin := twins(headers):
        raise SettingsError(f"headers names {twin!r} twice", where=str(path), advice="Name every column once")


def numbers_of(values: pd.Series) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], list[int]]:
    """A column as numbers, NaN where there is none, and the places (n,) of what is neither."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64, na_value=np.nan), []
    if pd.api.types.is_datetime64_any_dtype(values):
        return np.full(len(values), np.nan), np.flatnonzero(values.notna()).tolist()
    numbers = np.full(len(values), np.nan)
    strange = []
    for place, value in enumerate(values.astype(object)):
        if isinstance(value, str):
            text = value.strip().lower()
            if is_number(text):
                numbers[place] = float(text)
            elif text not in MISSING:
                strange.append(place)
        elif isinstance(value, Real | Decimal):
            numbers[place] = float(value)
        elif value is not None and value is not pd.NA and value is not pd.NaT:
            strange.append(place)
    return numbers, strange
