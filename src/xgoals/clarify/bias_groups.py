"""Who is compared with whom: the groups that the facets of a configuration make of a table's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from xgoals.bias.facets import Selection, every_value, selected
from xgoals.bias.groups import Flags
from xgoals.clarify.columns import column_of
from xgoals.clarify.config import AnalysisConfig, Facet
from xgoals.clarify.table import Table
from xgoals.domain.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a facet that are compared with all others."""

    facet: str
    rows: Selection


def groups_of(config: AnalysisConfig, table: Table, notes: list[str]) -> tuple[Group, ...]:
    """The groups of all facets; those too small to say anything are added to the notes.

    Raises
    ------
    SettingsError
        There is no facet, its column does not exist, or it is continuous and has no threshold.
    """
    if not config.facet:
        raise SettingsError(
            "Bias is asked for, and no facet says between whom.", advice="Name in facet at least one column."
        )
    groups = tuple(
        group for n, facet in enumerate(config.facet) for group in _groups(facet, f"facet[{n}]", table)
    )
    notes.extend(_notes_on_gaps(config.facet, table))
    notes.extend(_notes_on(groups))
    return groups


def group_variable(config: AnalysisConfig, table: Table) -> NDArray[Any] | None:
    """The subgroups within which CDDL and CDDPL compare, or None where no column is named."""
    if config.group_variable is None:
        return None
    return values_of(table, config.group_variable, "group_variable").to_numpy()


def neighbours_by(config: AnalysisConfig, table: Table, facet: str) -> NDArray[Any]:
    """The columns by which FT looks for neighbours: all but label, prediction, facet and what is left out."""
    names = list(table.columns.columns)
    apart = [facet, *(column.name for column in (table.label, table.predicted_label) if column is not None)]
    apart += [column_of(names, name, "excluded_columns") for name in config.excluded_columns or ()]
    if config.joinsource_name_or_index is not None:
        apart.append(column_of(names, config.joinsource_name_or_index, "joinsource_name_or_index"))
    columns = table.columns.drop(columns=apart, errors="ignore")
    values = columns.to_numpy()
    if values.dtype == object and all(map(types.is_numeric_dtype, columns.dtypes)):  # truths beside numbers
        return columns.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def values_of(table: Table, name_or_index: str | int, key: str) -> "pd.Series[Any]":
    """The values of a column that the configuration names by name or place; refused as `column_of` does."""
    return table.columns[column_of(list(table.columns.columns), name_or_index, key)]


def some_of(values: Sequence[object]) -> str:
    """The first five, and how many more there are."""
    shown = ", ".join(map(str, values[:5]))
    return f"{shown} and {len(values) - 5:,} more" if len(values) > 5 else shown


def _groups(facet: Facet, key: str, table: Table) -> list[Group]:
    column = values_of(table, facet.name_or_index, "facet")
    values = facet.value_or_threshold
    try:
        selections = [selected(column, values)] if values else every_value(column)
    except SettingsError as error:
        raise SettingsError(error.what, where=f"{key}.value_or_threshold", advice=error.advice) from None
    return [Group(str(column.name), rows) for rows in selections]


def _notes_on_gaps(facets: Sequence[Facet], table: Table) -> Iterator[str]:
    for facet in facets:
        column = values_of(table, facet.name_or_index, "facet")
        if facet.value_or_threshold and (n := int(column.isna().sum())):
            rows = "One row has" if n == 1 else f"{n:,} rows have"
            yield f"{rows} no {column.name!r}: among the others, as in smclarify."


def notes_on_one_label(groups: Sequence[Group], label: Flags) -> Iterator[str]:
    """Of groups that have one label only while the others have both: distances leave the missing label out."""
    one: dict[str, list[str]] = {}
    for group in groups:
        own, others = label[group.rows.members], label[~group.rows.members]
        if len(own) and own.all() == own.any() and others.all() != others.any():
            one.setdefault(group.facet, []).append(group.rows.value_or_threshold)
    for facet, values in one.items():
        yield (
            f"Only one label occurs in the facet {facet!r} with {some_of(values)}: KL, JS, LP, TVD and KS leave the "
            "other label out, as in smclarify, so that KL can be negative."
        )


def _notes_on(groups: Sequence[Group]) -> Iterator[str]:
    alone: dict[str, list[str]] = {}
    for group in groups:
        n, others = int(group.rows.members.sum()), int((~group.rows.members).sum())
        who = f"The facet {group.facet!r} with {group.rows.value_or_threshold}"
        if group.rows.note:
            yield group.rows.note
        if 0 in (n, others):
            yield f"{who} has {'all rows' if n else 'no row'}: there is nobody to compare."
        elif 1 in (n, others):
            alone.setdefault(group.facet, []).append(group.rows.value_or_threshold)
    for facet, values in alone.items():
        who = f"One row is compared with all others in the facet {facet!r}"
        yield f"{who}, which says nothing about groups: {some_of(values)}."
