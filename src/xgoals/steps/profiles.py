"""Curves of stored shots: everybody's, which are worked out once a run, and those of any group beside them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.store import features as feature_store
from xgoals.store import records as record_store
from xgoals.store.evaluations import read_glass_box
from xgoals.store.profiled import read_profiled
from xgoals.store.sisters import load_boosters

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.analysis.profiles.curves import Curves, ForestOf
    from xgoals.analysis.profiles.feature_profile import FeatureProfile
    from xgoals.analysis.profiles.shown import Basis, GroupOnPage
    from xgoals.domain.model import ModelVersion
    from xgoals.explain.forest import Forest
    from xgoals.model.artifact import Boosters

MOST_SHOTS = 6_000
"""Everybody's curves are of whole matches with at most so many shots: of more they would be no other lines."""


@dataclass(frozen=True)
class Profiler:
    """What the curves of all groups are made with.

    Attributes
    ----------
    basis
        Everybody's curves, and what others are made by.
    curves
        Of the single shots that everybody's are the mean of; ``shots`` are these, in the same order.
    """

    model: "ModelVersion"
    basis: "Basis"
    shots: "pd.DataFrame"
    curves: "Curves"

    @classmethod
    def of(cls, connection: Connection, model_version: str) -> "Profiler | None":
        """By a model's own trees; None where no shot is stored that it could speak of.

        Raises
        ------
        ModelError
            If the model's bytes are not those that were registered, or were cleaned away.
        """
        from xgoals.analysis.profiles.curves import curves_of
        from xgoals.analysis.profiles.everybody import everybody_of
        from xgoals.analysis.profiles.grid import grids_of
        from xgoals.analysis.profiles.manifold import off_manifold
        from xgoals.analysis.profiles.shown import Basis
        from xgoals.analysis.shots import n_matches
        from xgoals.model.artifact import catalogue_of
        from xgoals.model.seen.support import Support

        boosters = load_boosters(connection, model_version)
        model = boosters.model
        matches, _ = record_store.sampled_matches(connection, MOST_SHOTS)
        shots = read_profiled(connection, model, matches=matches)
        if shots.empty:
            return None
        features: list[Any] = feature_store.definitions(connection, model.catalogue, model.catalogue_version)
        forest_of = _forests(boosters)
        curves = curves_of(shots, model.feature_names, forest_of, grids_of(shots, features))
        support = Support.of(feature_store.read_window(connection, model), catalogue_of(model))
        basis = Basis(
            model_version,
            model.feature_names,
            forest_of,
            support,
            everybody_of(curves, off_manifold(shots, support, curves.grids)),
            len(shots),
            n_matches(shots),
        )
        return cls(model, basis, shots, curves)

    def features(self, connection: Connection) -> "Mapping[str, FeatureProfile]":
        """Every feature as the model report shows it."""
        from xgoals.analysis.profiles.feature_profile import feature_profiles

        boosters = load_boosters(connection, self.model.model_version)
        xg = boosters.predict(self.shots[list(self.model.feature_names)], self.shots["sister"].to_numpy())
        steps = read_glass_box(connection, self.model.model_version)
        return feature_profiles(self.basis.everybody, self.curves, xg, steps)


def enough(
    connection: Connection,
    profiler: Profiler,
    matches: "Collection[tuple[str, str]] | None",
    team: tuple[str, str] | None,
    player: tuple[str, str] | None,
) -> "GroupOnPage | None":
    """The profiles of a group as :func:`xgoals.store.profiled.read_profiled` names it; None where it is too small."""
    from xgoals.analysis.profiles.group import is_enough
    from xgoals.analysis.profiles.shown import profile_group
    from xgoals.analysis.shots import n_matches

    shots = read_profiled(connection, profiler.model, matches=matches, team=team, player=player)
    if not is_enough(len(shots), n_matches(shots)):
        return None
    return profile_group(profiler.basis, shots)


def _forests(boosters: "Boosters") -> "ForestOf":
    from xgoals.explain.forest import read_forest

    @cache
    def forest_of(sister: int) -> "Forest":
        """The trees of a sister, read once."""
        return read_forest(boosters.of(sister))

    return forest_of
