"""Why this xG, in football's order: the average, from there, then the keeper, the opponents and the strike.

An analyst says: from there, with the foot, one in five goes in; the keeper stood as keepers do, nobody closed him
down, hence one in three. So a shot is compared with itself, at its own place and of its own kind, amid the people and
with the strike of real shots from the same spot. What place and people share goes to the place, by decision:
asymmetric Shapley values (Frye, Rowat and Feige 2020). Keeper, opponents and strike then play a game of their own,
whose every coalition is a scene that could be, averaged over the references.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.reason import Part
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue, Feature
from xgoals.features.scenes import Scenes
from xgoals.reasons.players import shapley_values
from xgoals.reasons.references import References
from xgoals.reasons.transplant import People, Some, bare_shots, moved, scenes_with

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

N_COALITIONS = 8
PLAYERS = (Part.KEEPER, Part.OPPONENTS, Part.STRIKE)
"""Those who play; player i is bit i of a coalition."""
KIND = frozenset({"Header", "FootShot", "FreeKick", "Penalty", "TakerSetup"})
"""Features of a shot's kind, which go with its place whatever their group."""


@dataclass(frozen=True)
class Compared:
    """Shots to be explained, and the real shots that they are compared with.

    Attributes
    ----------
    scenes, features
        n shots with their people, and their features in the catalogue's order, shape (n, p).
    pool, pool_features
        The reference shots, all with a keeper, and their features.
    references
        Which of the pool each shot is compared with.
    catalogue
        What the features are.
    """

    scenes: Scenes
    features: FloatArray
    pool: Scenes
    pool_features: FloatArray
    references: References
    catalogue: Catalogue

    @cached_property
    def people(self) -> People:
        """Everybody around the shots."""
        return People.of(self.scenes)

    @cached_property
    def pool_people(self) -> People:
        """Everybody around the reference shots."""
        return People.of(self.pool)

    @cached_property
    def has_keeper(self) -> BoolArray:
        """Whether a shot's keeper is in its frame, (n,)."""
        return np.isfinite(self.scenes.keeper_xy_m[0])

    @cached_property
    def is_present(self) -> BoolArray:
        """Whether each of ``PLAYERS`` is known, to the feed and to the model that is asked, (n, 3)."""
        told = [np.isfinite(self.features[:, self.columns[part]]).any(axis=1) for part in PLAYERS]
        return np.column_stack([self.has_keeper & told[0], self.scenes.has_people & told[1], told[2]])

    @cached_property
    def columns(self) -> dict[Part, list[int]]:
        """The columns that go with each part."""
        of: dict[Part, list[int]] = {part: [] for part in Part}
        for column, feature in enumerate(self.catalogue.features):
            if feature.name in KIND or feature.group == "place":
                of[Part.PLACE].append(column)
            elif feature.group == "execution":
                of[Part.STRIKE].append(column)
            else:
                of[Part(feature.group)].append(column)
        return of

    def feature(self, name: str) -> Feature:
        """A feature of the catalogue."""
        return self.catalogue.features[self.catalogue.names.index(name)]

    @cached_property
    def shots(self) -> pd.DataFrame:
        """What scenes that could be are made of beside people."""
        return bare_shots(self.scenes)

    def prepare(self) -> None:
        """Compute what is kept, before several threads ask for it."""
        for scenes in (self.scenes, self.pool):
            _ = scenes.keeper_xy_m, scenes.goal_x_m, scenes.has_people
        _ = self.people, self.pool_people, self.is_present, self.columns, self.shots

    def built(self, part: Part, shots: IndexArray, *people: Some, on_grid: bool = True) -> FloatArray:
        """The features of a part of these shots amid these people, (m, features of the part)."""
        chosen = tuple(self.catalogue.features[column] for column in self.columns[part])
        if not on_grid:
            chosen = tuple(replace(feature, per_unit=None) for feature in chosen)
        own = Catalogue(self.catalogue.name, self.catalogue.version, chosen)
        scenes = scenes_with(self.shots, shots, people, self.scenes)
        return build_features(scenes, own).to_numpy(dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Scenes that could be, for some shots; what many coalitions share is there once.

    Attributes
    ----------
    shots
        Which shots, shape (b,).
    rows, shot
        Features of the different scenes, (m, p), and the shot that each belongs to, (m,).
    row
        Which of the rows each coalition of each reference is, (b, k, 8): in coalition c the players whose bit is set
        are the shot's own.
    is_known
        Which references there are, (b, k).
    """

    shots: IndexArray
    rows: FloatArray
    shot: IndexArray
    row: IndexArray
    is_known: BoolArray

    def worth(self, predicted: FloatArray) -> FloatArray:
        """What each coalition is worth: the mean over the references there are, (b, 8); NaN where there are none.

        Parameters
        ----------
        predicted
            The model's answers to ``rows``, (m,).
        """
        known = self.is_known[:, :, None]
        n = known.sum(axis=1)
        total = np.where(known, predicted[self.row], 0.0).sum(axis=1)
        return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def blocks_of(compared: Compared, size: int) -> Iterator[IndexArray]:
    """The shots that have references (penalties have none), so many at once."""
    plays = np.flatnonzero(compared.references.is_known.any(axis=1))
    return (plays[begin : begin + size] for begin in range(0, len(plays), size))


def coalitions(compared: Compared, shots: IndexArray) -> Coalitions:
    """Every coalition's scene of these shots and their references."""
    k, of_strike = compared.references.rows.shape[1], compared.columns[Part.STRIKE]
    shot, reference = np.repeat(shots, k), compared.references.rows[shots].ravel()
    own = compared.features[shot]
    amid = [*_amid(compared, shot, reference), own]
    strike = compared.pool_features[reference][:, of_strike]
    strike = np.where(np.isnan(own[:, of_strike]) | np.isnan(strike), own[:, of_strike], strike)
    is_other = ~_same(strike, own[:, of_strike])
    found, row = _Rows([], []), np.empty((len(shot), N_COALITIONS), dtype=np.intp)
    as_they_are = found.add(compared.features[shots], shots)
    for people, scenes in enumerate(amid):
        row[:, people | 4] = np.repeat(as_they_are, k) if people == 3 else found.add(scenes, shot)
        row[:, people] = row[:, people | 4]
        struck = scenes[is_other]
        struck[:, of_strike] = strike[is_other]
        row[is_other, people] = (found.add_different if people == 3 else found.add)(struck, shot[is_other])
    return Coalitions(
        shots,
        np.concatenate(found.features),
        np.concatenate(found.shot),
        row.reshape(len(shots), k, N_COALITIONS),
        compared.references.is_known[shots],
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Scenes as they come together, and the shots that they belong to."""

    features: list[FloatArray]
    shot: list[IndexArray]

    def add(self, features: FloatArray, shot: IndexArray) -> IndexArray:
        """Their numbers among all rows."""
        begin = sum(len(some) for some in self.shot)
        self.features.append(features)
        self.shot.append(shot)
        return begin + np.arange(len(shot), dtype=np.intp)

    def add_different(self, features: FloatArray, shot: IndexArray) -> IndexArray:
        """The same of scenes of which many are equal: each is added once."""
        keys = np.column_stack([shot, np.nan_to_num(features, nan=-1e9)])
        _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        return self.add(features[first], shot[first])[number.ravel()]


def _same(left: FloatArray, right: FloatArray) -> BoolArray:
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    return np.asarray(same.all(axis=1))


def _amid(compared: Compared, shot: IndexArray, reference: IndexArray) -> list[FloatArray]:
    """The shots amid the reference's people; then with their own keeper; then with the reference's keeper alone.

    What a shot lacks (a frame, a keeper) is hidden in its references, too.
    """
    others, own = compared.pool_people, compared.people
    row, person = others.of_scenes(reference)
    theirs = Some.of(others, row, person)
    theirs = moved(compared.scenes, compared.pool, shot, reference, theirs)
    their_keepers, their_field = theirs.where(theirs.is_keeper), theirs.where(~theirs.is_keeper)
    row, person = own.of_scenes(shot)
    ours = Some.of(own, row, person)
    our_keepers, our_field = ours.where(ours.is_keeper), ours.where(~ours.is_keeper)
    of_opponents, of_keeper = compared.columns[Part.OPPONENTS], compared.columns[Part.KEEPER]
    opponents = compared.built(Part.OPPONENTS, shot, their_field, their_keepers)
    amid = ((their_keepers, their_field), (our_keepers, their_field), (their_keepers, our_field))
    # All three at once: what a single shot takes is mostly the beginning.
    everybody = [some.moved_by(n * len(shot)) for n, people in enumerate(amid) for some in people]
    keepers = compared.built(Part.KEEPER, np.tile(shot, len(amid)), *everybody)
    result = []
    for (_, field), of_keepers in zip(amid, np.split(keepers, len(amid)), strict=True):
        scenes = compared.features[shot]
        if field is their_field:
            _put(scenes, compared.scenes.has_people[shot], of_opponents, opponents)
        _put(scenes, compared.has_keeper[shot], of_keeper, of_keepers)
        result.append(scenes)
    return result


def _put(scenes: FloatArray, known: BoolArray, columns: list[int], values: FloatArray) -> None:
    scenes[:, columns] = np.where(known[:, None], values, scenes[:, columns])


def parts_of(worth: FloatArray, xg: FloatArray, average_xg: float, is_present: BoolArray) -> FloatArray:
    """Place, keeper, opponents and strike, shape (n, 4), in the order of :class:`Part`.

    Parameters
    ----------
    worth
        As :meth:`Coalitions.worth` says, (n, 8).
    xg
        The model's answer to the shots themselves, (n,).
    average_xg
        Where every shot begins.
    is_present
        Whether each of ``PLAYERS`` is known, (n, 3): what a shot lacks has no value.

    Returns
    -------
    ndarray
        With the average they add up to the xG, NaN counting nothing. Without any reference all of it is the
        place's.
    """
    has_references = ~np.isnan(worth[:, 0])
    values = shapley_values(np.where(has_references[:, None], worth, 0.0))
    values = np.where(is_present & has_references[:, None], values, np.nan)
    place = xg - average_xg - np.nansum(values, axis=1)
    return np.column_stack([place, values])
