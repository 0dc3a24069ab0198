"""What results chances are worth: sequences, exact distributions, by hand."""

import itertools
from dataclasses import asdict

import numpy as np
import pytest

from xgoals.analysis.results import (
    Chance,
    ResultShares,
    goals_table,
    result_shares,
    sequences,
)


def told(*shots):
    """Each shot as (side, period, clock_s, xg)."""
    return [Chance(*shot) for shot in shots]


def test_a_rebound_does_not_count_twice():
    chances = sequences(told(("home", 1, 100, 0.5), ("home", 1, 105, 0.5), ("home", 1, 111, 0.2)))
    assert chances == {"home": [pytest.approx(0.75), 0.2], "away": []}


def test_other_teams_and_halves_start_sequences_of_their_own():
    chances = sequences(
        told(("home", 1, 100, 0.5), ("away", 1, 101, 0.4), ("home", 1, 103, 0.5), ("home", 2, 104, 0.1))
    )
    assert chances["home"] == [pytest.approx(0.75), 0.1]
    assert chances["away"] == [0.4]


def test_result_shares_agree_with_every_possible_course_of_the_match():
    home, away = [0.3, 0.1, 0.6], [0.5, 0.05]
    expected = {"home": 0.0, "draw": 0.0, "away": 0.0}
    for course in itertools.product([0, 1], repeat=5):
        chance = np.prod([p if hit else 1 - p for hit, p in zip(course, home + away, strict=True)])
        margin = sum(course[:3]) - sum(course[3:])
        expected["home" if margin > 0 else "away" if margin < 0 else "draw"] += chance
    shots = [("home", 1, 60 * i, p) for i, p in enumerate(home)] + [
        ("away", 1, 60 * i, p) for i, p in enumerate(away)
    ]
    found = asdict(result_shares(told(*shots)))
    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(1.0)


def test_no_shots_are_a_draw():
    assert result_shares([]) == ResultShares(home=0.0, draw=1.0, away=0.0)


def test_goals_that_chances_end_in_by_hand():
    table = goals_table(
        told(("home", 1, 0, 0.5), ("home", 1, 60, 0.2), *(("away", 1, 60 * i, 1.0) for i in range(5)))
    )
    assert table["home"] == pytest.approx([0.4, 0.5, 0.1, 0.0, 0.0])
    assert table["away"] == pytest.approx([0.0, 0.0, 0.0, 0.0, 1.0])
