"""Which real shots a shot is compared with."""

import hashlib

import numpy as np
import pandas as pd
from drawn import built, draw, frozen, matches_of, scenes_of
from test_from_there import told

from xgoals.domain.reason import N_REFERENCES, NEAR_M, ShotReasons
from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.reasons.actors import actors
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.of_shots import compare


def test_never_a_shot_of_the_same_match_and_the_nearest_of_all_others(window, compared):
    asked = draw(80, 3)
    found = compared(asked).references
    names, pool = matches_of(asked), window.pool
    for i, shot in asked.shots.iterrows():
        of_pool = pool.scenes.shots
        is_candidate = ((of_pool["body_part"].astype(str) == "head") == (shot["body_part"] == "head")) & (
            (of_pool["shot_type"].astype(str) == "free_kick") == (shot["shot_type"] == "free_kick")
        )
        is_candidate &= np.array([window.matches[m] != names[i] for m in pool.match])
        if shot["shot_type"] == "penalty":
            assert not found.is_known[i].any()
            continue
        away = np.hypot(of_pool["x_m"] - shot["x_m"], of_pool["y_m"].abs() - abs(shot["y_m"]))[is_candidate]
        known = found.is_known[i]
        assert known.sum() == min(N_REFERENCES, len(away))
        assert np.allclose(found.distance_m[i][known], np.sort(away)[: known.sum()], atol=1e-9)
        assert all(window.matches[pool.match[row]] != names[i] for row in found.rows[i][known])


def test_of_two_that_are_equally_far_the_first_by_id_is_taken_however_many_there_are(compared):
    one = scenes_of(draw(40, 13), [1])
    one.shots["shot_type"] = "open_play"
    many = Scenes(
        pd.concat([one.shots] * 300)
        .assign(match_id=[f"m{n:03d}" for n in range(300)], shot_id="s", shot_key=range(300))
        .reset_index(drop=True),
        pd.concat([one.people.assign(row=n) for n in range(300)]),
    )
    asked = Scenes(one.shots.assign(match_id="m003", x_m=one.shots["x_m"] - 1), one.people)

    found = compared(asked, frozen(many)).references

    assert found.rows[0].tolist() == [0, 1, 2, *range(4, N_REFERENCES + 1)]


def test_a_match_that_another_feed_tells_of_is_the_same_match(window):
    asked = draw(30, 3)
    twin = Scenes(asked.shots.assign(provider="q"), asked.people)
    found = compare(twin, built(twin), matches_of(asked), window, BEST_17).references
    own = compare(asked, built(asked), matches_of(asked), window, BEST_17).references
    assert np.array_equal(found.rows, own.rows)


def test_a_frozen_window_comes_back_as_it_was(window):
    content = window.packed()
    again = FrozenWindow.unpacked(content, hashlib.sha256(content).hexdigest())
    assert again.packed() == content
    assert np.array_equal(built_features := again.features, window.features, equal_nan=True), (
        built_features.shape
    )


def test_penalties_have_no_parts_and_no_actors(compared):
    asked = draw(80, 3)
    beside = compared(asked)
    is_penalty = (asked.shots["shot_type"] == "penalty").to_numpy()
    found, people = told(beside), actors(beside, lambda rows, shot: rows[:, 1] * 0)

    assert is_penalty.any()
    assert np.array_equal(found.is_penalty, is_penalty)
    assert np.isnan(found.parts[is_penalty]).all()
    assert not np.isin(people.shot, np.flatnonzero(is_penalty)).any()
    assert np.isnan(people.empty_xg[is_penalty]).all()


def test_one_match_alone_has_no_references_and_all_is_the_places(compared):
    drawn = draw(30, 4, n_matches=1)
    found = told(compared(drawn, frozen(drawn)))
    is_open = ~found.is_penalty

    assert np.isnan(found.parts[is_open][:, 1:]).all()
    assert np.allclose(0.1 + found.parts[is_open][:, 0], found.xg[is_open], atol=1e-12)
    assert len(actors(compared(drawn, frozen(drawn)), lambda rows, shot: rows[:, 1] * 0).shot) == 0


def test_a_pool_of_ten_shots_and_none_nearby_are_told_as_such(compared):
    ten = draw(14, 6, n_matches=14)
    asked = Scenes(
        draw(1, 8).shots.assign(match_id="z", shot_type="open_play", body_part="head"), draw(1, 8).people
    )
    beside = compared(asked, frozen(ten))
    n = int(beside.references.is_known[0].sum())

    assert 0 < n < 10
    assert not np.isnan(told(beside).parts).any()
    assert ShotReasons(0.1, 0.2, {}, references=tuple(range(n)), farthest_m=1.0).is_far
    assert ShotReasons(0.1, 0.2, {}, references=tuple(range(N_REFERENCES)), farthest_m=NEAR_M + 0.01).is_far
    assert not ShotReasons(0.1, 0.2, {}, references=tuple(range(N_REFERENCES)), farthest_m=NEAR_M).is_far


def test_nobody_known_anywhere_and_a_place_that_is_not_known(window, compared):
    drawn = draw(40, 15, n_matches=10)
    nobody = Scenes(drawn.shots, drawn.people.iloc[:0])
    is_open = drawn.shots["shot_type"] != "penalty"
    assert len(frozen(nobody).pool) == is_open.sum(), "compared by place and strike alone"
    parts = told(compared(nobody, frozen(nobody)))
    assert np.isnan(parts.parts[~parts.is_penalty][:, 1:3]).all(), "nothing is said of keeper and opponents"
    assert np.isfinite(parts.parts[~parts.is_penalty][:, [0, 3]]).all()
    nowhere = Scenes(drawn.shots.assign(x_m=np.nan), drawn.people)
    assert not compared(nowhere).references.is_known.any()


def test_twelve_opponents_and_a_shooter_on_the_goal_line(compared):
    rng = np.random.default_rng(1)
    asked = draw(12, 17)
    crowd = pd.DataFrame({
        "row": np.repeat(np.arange(12), 12), "x_m": rng.uniform(40, 52, 144), "y_m": rng.normal(0, 4, 144),
        "is_teammate": False, "is_keeper": False,
    })  # fmt: skip
    keepers = asked.people[asked.people["is_keeper"]]
    asked = Scenes(
        asked.shots.assign(shot_type="open_play", x_m=np.where(np.arange(12) < 6, 52.5, 45.0)),
        pd.concat([keepers, crowd], ignore_index=True),
    )

    found = told(compared(asked))

    assert np.isfinite(found.parts).all()
    assert np.allclose(0.1 + found.parts.sum(axis=1), found.xg, atol=1e-9)
