"""Our values as the shap library's own object, and the only place that imports the library."""

import warnings
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.inputs import Rows, table_of


def import_shap() -> ModuleType:
    """Import shap, which takes seconds, and keep its import's own deprecation warnings to itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"The set_\w+ function", category=PendingDeprecationWarning)
        import shap
    module: ModuleType = shap
    return module


def explanation(
    values: NDArray[np.float64],
    base_value: float,
    names: tuple[str, ...],
    X: Rows | None,
    display_data: Rows | None,
    labels: Mapping[str, str],
) -> Any:
    """A ``shap.Explanation`` of values (n, F) or (n, F, F): see `Attributions.to_shap`."""
    shape = (len(values), len(names))
    return import_shap().Explanation(
        values=values,
        base_values=np.full(len(values), base_value),
        data=None if X is None else _same_size(table_of(X, names, len(names)), shape, "X"),
        display_data=None
        if display_data is None
        else _same_size(_texts(display_data), shape, "display_data"),
        feature_names=_labelled(names, labels),
    )


def _texts(table: Any) -> NDArray[Any]:
    return np.asarray(table.to_numpy() if hasattr(table, "to_numpy") else table)


def _same_size(table: NDArray[Any], shape: tuple[int, int], what: str) -> NDArray[Any]:
    if table.shape != shape:
        raise ModelError(
            f"{what} has shape {table.shape}, the values are of {shape[0]} rows and {shape[1]} columns",
            advice="Pass the rows that were explained",
        )
    return table


def _labelled(names: tuple[str, ...], labels: Mapping[str, str]) -> list[str]:
    unknown = [name for name in labels if name not in names]
    if unknown:
        raise ModelError(
            f"Labels of what is not there: {', '.join(unknown)}", advice=f"There are: {', '.join(names)}"
        )
    return [labels.get(name, name) for name in names]
