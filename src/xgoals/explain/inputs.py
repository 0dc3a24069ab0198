"""What a caller hands in, checked and made into float32 arrays in the model's column order.

A wrong column order gives plausible and wrong numbers, so names are compared wherever both sides have
them, and what XGBoost itself would refuse to predict (an infinite value) is refused here too.

Tables of pandas, polars and Arrow are known by what they can do: none of these libraries is imported.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import Forest


class Frame(Protocol):
    """A table whose columns have names: a DataFrame of pandas or polars."""

    @property
    def columns(self) -> Iterable[Any]:
        """Its names, in order."""

    def to_numpy(self) -> NDArray[Any]:
        """Its values, (n, F)."""


class Named(Protocol):
    """Values that have names: a Series of pandas."""

    @property
    def index(self) -> Iterable[Any]:
        """Their names, in order."""

    def to_numpy(self) -> NDArray[Any]:
        """The values, (n,)."""


Rows: TypeAlias = Frame | ArrayLike
Baseline: TypeAlias = Named | Mapping[str, float] | ArrayLike
Background: TypeAlias = Rows | Baseline


def column_names(forest: Forest, X: Rows) -> tuple[str, ...]:
    """The names of the features: the model's, else the data's, else XGBoost's own f0, f1, ..."""
    return forest.feature_names or names_of(X) or _unnamed(forest.n_features)


def rows_of(X: Rows, forest: Forest) -> NDArray[np.float32]:
    """Rows to explain as an (n, F) float32 array.

    Raises
    ------
    ModelError
        When the columns are not the model's, in the model's order; when a value is no number or infinite.
    """
    values = table_of(X, forest.feature_names, forest.n_features)
    rows = _as_float32(values)
    refuse_infinite(rows, column_names(forest, X))
    return rows


def refuse_infinite(rows: NDArray[np.floating[Any]], names: tuple[str, ...], of: str = "") -> None:
    """Raise ModelError if a value of a table (n, F) is infinite, or beyond float32, in which trees compare."""
    with np.errstate(over="ignore"):
        infinite = np.argwhere(np.isinf(rows.astype(np.float32, copy=False)))
    if len(infinite):
        row, column = infinite[0]
        raise ModelError(f"Row {row}{of} has an infinite value of {names[column]} (or one beyond float32)")


def table_of(X: Rows, names: tuple[str, ...] | None, n_features: int) -> NDArray[np.float64]:
    """A table of numbers as an (n, F) array, its columns compared with ``names`` where both have some.

    Raises
    ------
    ModelError
        When the columns are not the model's, in the model's order; when a value is no number.
    """
    given = names_of(X)
    if given is not None:
        if names is not None:
            _check_order(given, names)
        _refuse_categories(X, given)
    values = _numbers(X, "the rows")
    if values.ndim != 2:
        raise ModelError(f"Rows must be a table (n, F), not an array with {values.ndim} dimension(s)")
    if values.shape[1] != n_features:
        raise ModelError(f"The model has {n_features} features, the rows have {values.shape[1]}")
    return values


def baseline_of(baseline: Baseline, names: tuple[str, ...]) -> NDArray[np.float32]:
    """The baseline row as an (F,) float32 array: by name when it has names, else by position.

    A missing value (NaN) is a value like any other; an infinite one is an error.

    Raises
    ------
    ModelError
        When a feature is absent or unknown, the count is wrong, or a value is infinite or no number.
    """
    row = _as_float32(_row_of(baseline, names))
    if np.isinf(row).any():
        name = names[int(np.flatnonzero(np.isinf(row))[0])]
        raise ModelError(f"The baseline has an infinite value of {name} (or one beyond float32)")
    return row


def _row_of(baseline: Baseline, names: tuple[str, ...]) -> NDArray[np.float64]:
    """(F,) values in the order of the names."""
    keys = names_of_row(baseline)
    values = _numbers(_values_of(baseline), "the baseline")
    if keys is not None:
        _check_same_names(keys, names)
        values = values[[keys.index(name) for name in names]]
    if values.shape != (len(names),):
        raise ModelError(f"The model has {len(names)} features, the baseline has shape {values.shape}")
    return values


def background_of(
    background: Background, names: tuple[str, ...] | None, n_features: int
) -> NDArray[np.float64]:
    """Baseline rows as an (m, F) array: a table or an array of them, or one row as `baseline_of` takes it.

    Parameters
    ----------
    names
        Of the features; None where neither the model nor the rows to explain have any.

    Raises
    ------
    ModelError
        As `table_of` and `baseline_of`, and where there is no row.
    """
    given: Any = background
    try:
        if names_of_row(given) is not None:
            rows = _row_of(given, names or _unnamed(n_features))[None]
        elif names_of(given) is None:
            rows = table_of(np.atleast_2d(_numbers(given, "the rows")), names, n_features)
        else:
            rows = table_of(given, names, n_features)
    except ModelError as error:
        raise ModelError(error.what, where=error.where or "background", advice=error.advice) from None
    if not len(rows):
        raise ModelError("A background needs at least one row")
    return rows


def players_of(groups: Mapping[str, Sequence[str]], names: tuple[str, ...]) -> NDArray[np.int64]:
    """The index of each feature's group.

    Raises
    ------
    ModelError
        Unless every feature is in exactly one group: group values would not add up to the prediction.
    """
    player_of = np.full(len(names), -1, np.int64)
    position = {name: i for i, name in enumerate(names)}
    for player, (group, members) in enumerate(groups.items()):
        for name in members:
            if name not in position:
                raise ModelError(f"Group {group} names {name}, which is no feature of the model")
            if player_of[position[name]] != -1:
                raise ModelError(f"Feature {name} is in two groups, or twice in one")
            player_of[position[name]] = player
    if (player_of == -1).any():
        lost = ", ".join(name for name, player in zip(names, player_of, strict=True) if player == -1)
        raise ModelError(f"In no group: {lost}", advice="Put every feature of the model in one group")
    return player_of


def _unnamed(n_features: int) -> tuple[str, ...]:
    return tuple(f"f{i}" for i in range(n_features))


def names_of(X: Any) -> tuple[str, ...] | None:
    """The names of a table's columns; None where it has none."""
    if hasattr(X, "to_numpy") and hasattr(X, "columns"):
        return tuple(map(str, X.columns))
    if hasattr(X, "column_names"):  # Arrow, whose ``columns`` are the values
        return tuple(map(str, X.column_names))
    return None


def names_of_row(baseline: Any) -> list[str] | None:
    """The names of a baseline's values; None where they are known by their position."""
    if isinstance(baseline, Mapping):
        return list(map(str, baseline))
    if not hasattr(baseline, "to_numpy") or not hasattr(baseline, "index") or hasattr(baseline, "columns"):
        return None
    numbered = type(baseline.index).__name__ == "RangeIndex"  # what pandas gives where nobody gave names
    return None if numbered else list(map(str, baseline.index))


def _values_of(baseline: Any) -> Any:
    if not isinstance(baseline, Mapping):
        return baseline
    # pandas' NA is no number and does not want to become one.
    return [np.nan if type(value).__name__ == "NAType" else value for value in baseline.values()]


def _check_order(given: tuple[str, ...], expected: tuple[str, ...]) -> None:
    if given == expected:
        return
    _check_same_names(list(given), expected)
    first = next(i for i, (a, b) in enumerate(zip(given, expected, strict=True)) if a != b)
    raise ModelError(
        f"Columns are in another order than the model's: column {first} is {given[first]}, not {expected[first]}",
        advice="Select the columns as X[list(booster.feature_names)]",
    )


def _check_same_names(given: list[str], expected: tuple[str, ...]) -> None:
    absent = [name for name in expected if name not in given]
    unknown = [name for name in given if name not in expected]
    if absent or unknown or len(given) != len(expected):
        said = [f"absent: {', '.join(absent)}"] if absent else []
        said += [f"unknown: {', '.join(unknown)}"] if unknown else []
        said += [f"{len(given)} names instead of {len(expected)}"] if not said else []
        raise ModelError(f"The features are not the model's ({'; '.join(said)})")


def _refuse_categories(X: Any, names: tuple[str, ...]) -> None:
    for name, dtype in zip(names, getattr(X, "dtypes", ()), strict=False):
        if str(dtype) == "category" or str(dtype).startswith(("Categorical", "Enum")):  # pandas; polars
            raise ModelError(f"Column {name} is categorical", advice="Use its ordered codes as numbers")


def _numbers(values: Any, what: str) -> NDArray[np.float64]:
    try:
        if hasattr(values, "iloc"):  # pandas, whose nullable columns have to be told what to write for NA
            return np.asarray(values.to_numpy(np.float64, na_value=np.nan))
        return np.asarray(values.to_numpy() if hasattr(values, "to_numpy") else values, np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Not all values of {what} are numbers ({error})") from error


def _as_float32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # becomes infinite, which the callers refuse by name
        return np.ascontiguousarray(values, np.float32)
