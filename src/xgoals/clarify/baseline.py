"""``methods.shap.baseline`` of a job: rows in the configuration, a file of them, or none, then by column type."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.baselines.prototypes import prototypes
from xgoals.baselines.row_files import read_rows, rows_of_lists_and_objects
from xgoals.clarify.config import Shap
from xgoals.domain.errors import SettingsError
from xgoals.domain.model import ColumnKind

_SETTING = "methods.shap.baseline"


@dataclass(frozen=True, slots=True)
class BaselineRows:
    """What values of a job are against.

    Attributes
    ----------
    rows
        (m, features) in the order of the features, at least one; NaN is missing.
    weights
        (m,) how much each counts; together 1.
    said
        Where they come from, in a sentence for the report.
    """

    rows: pd.DataFrame
    weights: npt.NDArray[np.float64]
    said: str


def baseline_rows(
    shap: Shap, table: pd.DataFrame, kinds: Mapping[str, ColumnKind], folder: Path
) -> BaselineRows:
    """The baseline rows that a job asks for.

    Parameters
    ----------
    table
        The features of the dataset, in the model's order; what rows are made from where none is given.
    kinds
        Feature -> its kind, as `xgoals.baselines.kinds.infer_kinds` says.
    folder
        Where the configuration lies: a file is looked for from there.

    Raises
    ------
    SettingsError
        If rows are of another width, hold what is no number or name what is no feature (which row and column), if
        there is none, if baseline and ``num_clusters`` are both given, if a file cannot be read or lies in a bucket,
        or if there are more clusters than different rows.
    """
    if shap.baseline is None:
        return _by_column_type(shap, table, kinds)
    if shap.num_clusters is not None:
        raise SettingsError(
            "baseline rows and num_clusters are both given: rows are given, or made from clusters",
            where="methods.shap",
            advice="Leave one of them out",
        )
    if isinstance(shap.baseline, str):
        path = _path(shap.baseline, folder)
        return _alike(read_rows(path, list(kinds)), f"of {path.name}")
    return _alike(
        rows_of_lists_and_objects(list(shap.baseline), list(kinds), _SETTING), "of the configuration"
    )


def _alike(rows: pd.DataFrame, of: str) -> BaselineRows:
    said = f"One row {of}" if len(rows) == 1 else f"{len(rows)} rows {of}, all alike in weight"
    return BaselineRows(rows, np.full(len(rows), 1 / len(rows)), said)


def _by_column_type(shap: Shap, table: pd.DataFrame, kinds: Mapping[str, ColumnKind]) -> BaselineRows:
    if table.empty:
        raise SettingsError(
            "the dataset has no row to make a baseline from", where=_SETTING, advice="Give baseline rows"
        )
    n = 1 if shap.num_clusters is None else shap.num_clusters
    try:
        found = prototypes(table, kinds, n, seed=shap.seed or 0)
    except SettingsError as error:
        raise SettingsError(error.what, where="methods.shap.num_clusters", advice=error.advice) from None
    how = "mean of continuous columns, rounded mean of counts, mode of binary columns and categories"
    if n == 1:
        return BaselineRows(found.rows, found.weights, f"The typical row of the dataset: {how}")
    method = "k-prototypes" if {"binary", "category"} & set(kinds.values()) else "k-means"
    empty = f" ({n} were asked for, the others stayed without a row)" if len(found.rows) < n else ""
    return BaselineRows(
        found.rows,
        found.weights,
        f"{len(found.rows)} clusters{empty} of the dataset by {method}, each as its typical row ({how}), weighted by "
        "its share of the rows",
    )


def _path(given: str, folder: Path) -> Path:
    """The file that a path or an address means.

    Raises
    ------
    SettingsError
        If it is the address of something that is no file here.
    """
    address = urlsplit(given)
    if address.scheme == "file":
        return Path(unquote(address.path))
    if "://" in given:
        raise SettingsError(
            f"{given} does not lie on this machine, and a job opens no connection",
            where=_SETTING,
            advice="Copy the file beside the configuration and give its name",
        )
    return folder / given
