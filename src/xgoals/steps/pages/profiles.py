"""Curves of stored shots: everybody's, which are worked out once a run, and those of any group beside them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError, SettingsError
from xgoals.settings.in_words import did_you_mean
from xgoals.store import features as feature_store
from xgoals.store import records as record_store
from xgoals.store import registry
from xgoals.store.evaluations import read_glass_box
from xgoals.store.explored.profiled import read_profiled
from xgoals.store.sisters import load_boosters
from xgoals.store.told.common_names import with_common_names

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.analysis.profiles.curves import Curves, ForestOf
    from xgoals.analysis.profiles.feature_profile import FeatureProfile
    from xgoals.analysis.profiles.shown import Basis, GroupOnPage
    from xgoals.domain.model import ModelVersion
    from xgoals.explain.forest import Forest
    from xgoals.model.artifact import Boosters

_MOST_TOLD = 12
"""So many values of a field can be read in a line."""
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
    """The profiles of a group, named as for `read_profiled`.

    None where it is too small to speak of, or has no feature that can be compared.
    """
    from xgoals.analysis.profiles.group import is_enough
    from xgoals.analysis.profiles.shown import profile_group
    from xgoals.analysis.shots import n_matches

    shots = read_profiled(connection, profiler.model, matches=matches, team=team, player=player)
    if not is_enough(len(shots), n_matches(shots)):
        return None
    found = profile_group(profiler.basis, shots)
    return found if found.shown else None


def profile_where(
    connection: Connection, features: "list[str] | None", wanted: Mapping[str, str]
) -> "GroupOnPage":
    """The champion's profiles of the stored shots with these fields; of all where there are none.

    Parameters
    ----------
    features
        Which to show; None: those furthest from everybody's.
    wanted
        Field -> value, compared without regard to case; of ``team`` and ``player`` the id will do.

    Raises
    ------
    ModelError
        If there is no champion, or no shot that it could speak of.
    SettingsError
        If there is no such feature, no shot has such a value, or several players have the name.
    """
    from xgoals.analysis.profiles.shown import profile_group

    champion = registry.champion_name(connection)
    if champion is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    model = registry.load_model(connection, champion)
    for name in features or ():
        _check_feature(name, model.feature_names, "Features")
    shots = read_profiled(connection, model)
    for field, value in wanted.items():
        shots = shots[_has(shots, field, value)]
    profiler = Profiler.of(connection, champion)
    if profiler is None or shots.empty:
        raise ModelError("no shot is stored that the champion could speak of", advice="Run: xgoals run")
    for name in features or ():
        _check_feature(name, list(profiler.basis.everybody), "Those that shots differ in")
        if shots[name].isna().all():
            raise SettingsError(
                f"none of these {len(shots)} shots has a value of '{name}'",
                where="--feature",
                advice="Ask for other shots, or another feature",
            )
    return profile_group(profiler.basis, shots.reset_index(drop=True), features)


def _check_feature(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        raise SettingsError(
            f"no feature '{name}'{did_you_mean(name, known)}",
            where="--feature",
            advice=f"{what}: {', '.join(known)}",
        )


def _has(shots: "pd.DataFrame", field: str, value: str) -> "pd.Series[bool]":
    """Which shots have a field's value; some have."""
    column = shots[field].astype(str)
    told = set(column)
    chosen = column.str.casefold() == value.casefold()
    if field == "player":  # as pages call him, too
        known = with_common_names(shots[["player"]], "player")["player"].astype(str)
        chosen |= known.str.casefold() == value.casefold()
        told |= set(known)
    if (id_of := f"{field}_id") in shots and not chosen.any():
        chosen = shots[id_of].astype(str) == value
    if not chosen.any():
        there = f"There are: {', '.join(sorted(told))}. " if len(told) <= _MOST_TOLD else ""
        raise SettingsError(
            f"no shot has the {field.replace('_', ' ')} '{value}'{did_you_mean(value, sorted(told))}",
            where=f"--{field}" if field in ("team", "player") else "--where",
            advice=f"{there}Names count as a whole, and all conditions at once: "
            "leave one out to see whether it is this one",
        )
    if field == "player" and shots.loc[chosen, ["provider", "player_id"]].drop_duplicates().shape[0] > 1:
        of_name = shots[chosen].drop_duplicates(["provider", "player_id"])
        ids = [f"{row.player_id} ({row.team})" for row in of_name.itertuples()]
        raise SettingsError(
            f"several players are called '{value}'", where="--player", advice=f"Name the id: {', '.join(ids)}"
        )
    return chosen


def _forests(boosters: "Boosters") -> "ForestOf":
    from xgoals.explain.forest import read_forest

    @cache
    def forest_of(sister: int) -> "Forest":
        """The trees of a sister, read once."""
        return read_forest(boosters.of(sister))

    return forest_of
