"""Who takes what: the keeper and the opponents one by one, each as if he had not been there.

The players of this game are people. A coalition is the scene in which those who belong to it stand where they stood
and the other opponents are not there. A keeper is always there: where this one does not belong, the worth is the mean
over the keepers of the reference shots. Team-mates stay. So the values lead from *an ordinary keeper and nobody else*
to the xG, and an opponent's value is what he took.

Only opponents whose presence changes a feature play: of the others, every coalition is worth the same with and
without. Those who change nothing but the number of opponents goal-side, whoever keeps goal, are alike, and are counted
in place of being told apart, which gives each his exact value. Where more than ``MAX_OPPONENTS`` others would play, the
farthest of them play as one.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.domain.reason import Part
from xgoals.features.build import in_range
from xgoals.features.interception import Lines, Persons, hides_ball
from xgoals.reasons.cast import ALIKE, IS_ALIKE, IS_ALWAYS_THERE, Cast, cast_of
from xgoals.reasons.from_there import Compared
from xgoals.reasons.keepers import placement, reference_keepers
from xgoals.reasons.players import shapley_values_with_alike
from xgoals.reasons.transplant import Some

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.intp]
Predict = Callable[[FloatArray, IndexArray], FloatArray]
"""Features (m, p) of scenes and the shot that each belongs to (m,) -> xG (m,); asked from several threads."""
_Columns = tuple[IndexArray, IndexArray, IntArray, FloatArray, FloatArray, FloatArray]

ROWS_A_BLOCK = 100_000
"""So many scenes are judged at once."""
_UNSEEN = 1e-9
"""Somebody this far beside the keeper's line of sight hides nothing from him."""
_INTERCEPTION = "GoalkeeperInterception"


@dataclass(frozen=True, slots=True)
class Actors:
    """Who took and who gave what.

    Attributes
    ----------
    shot, person
        One row an actor: the shot, and his row among ``Compared.people``, each (a,); sorted by shot, the keeper
        first, then those who took most.
    is_keeper
        (a,).
    player
        His number in the game, (a,), 0 for the keeper; those who play as one share a number, and its value.
    value
        What the player changed in xG, (a,): below 0 he took it away.
    removed
        The xG without this player, everybody else in place, minus the xG, (a,).
    without
        The features of the shot in that scene, (a, p); for a keeper those of the shot itself.
    empty_xg
        The xG with an ordinary keeper and nobody else, (n,); NaN where the game cannot be played.
    """

    shot: IndexArray
    person: IndexArray
    is_keeper: npt.NDArray[np.bool_]
    player: IntArray
    value: FloatArray
    removed: FloatArray
    without: FloatArray
    empty_xg: FloatArray


def actors(compared: Compared, predict: Predict, *, workers: int = 2) -> Actors:
    """The game of the people, for every shot that shows a keeper, has references and is no penalty."""
    cast = cast_of(compared)
    empty_xg = np.full(len(compared.scenes), np.nan)

    def play(shots: IndexArray) -> _Columns:
        game = _Game.of(compared, cast, shots)
        worth = game.worth(predict)
        empty_xg[shots] = worth[:, 0, 0]
        return _told(game, worth)

    compared.prepare()
    blocks = list(_blocks(cast, compared.references.rows.shape[1]))
    if len(blocks) > 1:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            found = list(pool.map(play, blocks))
    else:
        found = [play(shots) for shots in blocks]
    nobody, nothing = np.empty(0, dtype=np.int64), np.empty(0)
    found.append((nobody, nobody, nobody, nothing, nothing, np.empty((0, compared.features.shape[1]))))
    shot, person, player, value, removed, without = (np.concatenate(of) for of in zip(*found, strict=True))
    order = np.lexsort((person, value, player != 0, shot))
    return Actors(
        *(shot[order], person[order], player[order] == 0, player[order]),
        *(value[order], removed[order], without[order]),
        empty_xg,
    )


def _blocks(cast: Cast, k: int) -> Iterator[IndexArray]:
    """Shots with equally many players, so that their coalitions make a table."""
    number = np.where(cast.is_playable, 100 * cast.n_opponents + cast.n_alike, -1)
    for of in np.unique(number[number >= 0]):
        shots = np.flatnonzero(number == of)
        size = max(1, ROWS_A_BLOCK // (((k + 1) << int(of // 100)) * (int(of % 100) + 1)))
        for begin in range(0, len(shots), size):
            yield shots[begin : begin + size]


@dataclass(frozen=True, slots=True)
class _Game:
    """The games of b shots with d opponents each, beside s who are alike.

    Attributes
    ----------
    row, person
        Everybody around the shots: the position in ``shots``, and who it is.
    player
        What he plays, as in :class:`Cast`.
    own
        Features with the shot's own keeper and all who are alike, (b, 2^d, p).
    """

    compared: Compared
    shots: IndexArray
    row: IndexArray
    person: IndexArray
    player: IntArray
    n_alike: int
    own: FloatArray

    @classmethod
    def of(cls, compared: Compared, cast: Cast, shots: IndexArray) -> "_Game":
        """The scenes of every set of opponents."""
        n_sets = 1 << int(cast.n_opponents[shots[0]])
        row, person = compared.people.of_scenes(shots)
        player = cast.player[person]
        scene = (row[:, None] * n_sets + np.arange(n_sets)).ravel()
        is_there = _is_there(np.repeat(player, n_sets), scene % n_sets)
        shot = np.repeat(shots, n_sets)
        some = Some.of(compared.people, scene[is_there], np.repeat(person, n_sets)[is_there])
        own = compared.features[shot]
        for part in (Part.KEEPER, Part.OPPONENTS):
            own[:, compared.columns[part]] = compared.built(part, shot, some)
        own[n_sets - 1 :: n_sets] = compared.features[shots]  # everybody: the shot as it is
        n_alike = int(cast.n_alike[shots[0]])
        return cls(compared, shots, row, person, player, n_alike, own.reshape(len(shots), n_sets, -1))

    def worth(self, predict: Predict) -> FloatArray:
        """What every coalition is worth, (b, 2^(d + 1), s + 1); bit 0 is the keeper."""
        b, n_sets, _ = self.own.shape
        result = np.empty((b, 2 * n_sets, self.n_alike + 1))
        result[:, 1::2] = self._judged(self.own, predict)
        known = self.compared.references.is_known[self.shots]
        k = known.shape[1]
        amid = np.repeat(self.own[:, None], k, axis=1)
        amid[..., self.compared.columns[Part.KEEPER]] = self._ordinary_keepers()
        judged = self._judged(amid.reshape(b, k * n_sets, -1), predict).reshape(b, k, n_sets, -1)
        total = np.where(known[:, :, None, None], judged, 0.0).sum(axis=1)
        result[:, 0::2] = total / known.sum(axis=1)[:, None, None]
        return result

    def _judged(self, scenes: FloatArray, predict: Predict) -> FloatArray:
        """The model's answers to scenes (b, m, p) with 0, 1, ... s of those who are alike, (b, m, s + 1)."""
        b, m, p = scenes.shape
        rows = np.repeat(scenes[:, :, None], self.n_alike + 1, axis=2)
        if self.n_alike:
            column = self.compared.catalogue.names.index(ALIKE)
            rows[..., column] -= np.arange(self.n_alike, -1, -1)
        shot = np.repeat(self.shots, m * (self.n_alike + 1))
        return predict(rows.reshape(-1, p), shot).reshape(b, m, -1)

    def _ordinary_keepers(self) -> FloatArray:
        """Keeper's features with each reference's keeper and every set of opponents, (b, k, 2^d, features)."""
        compared, references = self.compared, self.compared.references.rows[self.shots]
        (b, k), n_sets = references.shape, self.own.shape[1]
        shot, keepers = reference_keepers(compared, self.shots)
        around = np.flatnonzero(~compared.people.is_keeper[self.person])
        pair = (self.row[around][:, None] * k + np.arange(k)).ravel()
        who = np.repeat(around, k)
        field = Some.of(compared.people, pair, self.person[who])
        built = compared.built(Part.KEEPER, shot, field, keepers)
        result = np.repeat(built[:, None], n_sets, axis=1)
        names = [compared.catalogue.features[column].name for column in compared.columns[Part.KEEPER]]
        if _INTERCEPTION in names:
            column = names.index(_INTERCEPTION)
            result[..., column] = _interception(compared, shot, keepers, field, self.player[who], n_sets)
        return result.reshape(b, k, n_sets, -1)


def _is_there(player: IntArray, sets: IntArray) -> npt.NDArray[np.bool_]:
    """Whether each stands in the scene of a set of opponents: bit i is player i + 1; who is no opponent always does."""
    return np.asarray((player < 1) | (sets >> np.maximum(player - 1, 0) & 1 == 1))


def _interception(
    compared: Compared, shot: IndexArray, keepers: Some, field: Some, player: IntArray, n_sets: int
) -> FloatArray:
    """What each keeper gets to amid every set of opponents, (m, n_sets): people change nothing but his sight."""
    screens = Persons(field.row, field.x_m, field.y_m)
    interception = compared.scenes.interception
    hides = hides_ball(placement(compared, shot, keepers, screens), interception)
    in_sight = np.flatnonzero(hides > _UNSEEN)
    there = _is_there(player[in_sight][:, None], np.arange(n_sets))
    screening = np.zeros((len(shot), n_sets))
    np.add.at(screening, field.row[in_sight], hides[in_sight][:, None] * there)
    scene = np.repeat(np.arange(len(shot)), n_sets)
    order = np.lexsort((screening.ravel(), scene))
    ordered = screening.ravel()[order]
    is_new = np.r_[True, (ordered[1:] != ordered[:-1]) | (scene[order][1:] != scene[order][:-1])]
    which = scene[order][is_new]
    lines = Lines(placement(compared, shot[which], keepers.where(which)), interception)
    share = 100 * lines.keeper_share_amid(ordered[is_new])
    result = np.empty(len(shot) * n_sets)
    result[order] = in_range(share, compared.feature(_INTERCEPTION))[np.cumsum(is_new) - 1]
    return result.reshape(len(shot), n_sets)


def _told(game: _Game, worth: FloatArray) -> _Columns:
    """Shot, person, player, value, what his absence changes, and the scene without him: a row a player."""
    values, of_alike = shapley_values_with_alike(worth)
    plays = game.player != IS_ALWAYS_THERE
    row, person, player = game.row[plays], game.person[plays], game.player[plays]
    everybody, n_players = worth.shape[1] - 1, values.shape[1]
    gone = worth[:, everybody ^ (1 << np.arange(n_players)), -1] - worth[:, [everybody], -1]
    fewer = worth[:, everybody, -2 if game.n_alike else -1] - worth[:, everybody, -1]
    is_alike = player == IS_ALIKE
    value = np.where(is_alike, of_alike[row], values[row, np.maximum(player, 0)])
    removed = np.where(is_alike, fewer[row], gone[row, np.maximum(player, 0)])
    all_sets = game.own.shape[1] - 1
    without = game.own[row, np.where(player > 0, all_sets ^ (1 << np.maximum(player - 1, 0)), all_sets)]
    if is_alike.any():
        without[is_alike, game.compared.catalogue.names.index(ALIKE)] -= 1
    # Each of those who are alike plays for himself: numbers of their own, after the others'.
    so_far = np.cumsum(is_alike) - is_alike
    number = np.where(is_alike, n_players + so_far - so_far[np.searchsorted(row, row)], player)
    return game.shots[row], person, number, value, removed, without
