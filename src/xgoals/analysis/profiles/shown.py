"""What pages and the command show of a group: the features whose curves are furthest from everybody's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.profiles.curves import ForestOf, curves_of
from xgoals.analysis.profiles.everybody import Everybody
from xgoals.analysis.profiles.group import GroupProfile, group_profiles, is_enough
from xgoals.analysis.profiles.manifold import off_manifold
from xgoals.analysis.shots import FloatArray, floats, n_matches
from xgoals.model.seen.support import Support

SHOWN = 4
"""So many features stand on pages: those whose swing is furthest from everybody's."""


@dataclass(frozen=True, eq=False)
class Basis:
    """What all groups are profiled with.

    Attributes
    ----------
    feature_names
        All that the model asks about, in its order.
    everybody
        The curves of all shots: of whole matches, of a long history not all of them.
    n_shots, n_matches
        Of everybody's curves.
    """

    model_version: str
    feature_names: Sequence[str]
    forest_of: ForestOf
    support: Support
    everybody: Everybody
    n_shots: int
    n_matches: int


@dataclass(frozen=True, eq=False)
class ShownProfile:
    """A feature of a group, with the share of its shots that each value makes unlike any learned from, (g,)."""

    profile: GroupProfile
    off: FloatArray

    @property
    def name(self) -> str:
        """Of the feature."""
        return self.profile.everybody.grid.feature["name"]

    @property
    def grid_values(self) -> FloatArray:
        """The values that it was set to, (g,)."""
        return self.profile.everybody.grid.points


@dataclass(frozen=True, eq=False)
class GroupOnPage:
    """The profiles of a group.

    Attributes
    ----------
    shown
        Those asked for, or furthest from everybody's.
    n_features
        Out of so many that were compared.
    """

    basis: Basis
    shown: tuple[ShownProfile, ...]
    n_shots: int
    n_matches: int
    n_features: int

    def table(self) -> pd.DataFrame:
        """One row a value of each shown feature, the missing one (NaN) last.

        Returns
        -------
        DataFrame
            ``feature, value, share`` (of the group's shots nearest to it)``, xg`` (their mean, were it so)``,
            low, high`` (95 %)``, xg_everybody, share_unlike`` (of them unlike any that the model has learned from)``,
            n_shots, n_matches`` (with a value of it)``, model_version``.
        """
        tables = [_table(one) for one in self.shown]
        found = pd.concat(tables, ignore_index=True) if tables else _EMPTY.copy()
        return found.assign(model_version=self.basis.model_version)


_EMPTY = pd.DataFrame(
    columns=[
        "feature",
        "value",
        "share",
        "xg",
        "low",
        "high",
        "xg_everybody",
        "share_unlike",
        "n_shots",
        "n_matches",
    ]
)


def _table(one: ShownProfile) -> pd.DataFrame:
    own, everybody = one.profile.own, one.profile.everybody
    columns = {
        "value": one.grid_values,
        "share": one.profile.shares,
        "xg": own.mean,
        "low": own.low,
        "high": own.high,
        "xg_everybody": everybody.curve.mean,
        "share_unlike": one.off,
    }
    missing = {"xg": one.profile.at_missing, "xg_everybody": everybody.at_missing}
    rows = {name: np.append(values, missing.get(name, np.nan)) for name, values in columns.items()}
    return pd.DataFrame({"feature": one.name, **rows, "n_shots": own.n_shots, "n_matches": own.n_matches})


def profile_group(basis: Basis, shots: pd.DataFrame, features: Sequence[str] | None = None) -> GroupOnPage:
    """Work out the profiles of a group.

    Parameters
    ----------
    shots
        Its shots, at least one, as :func:`xgoals.store.explored.profiled.read_profiled` returns them.
    features
        Which to show, at least one shot has a value of each; None: those furthest from everybody's.
    """
    chosen = features or [
        name for name, of in basis.everybody.items() if of.is_on_map and _is_known(shots, name)
    ]
    grids = {name: basis.everybody[name].grid for name in chosen}
    curves = curves_of(shots, basis.feature_names, basis.forest_of, grids)
    off = off_manifold(shots, basis.support, grids)
    found = group_profiles(basis.everybody, curves, _values(shots, grids), off)
    shown = tuple(ShownProfile(of, off[of.everybody.grid.feature["name"]]) for of in found)
    if features is None:
        swings = ((one, one.profile.swing) for one in shown)
        shown = tuple(one for one, swing in swings if swing.is_compared and swing.own != 0)[:SHOWN]
    return GroupOnPage(basis, shown, len(shots), n_matches(shots), len(grids))


def _is_known(shots: pd.DataFrame, feature: str) -> bool:
    """Whether enough shots have a value, where there are enough; else one."""
    known = shots[shots[feature].notna()]
    if is_enough(len(shots), n_matches(shots)):
        return is_enough(len(known), n_matches(known))
    return not known.empty


def _values(shots: pd.DataFrame, grids: Mapping[str, object]) -> dict[str, FloatArray]:
    return {name: floats(shots[name]) for name in grids}
