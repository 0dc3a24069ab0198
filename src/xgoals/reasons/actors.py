"""Who takes what: the keeper and the opponents one by one, each as if he had not been there.

The players of this game are people. A coalition is the scene in which those who belong to it stand where they stood
and the other opponents are not there. A keeper is always there: where this one does not belong, the worth is the mean
over the keepers of the reference shots. Team-mates stay. So the values lead from *an ordinary keeper and nobody else*
to the xG, and an opponent's value is what he took.

Only opponents whose presence changes a feature play: of the others, every coalition is worth the same with and
without. Where more than ``MAX_OPPONENTS`` would play, the farthest of them play as one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.shot import ShotType
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes
from xgoals.reasons.from_there import Compared
from xgoals.reasons.players import MAX_PLAYERS, shapley_values
from xgoals.reasons.transplant import People

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Predict = Callable[[FloatArray, IndexArray], FloatArray]
"""Features (m, p) of scenes and the shot that each belongs to (m,) -> xG (m,)."""

MAX_OPPONENTS = MAX_PLAYERS - 1
ROWS_A_BLOCK = 150_000
"""So many scenes are judged at once."""


@dataclass(frozen=True, slots=True)
class Actors:
    """Who took and who gave what.

    Attributes
    ----------
    shot, person
        One row an actor: the shot, and his row in ``scenes.people`` (sorted by shot), each (a,); the keeper first.
    player
        His number in the game, (a,), 0 for the keeper; those who play as one share a number, and its value.
    value
        What the player changed in xG, (a,): below 0 he took it away.
    removed
        The xG without this player, everybody else in place, minus the xG, (a,).
    empty_xg
        The xG with an ordinary keeper and nobody else, (n,); NaN where the game cannot be played.
    """

    shot: IndexArray
    person: IndexArray
    player: IntArray
    value: FloatArray
    removed: FloatArray
    empty_xg: FloatArray


@dataclass(frozen=True, slots=True)
class _Cast:
    """The players of every shot.

    Attributes
    ----------
    player
        Of each person: his bit, 0 for the keeper; -1 for who is always there.
    n_players
        Of each shot, the keeper among them; 0 where the game cannot be played.
    """

    player: IntArray
    n_players: IntArray


def actors(compared: Compared, predict: Predict) -> Actors:
    """The game of the people, for every shot that shows a keeper and is no penalty."""
    everybody = People.of(compared.scenes)
    cast = _cast(compared, everybody)
    n = len(compared.scenes)
    empty_xg = np.full(n, np.nan)
    parts: list[tuple[IndexArray, IndexArray, IntArray, FloatArray, FloatArray]] = []
    for shots in _blocks(cast.n_players, compared.references.rows.shape[1]):
        worth = _worth(compared, everybody, cast, shots, predict)
        values = shapley_values(worth)
        full = worth.shape[1] - 1
        removed = worth[:, full ^ (1 << np.arange(values.shape[1]))] - worth[:, [full]]
        empty_xg[shots] = worth[:, 0]
        row, person = everybody.of_scenes(shots)
        plays = cast.player[person] >= 0
        row, person = row[plays], person[plays]
        player = cast.player[person]
        parts.append((shots[row], person, player, values[row, player], removed[row, player]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.empty(0)] * 5
    order = np.lexsort((columns[1], columns[2] != 0, columns[0]))
    of_shot, of_person, number, value, gone = (column[order] for column in columns)
    return Actors(
        of_shot.astype(np.intp), of_person.astype(np.intp), number.astype(np.int64), value, gone, empty_xg
    )


def _cast(compared: Compared, everybody: People) -> _Cast:
    """Who plays: the keeper, and the opponents whose presence changes a feature."""
    scenes, n = compared.scenes, len(compared.scenes)
    has_references = compared.references.is_known.any(axis=1)
    is_open = ~scenes.is_word("shot_type", ShotType.PENALTY)
    playable = np.flatnonzero(np.isfinite(scenes.keeper_xy_m[0]) & is_open & has_references)
    player = np.full(len(everybody.x_m), -1, dtype=np.int64)
    n_players = np.zeros(n, dtype=np.int64)
    row, person = everybody.of_scenes(playable)
    keeper = everybody.is_keeper[person]
    player[person[keeper]] = 0
    n_players[playable] = 1
    candidates = ~everybody.is_teammate[person] & ~keeper
    shot_of, who = row[candidates], person[candidates]
    matters = _matters(compared, everybody, playable, shot_of, who)
    shot_of, who = shot_of[matters], who[matters]
    shot = playable[shot_of]
    distance = np.hypot(
        everybody.x_m[who] - scenes.column("x_m")[shot], everybody.y_m[who] - scenes.column("y_m")[shot]
    )
    order = np.lexsort((who, distance, shot))
    shot, who = shot[order], who[order]
    rank = np.arange(len(shot)) - np.searchsorted(shot, shot)
    player[who] = np.minimum(rank, MAX_OPPONENTS - 1) + 1
    np.maximum.at(n_players, shot, player[who] + 1)
    return _Cast(player, n_players)


def _matters(
    compared: Compared, everybody: People, shots: IndexArray, shot_of: IndexArray, who: IndexArray
) -> BoolArray:
    """Whether a feature changes where a person is taken from all the others, or is put in alone."""
    row, person = everybody.of_scenes(shots)
    is_opponent = ~everybody.is_teammate[person] & ~everybody.is_keeper[person]
    everyone = _build(compared, everybody, shots, row, person)
    nobody = _build(compared, everybody, shots, row[~is_opponent], person[~is_opponent])
    counts = np.bincount(row, minlength=len(shots))
    first = np.concatenate([[0], np.cumsum(counts)])
    # One scene a candidate: his shot's people, over and over.
    repeats = counts[shot_of]
    scene = np.repeat(np.arange(len(who)), repeats)
    at = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats) + first[shot_of][scene]
    others, is_him, opponent = person[at], person[at] == who[scene], is_opponent[at]
    without = _build(compared, everybody, shots[shot_of], scene[~is_him], others[~is_him])
    alone_keeps = is_him | ~opponent
    alone = _build(compared, everybody, shots[shot_of], scene[alone_keeps], others[alone_keeps])
    return _differ(without, everyone[shot_of]) | _differ(alone, nobody[shot_of])


def _differ(left: FloatArray, right: FloatArray) -> BoolArray:
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    return np.asarray(~same.all(axis=1))


def _build(
    compared: Compared,
    everybody: People,
    shots: IndexArray,
    row: IndexArray,
    person: IndexArray,
    *,
    catalogue: Catalogue | None = None,
    keepers: tuple[FloatArray, FloatArray] | None = None,
) -> FloatArray:
    """Features of scenes made of these people; ``keepers`` take the place of the scenes' own, one a scene."""
    x_m, y_m = everybody.x_m[person], everybody.y_m[person]
    is_teammate, is_keeper = everybody.is_teammate[person], everybody.is_keeper[person]
    if keepers is not None:
        stays, n = ~is_keeper, len(shots)
        row = np.concatenate([row[stays], np.arange(n)])
        x_m, y_m = np.concatenate([x_m[stays], keepers[0]]), np.concatenate([y_m[stays], keepers[1]])
        is_teammate = np.concatenate([is_teammate[stays], np.zeros(n, dtype=bool)])
        is_keeper = np.concatenate([is_keeper[stays], np.ones(n, dtype=bool)])
    frame = pd.DataFrame(
        {"row": row, "x_m": x_m, "y_m": y_m, "is_teammate": is_teammate, "is_keeper": is_keeper}
    )
    scenes = Scenes(
        compared.scenes.shots.iloc[shots].reset_index(drop=True), frame, compared.scenes.interception
    )
    return build_features(scenes, catalogue or compared.catalogue).to_numpy(dtype=np.float64)


def _blocks(n_players: IntArray, k: int) -> Iterator[IndexArray]:
    """Shots with equally many players, so that their coalitions make a table."""
    for number in np.unique(n_players[n_players > 0]):
        shots = np.flatnonzero(n_players == number)
        size = max(1, ROWS_A_BLOCK // ((k + 1) << (int(number) - 1)))
        for begin in range(0, len(shots), size):
            yield shots[begin : begin + size]


def _worth(
    compared: Compared, everybody: People, cast: _Cast, shots: IndexArray, predict: Predict
) -> FloatArray:
    """What every coalition is worth, (b, 2^m); bit 0 is the keeper."""
    n_sets = 1 << (int(cast.n_players[shots[0]]) - 1)
    row, person = everybody.of_scenes(shots)
    # Every set of opponents, with the shot's own keeper.
    scene = (row[:, None] * n_sets + np.arange(n_sets)).ravel()
    member = np.repeat(person, n_sets)
    bit = cast.player[member] - 1
    there = (bit < 0) | ((scene % n_sets) >> np.maximum(bit, 0) & 1 == 1)
    scene, member = scene[there], member[there]
    shot = np.repeat(shots, n_sets)
    own = _build(compared, everybody, shot, scene, member)
    known_own = predict(own, shot).reshape(len(shots), n_sets)
    ordinary = _ordinary(compared, everybody, shots, n_sets, scene, member, own, predict)
    worth = np.empty((len(shots), 2 * n_sets))
    worth[:, 0::2], worth[:, 1::2] = ordinary, known_own
    return worth


def _ordinary(
    compared: Compared,
    everybody: People,
    shots: IndexArray,
    n_sets: int,
    scene: IndexArray,
    member: IndexArray,
    own: FloatArray,
    predict: Predict,
) -> FloatArray:
    """The same sets of opponents with the reference shots' keepers: the mean over them, (b, n_sets)."""
    scenes, pool, references = compared.scenes, compared.pool, compared.references
    keeper_only = Catalogue(
        compared.catalogue.name,
        compared.catalogue.version,
        tuple(feature for feature in compared.catalogue.features if feature.group == "keeper"),
    )
    columns = [compared.catalogue.names.index(name) for name in keeper_only.names]
    k = references.rows.shape[1]
    total, n = np.zeros((len(shots), n_sets)), np.zeros((len(shots), 1))
    shot = np.repeat(shots, n_sets)
    for number in range(k):
        reference = references.rows[shots, number]
        across = scenes.column("y_m")[shots] * pool.column("y_m")[reference]
        x_m = pool.keeper_xy_m[0][reference] + scenes.goal_x_m[shots] - pool.goal_x_m[reference]
        y_m = pool.keeper_xy_m[1][reference] * np.where(across < 0, -1.0, 1.0)
        keepers = np.repeat(x_m, n_sets), np.repeat(y_m, n_sets)
        amid = own.copy()
        amid[:, columns] = _build(
            compared, everybody, shot, scene, member, catalogue=keeper_only, keepers=keepers
        )
        known = references.is_known[shots, number][:, None]
        total += np.where(known, predict(amid, shot).reshape(len(shots), n_sets), 0.0)
        n += known
    return total / np.maximum(n, 1)
