"""One scene by itself: references and reasons as in a whole window; two scenes part by part; the most alike."""

import numpy as np
import pandas as pd
import pytest
from drawn import COLUMNS, built, by_orders, draw, matches_of, model, put_together, scenes_of

from xgoals.domain.reason import Part
from xgoals.explore.alike import NOT_THERE_M, most_alike
from xgoals.explore.near_window import NearWindow
from xgoals.explore.two_scenes import mixtures
from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.reasons.actors import actors
from xgoals.reasons.of_shots import compare
from xgoals.reasons.players import shapley_values


@pytest.fixture(scope="module")
def near(window):
    return NearWindow.of(window, BEST_17)


def predict(rows, shot):
    return model(rows)


def alone(asked, near, n):
    """One of some scenes, with its match, beside the shots around it."""
    one = scenes_of(asked, [n])
    match = matches_of(asked)[n]
    return compare(one, built(one), [match], near.around(one, match), BEST_17), near.around(one, match)


def test_a_scene_by_itself_has_the_references_and_the_game_that_it_has_in_the_whole_window(
    window, near, compared
):
    asked = draw(60, 2)
    together = compared(asked)
    found = actors(together, predict)
    for n in range(len(asked)):
        single, around = alone(asked, near, n)
        known = together.references.is_known[n]
        keys = around.shot_key[single.references.rows[0][single.references.is_known[0]]]
        assert keys.tolist() == window.pool.shot_key[together.references.rows[n][known]].tolist()
        own, rows = actors(single, predict), np.flatnonzero(found.shot == n)
        np.testing.assert_allclose(own.value, found.value[rows], atol=1e-12)
        np.testing.assert_allclose(own.empty_xg[0], found.empty_xg[n], atol=1e-12)


def test_of_its_own_match_a_scene_is_compared_with_nothing(window, near):
    asked = draw(60, 1)  # the window's own shots
    _, around = alone(asked, near, 0)
    match = matches_of(asked)[0]
    assert len(around)
    assert match not in {around.matches[number] for number in around.match}
    _, with_all = alone(draw(60, 1, n_matches=1), near, 0)  # from no match of the window but m00
    assert {with_all.matches[number] for number in with_all.match} <= set(window.matches) - {"p/m00"}


def pairs():
    """Pairs of scenes that are no penalties."""
    asked = draw(40, 3)
    rows = np.flatnonzero(asked.shots["shot_type"].to_numpy() != "penalty")
    return asked, list(zip(rows[::2], rows[1::2], strict=False))


def people_of(scenes, row, *, keeper):
    own = scenes.people[scenes.people["row"] == row]
    is_keeper = own["is_keeper"].to_numpy(dtype=bool) & ~own["is_teammate"].to_numpy(dtype=bool)
    return own[COLUMNS[1:]].to_numpy(dtype=float)[is_keeper if keeper else ~is_keeper]


def test_the_parts_of_two_scenes_are_their_mixtures_by_hand_over_all_orders(near):
    asked, chosen = pairs()
    for a, b in chosen:
        both = [alone(asked, near, n)[0] for n in (b, a)]
        rows = mixtures(both[1], both[0])
        for coalition in range(16):
            place, keeper, field, strike = ((b, a)[coalition >> bit & 1] for bit in range(4))
            across = np.sign(asked.shots["y_m"].iloc[place])
            people = [
                some * [1, -1 if across * asked.shots["y_m"].iloc[owner] < 0 else 1, 1, 1]
                for owner, some in (
                    (keeper, people_of(asked, keeper, keeper=True)),
                    (field, people_of(asked, field, keeper=False)),
                )
            ]
            wanted = built(put_together(asked, [place], [np.concatenate(people)]))[0].copy()
            of_strike = both[0].columns[Part.STRIKE]
            wanted[of_strike] = built(scenes_of(asked, [strike]))[0, of_strike]
            np.testing.assert_allclose(rows[coalition], wanted, atol=1e-9)
        worth = model(rows)
        values = shapley_values(worth[None])[0]
        np.testing.assert_allclose(values, by_orders(worth), atol=1e-12)
        assert values.sum() == pytest.approx(worth[15] - worth[0], abs=1e-12)


def test_a_part_in_which_two_scenes_are_equal_explains_nothing(near):
    asked, _ = pairs()
    one, _ = alone(asked, near, 0)
    people = asked.people[asked.people["row"] == 0].assign(row=0)
    is_keeper = people["is_keeper"] & ~people["is_teammate"]
    other = Scenes(
        scenes_of(asked, [0]).shots, people.assign(x_m=people["x_m"] - 3.0 * is_keeper.astype(float))
    )
    moved = compare(other, built(other), ["p/new"], near.around(other, "p/new"), BEST_17)
    values = shapley_values(model(mixtures(one, moved))[None])[0]
    assert values[[0, 2, 3]].tolist() == [0.0, 0.0, 0.0]
    assert values[1] != 0.0


def scene(y_m, keeper, opponents):
    shots = draw(1, 5).shots.assign(
        x_m=41.5, y_m=y_m, body_part="left_foot", shot_type="open_play", match_id="other"
    )
    people = [
        (0, *keeper, False, True),
        *((0, *at, False, False) for at in opponents),
        (0, 30.0, 0.0, True, False),
    ]
    return Scenes(shots, pd.DataFrame(people, columns=COLUMNS))


def test_alike_is_by_how_many_metres_those_who_matter_would_have_to_move():
    """Keeper 1 m and one of two defenders 2 m away, the other gone: (0 + 1 + 2 + 5) / 4; mirrored or not."""
    from drawn import frozen

    own = scene(2.0, (51.5, 0.0), [(44.0, 1.0)])
    for side in (1, -1):
        theirs = scene(2.0 * side, (50.5, 0.0), [(46.0, 1.0 * side), (45.0, 1.0 * side), (10.0, 30.0)])
        near = NearWindow.of(frozen(theirs), BEST_17)
        found = most_alike(own, "p/m", near)
        assert found.shot_keys == (0,)
        assert found.distance_m[0] == pytest.approx((0 + 1 + 1 + NOT_THERE_M) / 4)
    assert most_alike(theirs, "p/other", near).shot_keys == ()  # of its own match none is told


def test_the_shot_itself_would_be_the_most_alike_and_other_kinds_are_not_asked(near):
    asked = draw(400, 1)
    rows = np.flatnonzero(np.isfinite(asked.keeper_xy_m[0]) & (asked.shots["shot_type"] == "open_play"))[:5]
    kind_of = dict(zip(near.pool.shot_key.tolist(), near.kind.tolist(), strict=True))
    for row in rows:
        found = most_alike(scenes_of(asked, [row]), "from none", near)
        assert found.shot_keys[0] == row
        assert found.distance_m[0] == pytest.approx(0, abs=1e-9)
        assert list(found.distance_m) == sorted(found.distance_m)
        assert {kind_of[key] for key in found.shot_keys} == {kind_of[row]}


def test_a_scene_without_people_is_not_held_against_shots_whose_people_are_known(window, near):
    one = scenes_of(draw(60, 2), [0])
    assert most_alike(one, "", near).shot_keys
    alone = Scenes(one.shots, one.people.iloc[:0])
    assert most_alike(alone, "", near).shot_keys == ()
