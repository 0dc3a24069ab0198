"""Who takes what, against every set of people put together by hand."""

import numpy as np
import pandas as pd
import pytest
from drawn import built, by_orders, by_shot, draw, model, moved_by_hand, put_together

from xgoals.features.scenes import Scenes
from xgoals.reasons.actors import actors
from xgoals.reasons.players import MAX_PLAYERS, shapley_values


def sets_of_people(own: np.ndarray, ordinary: list[np.ndarray], persons: list[int]) -> list[np.ndarray]:
    """Every set of ``persons``, each with the shot's own keeper and with each ordinary one."""
    people = []
    for members in range(1 << len(persons)):
        gone = [person for n, person in enumerate(persons) if not members >> n & 1]
        field = np.delete(own, gone, axis=0)
        field = field[field[:, 3] == 0]
        people += [np.concatenate([keeper, field]) for keeper in (own[own[:, 3] == 1], *ordinary)]
    return people


def by_hand(compared, persons: list[list[int]]) -> list[np.ndarray]:
    """What every set of persons of each shot is worth, (2^m,): bit 0 the keeper, then each of ``persons``."""
    pool, rows, people = by_shot(compared.pool), [], []
    for i, own in enumerate(by_shot(compared.scenes)):
        references = compared.references.rows[i]
        ordinary = [moved_by_hand(compared, i, r, pool[r][pool[r][:, 3] == 1]) for r in references]
        people += sets_of_people(own, ordinary, persons[i])
        rows += [i] * (len(people) - len(rows))
    xg = model(built(put_together(compared.scenes, rows, people))).reshape(
        -1, 1 + compared.references.rows.shape[1]
    )
    starts = np.concatenate([[0], np.cumsum([1 << len(some) for some in persons])])
    worths = [np.empty(2 << len(some)) for some in persons]
    for worth, start, end in zip(worths, starts, starts[1:], strict=False):
        worth[1::2], worth[0::2] = xg[start:end, 0], xg[start:end, 1:].mean(axis=1)
    return worths


def test_500_scenes_agree_with_every_set_of_people_put_together_by_hand(compared):
    asked = draw(520, 21, n_matches=60, most_opponents=4)
    asked.shots["shot_type"] = "open_play"
    beside = compared(asked, k=2)
    first = beside.people.starts

    found = actors(beside, model)

    of_shot = [found.shot == i for i in range(len(asked))]
    persons = [(found.person[of_shot[i] & ~found.is_keeper] - first[i]).tolist() for i in range(len(asked))]
    xg, n_alike = model(beside.features), 0
    for i, worth in enumerate(by_hand(beside, persons)):
        values, everybody = shapley_values(worth[None])[0], len(worth) - 1
        assert np.allclose(found.value[of_shot[i]], values, atol=1e-12)
        gone = worth[everybody ^ (1 << np.arange(len(values)))] - worth[everybody]
        assert np.allclose(found.removed[of_shot[i]], gone, atol=1e-12)
        assert found.empty_xg[i] == pytest.approx(worth[0], abs=1e-12)
        assert found.empty_xg[i] + values.sum() == pytest.approx(xg[i], abs=1e-9)
        without = found.without[of_shot[i] & ~found.is_keeper]
        assert np.allclose(model(without), worth[everybody] + gone[1:], atol=1e-12)
        n_alike += int(((without != beside.features[i]) & ~np.isnan(without)).sum(axis=1).tolist().count(1))
    assert n_alike > 50  # those who change a count alone are among them
    assert by_orders(worth) == pytest.approx(shapley_values(worth[None])[0], abs=1e-12)


def test_the_order_of_people_does_not_matter(compared):
    asked = draw(40, 23)
    order = np.random.default_rng(1).permutation(len(asked.people))
    shuffled = Scenes(asked.shots, asked.people.iloc[order].sort_values("row", kind="stable"))

    one, other = actors(compared(asked), model), actors(compared(shuffled), model)

    assert np.allclose(np.sort(one.value), np.sort(other.value), atol=1e-12)
    assert np.allclose(one.empty_xg, other.empty_xg, atol=1e-12, equal_nan=True)


def test_of_fourteen_opponents_the_farthest_play_as_one(compared):
    rng = np.random.default_rng(1)
    asked = draw(3, 17)
    crowd = pd.DataFrame({
        "row": np.repeat(np.arange(3), 14), "x_m": rng.uniform(46, 52, 42), "y_m": rng.normal(0, 2, 42),
        "is_teammate": False, "is_keeper": False,
    })  # fmt: skip
    keepers = asked.people[asked.people["is_keeper"]]
    asked = Scenes(
        asked.shots.assign(shot_type="open_play", x_m=45.0, y_m=0.0),
        pd.concat([keepers, crowd], ignore_index=True),
    )
    beside = compared(asked, k=2)

    found = actors(beside, model)

    for i in range(3):
        players = pd.DataFrame({"n": found.player, "value": found.value})[found.shot == i]
        assert len(players) > MAX_PLAYERS == players["n"].nunique()
        assert len(players.drop_duplicates()) == MAX_PLAYERS
        value = players.drop_duplicates("n")["value"].sum()
        assert found.empty_xg[i] + value == pytest.approx(model(beside.features)[i], abs=1e-9)


def test_without_a_keeper_in_the_frame_there_is_no_game(compared):
    asked = draw(20, 19)
    no_keeper = Scenes(asked.shots, asked.people[~asked.people["is_keeper"]].reset_index(drop=True))
    found = actors(compared(no_keeper), model)
    assert len(found.shot) == 0
    assert np.isnan(found.empty_xg).all()
