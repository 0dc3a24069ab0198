"""Clusters as baseline rows: the two heaps that one sees, their shares, and what is missing."""

import numpy as np
import pandas as pd
import pytest

from xgoals.baselines.prototypes import prototypes
from xgoals.baselines.sample import background_sample, in_order
from xgoals.baselines.typical import typical_row
from xgoals.domain.errors import SettingsError

NAN = float("nan")
KINDS = {"far": "continuous", "people": "count", "header": "binary"}
NEAR, FAR = (5.0, 1.0, 1.0), (25.0, 4.0, 0.0)


@pytest.fixture
def two_heaps():
    """Six near headers and two far shots, each a little off."""
    rows = [(NEAR[0] + off, NEAR[1], NEAR[2]) for off in (-0.5, -0.3, -0.1, 0.1, 0.3, 0.5)]
    return pd.DataFrame([*rows, (24.0, 4.0, 0.0), (26.0, 4.0, 0.0)], columns=list(KINDS))


def test_two_heaps_are_two_clusters_with_their_shares(two_heaps):
    found = prototypes(two_heaps, KINDS, 2)
    assert found.rows.to_numpy() == pytest.approx(np.array([NEAR, FAR]))
    assert found.weights.tolist() == [0.75, 0.25]


def test_numbers_alone_go_by_k_means_and_words_alone_by_k_modes(two_heaps):
    numbers = {"far": "continuous", "people": "count"}
    found = prototypes(two_heaps, numbers, 2)
    assert found.rows.to_numpy() == pytest.approx(np.array([NEAR[:2], FAR[:2]]))
    words = {"people": "category", "header": "binary"}
    found = prototypes(two_heaps, words, 2)
    assert found.rows.to_numpy() == pytest.approx(np.array([NEAR[1:], FAR[1:]]))
    assert found.weights.tolist() == [0.75, 0.25]


@pytest.mark.parametrize("middle", ["mean", "median"])
def test_one_cluster_is_the_typical_row(two_heaps, middle):
    found = prototypes(two_heaps, KINDS, 1, middle=middle)
    assert found.rows.iloc[0].to_dict() == typical_row(two_heaps, KINDS, middle).to_dict()
    assert found.weights.tolist() == [1.0]


def test_the_order_of_rows_changes_nothing_and_weights_are_shares():
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {"far": rng.normal(20, 8, 60), "people": rng.integers(0, 6, 60), "header": rng.integers(0, 2, 60)}
    )
    table = table.astype(float)
    table.loc[::9, "far"] = NAN
    first = prototypes(table, KINDS, 4, seed=3)
    again = prototypes(table.sample(frac=1, random_state=1), KINDS, 4, seed=3)
    pd.testing.assert_frame_equal(first.rows, again.rows)
    assert first.weights.tolist() == again.weights.tolist() == sorted(first.weights, reverse=True)
    assert first.weights.sum() == pytest.approx(1)


def test_what_is_missing_is_not_made_up(two_heaps):
    holes = two_heaps.copy()
    holes.loc[6:, "people"] = NAN  # of the far ones nobody's people are known
    holes.loc[0, "far"] = NAN
    found = prototypes(holes, KINDS, 2)
    assert found.weights.tolist() == [0.75, 0.25]
    near, far = found.rows.iloc[0], found.rows.iloc[1]
    assert near["far"] == pytest.approx(5.1)  # of the five that are known
    assert np.isnan(far["people"])
    assert far["far"] == pytest.approx(25)
    nothing = two_heaps.assign(people=NAN)
    assert prototypes(nothing, KINDS, 2).rows["people"].isna().all()


def test_no_more_clusters_than_different_rows(two_heaps):
    same = pd.concat([two_heaps.iloc[:2]] * 3)
    assert len(prototypes(same, KINDS, 2).rows) == 2
    for n in (0, -1, 3):
        with pytest.raises(
            SettingsError, match=rf"{n} clusters of a table with 2 different rows .*Ask for 1 to 2"
        ):
            prototypes(same, KINDS, n)


def test_rare_kinds_of_rows_are_found_where_nearly_all_are_alike():
    table = pd.DataFrame([(5.0, 1.0, 0.0)] * 3000 + [(20.0, 3.0, 1.0), (21.0, 3.0, 1.0)], columns=list(KINDS))
    found = prototypes(table, KINDS, 2)
    assert found.rows.to_numpy() == pytest.approx(np.array([(5.0, 1.0, 0.0), (20.5, 3.0, 1.0)]))
    assert found.weights == pytest.approx([3000 / 3002, 2 / 3002])


def test_a_sample_has_each_row_once_and_is_the_same_from_any_order():
    table = pd.DataFrame({"a": np.arange(50.0), "b": np.arange(50.0) % 7})
    drawn = background_sample(table, 20, seed=5)
    assert drawn.index.is_unique
    assert len(drawn) == 20
    pd.testing.assert_frame_equal(drawn, table.loc[drawn.index])
    pd.testing.assert_frame_equal(drawn, background_sample(table.sample(frac=1, random_state=2), 20, seed=5))
    assert set(background_sample(table, 20, seed=6).index) != set(drawn.index)


def test_a_sample_of_more_than_there_is_is_all_and_of_nothing_is_refused():
    table = pd.DataFrame({"a": [3.0, NAN, 1.0]})
    assert background_sample(table, 9).index.tolist() == [2, 0, 1]  # what is missing comes last
    assert in_order(table)["a"].tolist()[:2] == [1.0, 3.0]
    with pytest.raises(ValueError, match="0 rows cannot be drawn from 3"):
        background_sample(table, 0)
    with pytest.raises(ValueError, match="2 rows cannot be drawn from 0"):
        background_sample(table.iloc[:0], 2)
