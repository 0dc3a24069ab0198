"""Who plays in the game of the people: the keeper, and the opponents whose presence changes a feature."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.reason import Part
from xgoals.domain.shot import ShotType
from xgoals.features.build import in_range
from xgoals.features.catalogue import Feature
from xgoals.features.interception import Persons, hides_ball
from xgoals.reasons.from_there import Compared
from xgoals.reasons.keepers import placement, reference_keepers
from xgoals.reasons.players import MAX_PLAYERS
from xgoals.reasons.transplant import Some

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

MAX_OPPONENTS = MAX_PLAYERS - 1
ALIKE = "OpponentsGoalSide"
"""Who changes nothing but this count, by one, is like everybody else who does so."""
IS_ALIKE, IS_ALWAYS_THERE = -1, -2
_NOTHING = 1e-5
"""Less than this of a feature's step is no change."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The players of n shots.

    Attributes
    ----------
    player
        Of each person: 0 the keeper, 1, 2, ... an opponent; -1 one of those who are alike; -2 who is always there.
    n_opponents
        Of each shot the players beside keeper and those who are alike, (n,).
    n_alike
        How many are alike, (n,).
    is_playable
        Whether there is a game at all, (n,).
    """

    player: IntArray
    n_opponents: IntArray
    n_alike: IntArray
    is_playable: BoolArray


def cast_of(compared: Compared) -> Cast:
    """The players of all shots that show a keeper, have references and are no penalties."""
    people, n = compared.people, len(compared.scenes)
    is_open = ~compared.scenes.is_word("shot_type", ShotType.PENALTY)
    is_playable = compared.has_keeper & is_open & compared.references.is_known.any(axis=1)
    is_playable &= compared.catalogue.asks_for_people
    shots = np.flatnonzero(is_playable)
    player = np.full(len(people.x_m), IS_ALWAYS_THERE, dtype=np.int64)
    row, person = people.of_scenes(shots)
    player[person[people.is_keeper[person]]] = 0
    who = person[people.is_opponent[person]]
    shot = shots[row[people.is_opponent[person]]]
    matters, is_alike = _matters(compared, shots, shot, who)
    player[who[is_alike]] = IS_ALIKE
    n_alike = np.bincount(shot[is_alike], minlength=n)
    shot, who = shot[matters & ~is_alike], who[matters & ~is_alike]
    x_m, y_m = compared.scenes.column("x_m")[shot], compared.scenes.column("y_m")[shot]
    order = np.lexsort((who, np.hypot(people.x_m[who] - x_m, people.y_m[who] - y_m).round(9), shot))
    shot, who = shot[order], who[order]
    rank = np.arange(len(shot)) - np.searchsorted(shot, shot)
    player[who] = np.minimum(rank, MAX_OPPONENTS - 1) + 1
    n_opponents = np.zeros(n, dtype=np.int64)
    np.maximum.at(n_opponents, shot, player[who])
    return Cast(player, n_opponents, n_alike, is_playable)


def _matters(
    compared: Compared, shots: IndexArray, shot_of: IndexArray, who: IndexArray
) -> tuple[BoolArray, BoolArray]:
    """Whether a feature changes where one is taken from all the others or put in alone; whether only the count does."""
    people = compared.people
    position = np.zeros(len(compared.scenes), dtype=np.intp)
    position[shots] = np.arange(len(shots))
    row, person = people.of_scenes(shots)
    everyone = _features(compared, shots, row, person)
    stays = ~people.is_opponent[person]
    nobody = _features(compared, shots, row[stays], person[stays])
    scene, others = people.of_scenes(shot_of)  # of each candidate his shot's people, over and over
    is_him = others == who[scene]
    without = _features(compared, shot_of, scene[~is_him], others[~is_him])
    stays = is_him | ~people.is_opponent[others]
    alone = _features(compared, shot_of, scene[stays], others[stays])
    pairs = (everyone[position[shot_of]], without), (alone, nobody[position[shot_of]])
    features = [compared.catalogue.features[column] for column in _columns(compared)]
    matters = np.zeros(len(who), dtype=bool)
    is_alike = np.full(len(who), ALIKE in compared.catalogue.names)
    for more, less in pairs:
        for column, feature in enumerate(features):
            left, right = more[:, column], less[:, column]
            matters |= ~_same(in_range(left, feature), in_range(right, feature))
            expected = right + (feature.name == ALIKE)
            is_alike &= np.isclose(left, expected, rtol=0, atol=_NOTHING * _step(feature), equal_nan=True)
    chosen = np.flatnonzero(is_alike)
    is_alike[chosen] = ~_is_seen_by_a_keeper(compared, shot_of[chosen], who[chosen])
    return matters, is_alike


def _is_seen_by_a_keeper(compared: Compared, shot: IndexArray, who: IndexArray) -> BoolArray:
    """Whether somebody stands in the sight of one of the reference shots' keepers."""
    pair, keepers = reference_keepers(compared, shot)
    k = len(pair) // max(len(shot), 1)
    x_m, y_m = (np.repeat(of[who], k) for of in (compared.people.x_m, compared.people.y_m))
    field = Persons(np.arange(len(pair)), x_m, y_m)
    hides = hides_ball(placement(compared, pair, keepers, field), compared.scenes.interception)
    return np.asarray((hides.reshape(len(shot), k) > _NOTHING).any(axis=1)) if k else np.zeros(0, dtype=bool)


def _same(left: FloatArray, right: FloatArray) -> BoolArray:
    return np.asarray((left == right) | (np.isnan(left) & np.isnan(right)))


def _step(feature: Feature) -> float:
    return 1 / (feature.per_unit or 1)


def _columns(compared: Compared) -> list[int]:
    return [*compared.columns[Part.KEEPER], *compared.columns[Part.OPPONENTS]]


def _features(compared: Compared, shots: IndexArray, row: IndexArray, person: IndexArray) -> FloatArray:
    """Keeper's and opponents' features of these shots amid some of their own people, before they are put on a grid."""
    some = Some.of(compared.people, row, person)
    parts = (Part.KEEPER, Part.OPPONENTS)
    return np.hstack([compared.built(part, shots, some, on_grid=False) for part in parts])
