"""What the columns of a dataset are for: label, facets, columns that are set aside, and the features of the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.clarify.columns import column_of, named
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.dataset.raw import Raw
from xgoals.clarify.note import Note
from xgoals.domain.errors import SettingsError
from xgoals.settings.in_words import did_you_mean


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns by what they are for; a facet may be a feature as well.

    Attributes
    ----------
    aside
        Excluded columns and the join source.
    facets
        The facets and the group variable.
    """

    label: str | None
    predicted_label: str | None
    aside: frozenset[str]
    facets: frozenset[str]

    @property
    def no_features(self) -> frozenset[str]:
        """What no model is asked with."""
        return self.aside | {name for name in (self.label, self.predicted_label) if name is not None}

    def renamed(self, names: Mapping[str, str]) -> "Roles":
        """The same where columns have got other names."""
        return Roles(
            self.label,
            self.predicted_label,
            self.aside,
            frozenset(names.get(name, name) for name in self.facets),
        )


def roles_of(columns: Sequence[str], config: AnalysisConfig, raw: Raw) -> Roles:
    """The columns that a configuration names.

    Raises
    ------
    SettingsError
        If one is not there.
    """

    def some(names: Mapping[str, str | int | None]) -> dict[str, str]:
        return {key: column_of(columns, name, key) for key, name in names.items() if name is not None}

    labels = some(
        {key: getattr(config, key) for key in ("label", "predicted_label") if not getattr(raw, key)}
    )
    aside = some({f"excluded_columns[{n}]": name for n, name in enumerate(config.excluded_columns or ())})
    aside |= some({"joinsource_name_or_index": config.joinsource_name_or_index})
    facets = some(
        {f"facet[{n}].name_or_index": facet.name_or_index for n, facet in enumerate(config.facet or ())}
    )
    facets |= some({"group_variable": config.group_variable})
    return Roles(
        raw.label or labels.get("label"),
        raw.predicted_label or labels.get("predicted_label"),
        frozenset(aside.values()),
        frozenset(facets.values()),
    )


def named_by_place(
    columns: pd.DataFrame, roles: Roles, feature_names: Sequence[str]
) -> tuple[pd.DataFrame, Roles, Note]:
    """Columns that nobody has named take the model's names in the model's order, as Clarify asks a model.

    Raises
    ------
    SettingsError
        If there are more or fewer than the model has features.
    """
    places = features_by_place([str(name) for name in columns], roles, len(feature_names))
    names = dict(zip(places, feature_names, strict=True))
    says = "Nobody has named the columns: they are taken for the model's features in the order of the model."
    return columns.rename(columns=names), roles.renamed(names), Note("headers", "read", says)


def features_by_place(columns: Sequence[str], roles: Roles, n_features: int) -> list[str]:
    """All columns that are not for something else, where no names tell which the model is asked with.

    Raises
    ------
    SettingsError
        If there are more or fewer than the model has features.
    """
    names = [name for name in columns if name not in roles.no_features]
    if len(names) != n_features:
        raise SettingsError(
            f"the model has {n_features} features, and without label and excluded columns the data have {len(names)} "
            f"columns: {named(names)}",
            advice="Names of data or model do not tell which these are: put what is no feature into excluded_columns",
        )
    return names


def features_among(columns: Sequence[str], roles: Roles, feature_names: Sequence[str] | None) -> list[str]:
    """The columns that the model is asked with, in its order.

    Raises
    ------
    SettingsError
        If one is missing, or is a label or set aside.
    """
    if feature_names is None:
        return [name for name in columns if name not in roles.no_features]
    if missing := [name for name in feature_names if name not in columns]:
        near = did_you_mean(missing[0], columns) if len(missing) == 1 else ""
        raise SettingsError(
            f"{len(missing)} of the model's {len(feature_names)} features are missing: {named(missing)}{near}",
            advice=f"There are: {named(columns)}. Name the columns as the model's features are",
        )
    if taken := [name for name in feature_names if name in roles.no_features]:
        raise SettingsError(
            f"the model needs {taken[0]}, and the configuration has it as label, predicted label, excluded column or "
            "join source",
            advice="A column cannot be both",
        )
    return list(feature_names)
