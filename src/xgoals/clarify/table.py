"""A table as a job uses it: what its columns are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xgoals.clarify.columns import named
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.dataset.csv_file import read_csv_file
from xgoals.clarify.dataset.json_files import read_json_file, read_json_lines
from xgoals.clarify.dataset.parquet_file import read_parquet_file
from xgoals.clarify.dataset.raw import Raw
from xgoals.clarify.dataset.roles import features_among, features_by_place, named_by_place, roles_of
from xgoals.clarify.dataset.values import feature_values, refuse_what_is_no_value
from xgoals.clarify.note import Note
from xgoals.domain.errors import SettingsError
from xgoals.model.model_file.soundness import own_names


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a dataset.

    Attributes
    ----------
    features
        (n, F) what the model is asked with, in the order of the model's features; numbers, NaN is missing.
    label
        What happened, or None where the dataset has no label.
    predicted_label
        What was predicted, where the dataset says so itself.
    columns
        All columns as they were read, facets and the group variable among them.
    notes
        How data were read where there was a choice, and what of them is not used.
    """

    features: pd.DataFrame
    label: pd.Series | None
    predicted_label: pd.Series | None
    columns: pd.DataFrame
    notes: tuple[Note, ...] = ()


def read_table(path: Path, config: AnalysisConfig, feature_names: Sequence[str] | None) -> Table:
    """The rows of a dataset, as ``dataset_type`` says: a file, or a folder of files with the same columns.

    Parameters
    ----------
    path
        The file, gzipped or not where it is CSV, or a folder: all its files in the order of their names, those that
        begin with a dot or an underscore left out.
    feature_names
        The model's features. Where it knows no names (None, or f0, f1, ... that are not in the data) it takes all
        columns but label, predicted label, excluded columns and join source, in their order.

    Raises
    ------
    SettingsError
        If a file cannot be read or has no rows; a column that the configuration or the model asks for is missing; a
        feature has values that are no finite numbers (row, column and value of the first, and how many).
    """
    try:
        return _table(path, config, feature_names)
    except SettingsError as error:
        raise SettingsError(error.what, where=error.where or str(path), advice=error.advice) from None


def _table(path: Path, config: AnalysisConfig, feature_names: Sequence[str] | None) -> Table:
    raws = [_read(file, config, frozenset(feature_names or ())) for file in _files(path)]
    first = raws[0]
    for raw in raws[1:]:
        _check_same_columns(first, raw)
    columns = pd.concat([raw.frame for raw in raws], ignore_index=True) if len(raws) > 1 else first.frame
    notes = list(dict.fromkeys(note for raw in raws for note in raw.notes))
    roles = roles_of(_names_of(columns), config, first)
    if feature_names is not None and _are_no_names(feature_names, columns):
        names = features_by_place(_names_of(columns), roles, len(feature_names))
        notes.append(
            Note("model", "read", f"The model knows no names of features; its order is: {named(names)}.")
        )
    else:
        if feature_names is not None and not first.has_names:
            columns, roles, note = named_by_place(columns, roles, feature_names)
            notes.append(note)
        names = features_among(_names_of(columns), roles, feature_names)
    features = feature_values(columns, names, raws)
    counted = {*roles.facets, *(name for name in (roles.label, roles.predicted_label) if name is not None)}
    refuse_what_is_no_value(columns, counted, raws)
    if unused := [
        name for name in _names_of(columns) if name not in {*names, *roles.no_features, *roles.facets}
    ]:
        says = f"Columns that are no features of the model are not used: {named(unused)}."
        notes.append(Note("data", "ignored", says))
    return Table(
        features,
        columns[roles.label] if roles.label is not None else None,
        columns[roles.predicted_label] if roles.predicted_label is not None else None,
        columns,
        tuple(notes),
    )


def _are_no_names(feature_names: Sequence[str], columns: pd.DataFrame) -> bool:
    """Whether a model calls its features f0, f1, ..., as XGBoost calls what has no name, and the data do not."""
    own = own_names(len(feature_names))
    return tuple(feature_names) == own and not set(own) & set(columns)


def _names_of(columns: pd.DataFrame) -> list[str]:
    return [str(name) for name in columns]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        if not path.exists():
            raise SettingsError(
                "there is no such file", where=str(path), advice="Name the dataset's file or folder"
            )
        return [path]
    files = sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not any(part.startswith((".", "_")) for part in file.relative_to(path).parts)
    )
    if not files:
        raise SettingsError("there is no file in the folder", where=str(path))
    return files


def _read(path: Path, config: AnalysisConfig, feature_names: frozenset[str]) -> Raw:
    match config.dataset_type:
        case "text/csv":
            return read_csv_file(path, config.headers, feature_names | _names_in(config))
        case "application/x-parquet":
            return read_parquet_file(path, config.headers)
        case "application/jsonlines":
            return read_json_lines(path, config)
        case "application/json":
            return read_json_file(path, config)
    raise SettingsError(f"dataset_type: {config.dataset_type} is not read here, only tables are")


def _names_in(config: AnalysisConfig) -> frozenset[str]:
    """All names of columns that a configuration uses."""
    asked_for = [
        config.label, config.predicted_label, config.group_variable, config.joinsource_name_or_index,
        *(facet.name_or_index for facet in config.facet or ()), *(config.excluded_columns or ()),
    ]  # fmt: skip
    return frozenset(name for name in asked_for if isinstance(name, str))


def _check_same_columns(first: Raw, other: Raw) -> None:
    if list(first.frame.columns) != list(other.frame.columns):
        differ = sorted(set(first.frame.columns) ^ set(other.frame.columns))
        how = f"they differ in {named(differ)}" if differ else "their order differs"
        what = f"the columns are not those of {first.path.name}: {how}"
        raise SettingsError(what, where=str(other.path), advice="All files of a folder need the same columns")
