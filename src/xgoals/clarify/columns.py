"""Columns as a configuration names them: by name, or by their place counted from 0."""

from collections.abc import Collection, Sequence

from xgoals.domain.errors import SettingsError
from xgoals.settings.in_words import did_you_mean

_NAMED = 12


def column_of(columns: Sequence[str], name_or_index: str | int, key: str) -> str:
    """The name of the column that is meant.

    Parameters
    ----------
    columns
        All columns of the dataset, in its order.
    key
        The key of the configuration that names it, for messages.

    Raises
    ------
    SettingsError
        If there is no such column; of a name, which one may be meant.
    """
    if isinstance(name_or_index, int):
        if 0 <= name_or_index < len(columns):
            return columns[name_or_index]
        what = f"{key}: there is no column {name_or_index}; places count from 0, and there are {len(columns)} columns"
        raise SettingsError(what)
    if name_or_index in columns:
        return name_or_index
    near = did_you_mean(name_or_index, columns) or f"; there are: {named(columns)}"
    raise SettingsError(f"{key}: there is no column {name_or_index!r}{near}")


def named(names: Collection[str]) -> str:
    """The names in a row, of many only the first."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(list(names)[:_NAMED]) + more


def twins(names: Sequence[str]) -> str | None:
    """A name that is there twice."""
    return next((name for n, name in enumerate(names) if name in names[:n]), None) if names else None
