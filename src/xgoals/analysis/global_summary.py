"""What thousands of explanations say together, as it is stored: mean |value| of features by season and club.

Over shots without penalties: hand those in. Means of absolute values are what the original shows (Clarify's
``mean_abs``); the plain mean beside it says in which direction.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

SCOPES: Mapping[str, Sequence[str]] = {"all": (), "season": ("competition", "season"), "club": ("team",)}
"""Scope -> the columns whose values tell its members apart."""


def global_summary(
    explained: pd.DataFrame, feature_names: Sequence[str], scopes: Mapping[str, Sequence[str]] = SCOPES
) -> pd.DataFrame:
    """Mean |value| and mean value of every feature, over all shots and over those of each season and club.

    Parameters
    ----------
    explained
        One row a shot: the scopes' columns and ``shap_<feature>`` for every feature.
    feature_names
        The features.
    scopes
        Scope -> columns; no columns means all shots together.

    Returns
    -------
    DataFrame
        ``scope, scope_id, scope_label, feature, n_shots, mean_abs, mean``.
    """
    values = explained[[f"shap_{name}" for name in feature_names]].set_axis(
        list(feature_names), axis="columns"
    )
    parts = [_of_scope(values, scope, _members(explained, columns)) for scope, columns in scopes.items()]
    columns = ["scope", "scope_id", "scope_label", "feature", "n_shots", "mean_abs", "mean"]
    return pd.concat(parts, ignore_index=True)[columns]


def _members(explained: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """For each shot the member of the scope that it belongs to, such as "Bundesliga 2023/24"."""
    label = pd.Series("all", index=explained.index)
    if columns:
        label = explained[columns[0]].astype(str)
        for column in columns[1:]:
            label = label + " " + explained[column].astype(str)
    return label.rename("scope_id")


def _of_scope(values: pd.DataFrame, scope: str, members: pd.Series) -> pd.DataFrame:
    sizes = members.value_counts()
    long = values.groupby(members).mean().melt(ignore_index=False, var_name="feature", value_name="mean")
    absolute = values.abs().groupby(members).mean().melt(value_name="mean_abs")
    part = long.reset_index().assign(mean_abs=absolute["mean_abs"], scope=scope)
    return part.assign(scope_label=part["scope_id"], n_shots=part["scope_id"].map(sizes).astype(int))
