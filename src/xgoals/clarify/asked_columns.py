"""Columns that a configuration asks for by name or by index, among the features of the model."""

from collections.abc import Sequence

from xgoals.domain.errors import SettingsError


def asked_features(
    asked: Sequence[int | str], columns: Sequence[str], features: Sequence[str], setting: str
) -> tuple[str, ...]:
    """The names of the features that are asked for, in the model's order.

    Parameters
    ----------
    asked
        Names, or places among the columns of the dataset, counted from 0.
    columns
        All columns of the dataset.
    features
        Those that the model is asked with.
    setting
        Where it is asked, for messages.

    Raises
    ------
    SettingsError
        If nothing is asked for, or one is no column or no feature of the model.
    """
    if not asked:
        raise SettingsError("the list is empty", where=setting, advice="Leave it out for all features")
    names = {_name(one, columns, setting) for one in asked}
    if unknown := sorted(names - set(features)):
        raise SettingsError(
            f"{unknown[0]} is no feature of the model",
            where=setting,
            advice=f"Features: {', '.join(features)}",
        )
    return tuple(name for name in features if name in names)


def _name(asked: int | str, columns: Sequence[str], setting: str) -> str:
    if isinstance(asked, str):
        return asked
    if not 0 <= asked < len(columns):
        raise SettingsError(
            f"there is no column {asked}",
            where=setting,
            advice=f"The dataset has columns 0 to {len(columns) - 1}",
        )
    return columns[asked]
