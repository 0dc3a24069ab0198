"""Why this xG, in football's order: the average, from there, then the keeper, the opponents and the strike.

An analyst says: from there, with the foot, one in five goes in; the keeper stood as keepers do, nobody closed him
down, hence one in three. So a shot is compared with itself, at its own place and of its own kind, amid the people and
with the strike of real shots from the same spot. What place and people share goes to the place, by decision:
asymmetric Shapley values (Frye, Rowat and Feige 2020). Keeper, opponents and strike then play a game of their own,
whose every coalition is a scene that could be, averaged over the references.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.reason import Part
from xgoals.domain.shot import ShotType
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes
from xgoals.reasons.players import shapley_values
from xgoals.reasons.references import References
from xgoals.reasons.transplant import People, transplanted

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

SHOTS_A_BLOCK = 512
"""So many shots are transplanted at once: some hundred thousand people."""
N_COALITIONS = 8


PLAYERS = (Part.KEEPER, Part.OPPONENTS, Part.STRIKE)
"""Those who play; player i is bit i of a coalition."""
KIND = frozenset({"Header", "FootShot", "FreeKick", "Penalty", "TakerSetup"})
"""Features of a shot's kind, which go with its place whatever their group."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Shots to be explained, and the real shots that they are compared with.

    Attributes
    ----------
    scenes, features
        n shots with their people, and their features in the catalogue's order, shape (n, p).
    pool, pool_features
        The reference shots, all with a keeper and opponents, and their features.
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


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Scenes that could be, for some shots.

    Attributes
    ----------
    shots
        Which shots, shape (b,).
    features
        Shape (b, k, 8, p): reference by reference, coalition by coalition; in coalition c the players whose bit is
        set are the shot's own.
    is_known
        Which references there are, (b, k).
    """

    shots: IndexArray
    features: FloatArray
    is_known: BoolArray


def coalitions(compared: Compared, *, shots_a_block: int = SHOTS_A_BLOCK) -> Iterator[Coalitions]:
    """Every coalition's scene of every shot and reference, block by block; penalties are left out."""
    people = People.of(compared.scenes), People.of(compared.pool)
    plays = np.flatnonzero(~compared.scenes.is_word("shot_type", ShotType.PENALTY))
    for begin in range(0, len(plays), shots_a_block):
        shots = plays[begin : begin + shots_a_block]
        yield Coalitions(shots, _features(compared, shots, people), compared.references.is_known[shots])


def worth(block: Coalitions, predicted: FloatArray) -> FloatArray:
    """What each coalition is worth: the mean over the references there are, (b, 8); NaN where there are none.

    Parameters
    ----------
    predicted
        The model's answers to ``block.features``, shape (b, k, 8).
    """
    known = block.is_known[:, :, None]
    n = known.sum(axis=1)
    total = np.where(known, predicted, 0.0).sum(axis=1)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def parts_of(worths: FloatArray, xg: FloatArray, base_value: float, is_present: BoolArray) -> FloatArray:
    """Place, keeper, opponents and strike, shape (n, 4), in the order of :class:`Part`.

    Parameters
    ----------
    worths
        As :func:`worth` says, (n, 8).
    xg
        The model's answer to the shots themselves, (n,).
    base_value
        The model's mean xG.
    is_present
        Whether each of ``PLAYERS`` is known, (n, 3): what a shot lacks has no value.

    Returns
    -------
    ndarray
        With the base value they add up to the xG, NaN counting nothing. Without any reference all of it is the
        place's.
    """
    has_references = ~np.isnan(worths[:, 0])
    values = shapley_values(np.where(has_references[:, None], worths, 0.0))
    values = np.where(is_present & has_references[:, None], values, np.nan)
    place = xg - base_value - np.nansum(values, axis=1)
    return np.column_stack([place, values])


def present(scenes: Scenes) -> BoolArray:
    """Whether keeper, opponents and strike of each shot are known, (n, 3)."""
    has_keeper = np.isfinite(scenes.keeper_xy_m[0])
    return np.column_stack([has_keeper, scenes.has_people, np.ones(len(scenes), dtype=bool)])


def _features(compared: Compared, shots: IndexArray, people: tuple[People, People]) -> FloatArray:
    names = compared.catalogue.names
    k = compared.references.rows.shape[1]
    shot = np.repeat(shots, k)
    reference = compared.references.rows[shots].ravel()
    own, other = compared.features[shot], compared.pool_features[reference]
    of = _columns(compared.catalogue)
    lacks = ~present(compared.scenes)[shot]
    result = np.empty((len(shot), N_COALITIONS, len(names)))
    for coalition in range(N_COALITIONS):
        has_keeper, has_opponents, has_strike = (bool(coalition >> bit & 1) for bit in range(3))
        if not has_strike:
            amid = result[:, coalition]
            amid[:] = (
                own
                if has_keeper and has_opponents
                else _amid(compared, shot, reference, people, keeper=has_keeper, opponents=has_opponents)
            )
            for player, columns in ((0, of[Part.KEEPER]), (1, of[Part.OPPONENTS])):
                amid[:, columns] = np.where(lacks[:, [player]], own[:, columns], amid[:, columns])
            amid[:, of[Part.PLACE]] = own[:, of[Part.PLACE]]
    for coalition in range(N_COALITIONS // 2):
        strike = own[:, of[Part.STRIKE]], other[:, of[Part.STRIKE]]
        theirs = np.where(np.isnan(strike[0]) | np.isnan(strike[1]), *strike)
        result[:, coalition | 4] = result[:, coalition]
        result[:, coalition | 4][:, of[Part.STRIKE]] = strike[0]
        result[:, coalition][:, of[Part.STRIKE]] = theirs
    return result.reshape(len(shots), k, N_COALITIONS, len(names))


def _amid(
    compared: Compared,
    shot: IndexArray,
    reference: IndexArray,
    people: tuple[People, People],
    *,
    keeper: bool,
    opponents: bool,
) -> FloatArray:
    scenes = transplanted(
        compared.scenes,
        compared.pool,
        shot,
        reference,
        other_keeper=not keeper,
        other_opponents=not opponents,
        people=people,
    )
    return build_features(scenes, compared.catalogue).to_numpy(dtype=np.float64)


def _columns(catalogue: Catalogue) -> dict[Part, list[int]]:
    """The columns that go with each part."""
    of: dict[Part, list[int]] = {part: [] for part in Part}
    for column, feature in enumerate(catalogue.features):
        if feature.name in KIND or feature.group == "place":
            of[Part.PLACE].append(column)
        elif feature.group == "execution":
            of[Part.STRIKE].append(column)
        else:
            of[Part(feature.group)].append(column)
    return of
