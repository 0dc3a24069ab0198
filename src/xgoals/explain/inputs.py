"""What a caller hands in, checked and made into float32 arrays in the model's column order.

A wrong column order gives plausible and wrong numbers, so names are compared wherever both sides have
them, and what XGBoost itself would refuse to predict (an infinite value) is refused here too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import Forest

Rows: TypeAlias = pd.DataFrame | NDArray[Any]
Baseline: TypeAlias = pd.Series | Mapping[str, float] | ArrayLike


def column_names(forest: Forest, X: Rows) -> tuple[str, ...]:
    """The names of the features: the model's, else the data's, else XGBoost's own f0, f1, ..."""
    if forest.feature_names is not None:
        return forest.feature_names
    if isinstance(X, pd.DataFrame):
        return tuple(map(str, X.columns))
    return tuple(f"f{i}" for i in range(forest.n_features))


def rows_of(X: Rows, forest: Forest) -> NDArray[np.float32]:
    """Shots as an (n, F) float32 array.

    Raises
    ------
    ModelError
        When the columns are not the model's, in the model's order; when a value is no number or infinite.
    """
    if isinstance(X, pd.DataFrame):
        _check_order(tuple(map(str, X.columns)), forest)
        _refuse_categories(X)
    values = _numbers(X, "the shots")
    if values.ndim != 2:
        raise ModelError(f"Shots must be a table (n, F), not an array with {values.ndim} dimension(s)")
    if values.shape[1] != forest.n_features:
        raise ModelError(f"The model has {forest.n_features} features, the shots have {values.shape[1]}")
    rows = _as_float32(values)
    infinite = np.argwhere(np.isinf(rows))
    if len(infinite):
        row, column = infinite[0]
        name = column_names(forest, X)[column]
        raise ModelError(f"Shot in row {row} has an infinite value of {name} (or one beyond float32)")
    return rows


def baseline_of(baseline: Baseline, names: tuple[str, ...]) -> NDArray[np.float32]:
    """The baseline row as an (F,) float32 array: by name when it has names, else by position.

    A missing value (NaN) is a value like any other; an infinite one is an error.

    Raises
    ------
    ModelError
        When a feature is absent or unknown, the count is wrong, or a value is infinite or no number.
    """
    if isinstance(baseline, Mapping):
        baseline = pd.Series(dict(baseline), dtype=object)
    if isinstance(baseline, pd.Series) and not isinstance(baseline.index, pd.RangeIndex):
        baseline = baseline.set_axis(baseline.index.map(str))
        _check_same_names(list(baseline.index), names)
        baseline = baseline[list(names)]
    values = _numbers(baseline, "the baseline")
    if values.shape != (len(names),):
        raise ModelError(f"The model has {len(names)} features, the baseline has shape {values.shape}")
    row = _as_float32(values)
    if np.isinf(row).any():
        name = names[int(np.flatnonzero(np.isinf(row))[0])]
        raise ModelError(f"The baseline has an infinite value of {name} (or one beyond float32)")
    return row


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


def _check_order(given: tuple[str, ...], forest: Forest) -> None:
    expected = forest.feature_names
    if expected is None or given == expected:
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


def _refuse_categories(X: pd.DataFrame) -> None:
    for name, dtype in X.dtypes.items():
        if isinstance(dtype, pd.CategoricalDtype):
            raise ModelError(f"Column {name} is categorical", advice="Use its ordered codes as numbers")


def _numbers(values: Any, what: str) -> NDArray[np.float64]:
    try:
        if isinstance(values, pd.DataFrame | pd.Series):
            return values.to_numpy(np.float64, na_value=np.nan)
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Not all values of {what} are numbers ({error})") from error


def _as_float32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # becomes infinite, which the callers refuse by name
        return np.ascontiguousarray(values, np.float32)
