"""Do the sources measure the same: distances by hand, and who is named."""

import numpy as np
import pytest

from xgoals.analysis.sources import SourceCell, source_differences
from xgoals.features.distances import distance


def test_distances_by_hand():
    assert distance(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0.0
    assert distance(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 1.0
    assert distance(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 9.0, 9.0])) == 0.5
    # a category has no order: 0 and 5 swapped between the sides of 1 and 2
    assert distance(np.array([0.0, 1.0]), np.array([5.0, 1.0]), "category") == 0.5
    assert distance(np.array([0.0, 5.0]), np.array([5.0, 0.0]), "category") == 0.0


@pytest.fixture
def two_feeds(shots):
    rows = []
    for i in range(240):
        dfl = i % 2 == 0
        rows.append(
            {
                "provider": "dfl" if dfl else "statsbomb",
                "AngleToGoal": 20.0 + i % 7 + (10 if dfl else 0),
                "DistanceToGoal": 10.0 + (i // 2) % 9,
                "Header": 1.0 if i % 4 < 2 else -1.0,
                "PlayerSpeed": 15.0 if dfl else np.nan,
            }
        )
    return shots(*rows)


def test_feeds_are_compared_and_what_differs_is_named(two_feeds, model):
    found = source_differences(two_feeds, model)
    assert (found.by, [source.name for source in found.sources]) == ("feed", ["dfl", "statsbomb"])
    rows = {row.feature["name"]: row.cells for row in found.rows}
    assert rows["AngleToGoal"][0].distance == 1.0
    assert (rows["AngleToGoal"][0].middle, rows["AngleToGoal"][1].middle) == (33.0, 23.0)
    assert rows["Header"][0].middle == 0.5  # the share of yes
    assert rows["PlayerSpeed"][1] == SourceCell(middle=None, missing=1.0, distance=None)
    named = {(row.label, row.source) for row in found.notable}
    assert named == {("Angle to goal", "dfl"), ("Angle to goal", "statsbomb")}


def test_one_feed_is_compared_by_competition_and_small_ones_are_counted(two_feeds, model):
    frame = two_feeds.assign(provider="statsbomb", competition=["A"] * 120 + ["B"] * 110 + ["C"] * 10)
    found = source_differences(frame, model)
    assert found.by == "competition"
    assert [source.name for source in found.sources] == ["A 2023", "B 2023"]
    assert found.more == 1


def test_a_single_source_has_nothing_to_be_compared_with(two_feeds, model):
    found = source_differences(two_feeds.assign(provider="statsbomb"), model)
    assert len(found.sources) == 1
    assert (found.rows, found.notable) == ((), ())
