"""Reasons in football's order, against scenes put together by hand and the mean over all orders."""

import numpy as np
import pandas as pd
import pytest
from drawn import (
    built,
    by_orders,
    by_shot,
    draw,
    frozen,
    matches_of,
    model,
    moved_by_hand,
    put_together,
    scenes_of,
)

from xgoals.domain.reason import Part
from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17, EVENTS_9
from xgoals.features.scenes import Scenes
from xgoals.reasons.actors import actors
from xgoals.reasons.from_there import blocks_of, coalitions
from xgoals.reasons.frozen import freeze
from xgoals.reasons.judges import Judge
from xgoals.reasons.of_shots import compare, reasons_of


class Arithmetic(Judge):
    """The model of these tests, of all shots."""

    def __init__(self):
        super().__init__((), np.empty(0, dtype=np.int64))

    def __call__(self, rows, shot):
        return model(rows)


def told(compared, average_xg=0.1):
    return reasons_of(compared, matches_of(compared.scenes), Arithmetic(), average_xg, ())


def by_hand(compared) -> np.ndarray:
    """What each coalition is worth, (n, 8): every scene put together from the people of the two shots."""
    references, around, of_pool = compared.references.rows, by_shot(compared.scenes), by_shot(compared.pool)
    rows, people = [], []
    for i, r in ((i, r) for i, found in enumerate(references) for r in found):
        own, other = around[i], moved_by_hand(compared, i, r, of_pool[r])
        if not own[:, 3].any():  # a keeper who is not there is hidden in the reference, too
            other = other[other[:, 3] == 0]
        if not len(own):
            other = own
        for coalition in range(8):
            keepers, field = (own if coalition & 1 else other), (own if coalition & 2 else other)
            people.append(np.concatenate([keepers[keepers[:, 3] == 1], field[field[:, 3] == 0]]))
            rows.append(i)
    features = built(put_together(compared.scenes, rows, people)).reshape(len(references), -1, 8, 17)
    theirs = compared.pool_features[references]
    for column in compared.columns[Part.STRIKE]:
        known = ~np.isnan(theirs[..., column]) & ~np.isnan(features[:, :, 0, column])
        features[:, :, :4, column] = np.where(
            known[:, :, None], theirs[:, :, None, column], features[:, :, :4, column]
        )
    return model(features.reshape(-1, 17)).reshape(len(references), -1, 8).mean(axis=1)


def without_penalties(scenes: Scenes) -> Scenes:
    return scenes_of(scenes, np.flatnonzero(scenes.shots["shot_type"] != "penalty"))


def test_500_scenes_agree_with_all_orders_of_scenes_put_together_by_hand(compared):
    asked = without_penalties(draw(530, 7, n_matches=60))
    hide = np.random.default_rng(3).random(len(asked))
    no_frame, no_keeper = hide < 0.05, hide > 0.9
    row = asked.people["row"].to_numpy()
    gone = no_frame[row] | (no_keeper[row] & asked.people["is_keeper"].to_numpy())
    asked = Scenes(asked.shots, asked.people[~gone].reset_index(drop=True))
    beside = compared(asked, k=2)
    assert len(asked) >= 500

    found = told(beside)

    worth = by_hand(beside)
    assert np.allclose(found.worth, worth, atol=1e-12)
    expected = np.array([by_orders(game) for game in worth])
    is_known = beside.is_present
    assert np.allclose(found.parts[:, 1:][is_known], expected[is_known], atol=1e-12)
    assert np.isnan(found.parts[:, 1:][~is_known]).all()
    assert np.allclose(0.1 + np.nansum(found.parts, axis=1), model(beside.features), atol=1e-9)
    nobody_there = (
        no_frame | ~asked.has_people
    )  # one whose keeper alone was there, and is hidden, has no frame either
    assert np.isnan(found.parts[nobody_there][:, 1:3]).all()
    assert np.isnan(found.parts[no_keeper][:, 1]).all()
    assert not np.isnan(found.parts[no_keeper & ~nobody_there][:, 2]).any()


def test_what_many_coalitions_share_is_judged_once(compared):
    beside = compared(draw(60, 5))
    block = coalitions(beside, next(iter(blocks_of(beside, 60))))

    assert len(block.rows) < 0.8 * block.row.size
    assert set(block.row.ravel()) == set(range(len(block.rows)))


def test_a_mirrored_shot_has_the_same_reasons(compared):
    asked = draw(60, 9)
    other_foot = {"left_foot": "right_foot", "right_foot": "left_foot"}
    mirrored = Scenes(
        asked.shots.assign(y_m=-asked.shots["y_m"], body_part=asked.shots["body_part"].replace(other_foot)),
        asked.people.assign(y_m=-asked.people["y_m"]),
    )

    found = told(compared(asked)).parts

    assert np.allclose(told(compared(mirrored)).parts, found, atol=1e-12, equal_nan=True)


def test_the_order_in_which_matches_came_changes_nothing(window, compared):
    drawn = draw(400, 1)
    order = np.random.default_rng(2).permutation(len(drawn))
    shuffled = frozen(scenes_of(drawn, order))
    asked = draw(40, 11)

    assert shuffled.packed() == window.packed()
    assert np.array_equal(
        told(compared(asked, shuffled)).parts, told(compared(asked, window)).parts, equal_nan=True
    )


def test_without_penalties_place_and_people_of_the_pool_add_up_to_nothing_on_a_reference_of_itself(compared):
    """A shot whose references have its own people and strike is worth what shots from there are worth."""
    one = scenes_of(draw(40, 13), [0])
    rows = [0] * 30
    twins = scenes_of(one, [0])
    many = Scenes(
        pd.concat([one.shots] * 30)
        .assign(
            match_id=[f"o{n}" for n in range(30)], shot_id=[f"x{n}" for n in range(30)], shot_key=range(30)
        )
        .reset_index(drop=True),
        pd.concat([one.people.assign(row=n) for n in range(len(rows))]),
    )

    found = told(compared(twins, frozen(many))).parts[0]

    assert np.allclose(found[1:], 0, atol=1e-12)
    assert found[0] == pytest.approx(model(built(twins))[0] - 0.1, abs=1e-12)


@pytest.mark.parametrize(("manner", "is_known"), [("unknown", False), ("volley", True)])
def test_without_anybodys_position_place_and_known_strike_make_the_number(manner, is_known):
    scenes, asked = (
        Scenes(of.shots.assign(technique=manner, ball_control=manner), of.people.iloc[:0])
        for of in (draw(200, 5), draw(40, 6))
    )
    features = build_features(scenes, EVENTS_9).to_numpy(dtype=np.float64)
    window = freeze(scenes.shots, scenes.people, features, matches_of(scenes))
    own = build_features(asked, EVENTS_9).to_numpy(dtype=np.float64)
    found = compare(asked, own, matches_of(asked), window, EVENTS_9)

    class OfPlace(Judge):
        def __init__(self):
            super().__init__((), np.empty(0, dtype=np.int64))

        def __call__(self, rows, shot):
            return 1 / (2 + rows[:, EVENTS_9.names.index("DistanceToGoal")])

    reasons = reasons_of(found, matches_of(asked), OfPlace(), 0.1, ())
    plays = found.references.is_known.any(axis=1)
    assert plays.sum() > 30
    assert np.isnan(reasons.parts[plays, 1:3]).all(), "neither keeper nor opponents have a value, not even 0"
    assert np.isnan(reasons.parts[plays, 3]).all() != is_known
    assert 0.1 + np.nansum(reasons.parts[plays], axis=1) == pytest.approx(reasons.xg[plays])
    assert not actors(found, OfPlace()).shot.size


def test_a_model_that_asks_for_nobody_tells_nothing_of_those_who_are_known():
    scenes = draw(80, 7)
    features = build_features(scenes, EVENTS_9).to_numpy(dtype=np.float64)
    window = freeze(scenes.shots, scenes.people, features, matches_of(scenes))
    found = compare(scenes, features, matches_of(scenes), window, EVENTS_9)
    assert not found.is_present[:, :2].any()
    assert len(window.pool_for(EVENTS_9)) == (~window.is_penalty).sum() > len(window.pool_for(BEST_17)) - 1
