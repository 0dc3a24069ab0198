"""The race of a match by hand: who led when, xG by standing, one goal an attack, what came after a red card."""

import pandas as pd
import pytest
from by_hand import MATCH

from xgoals.analysis.match import match_numbers
from xgoals.analysis.within_match.race import GameState, minutes_by_standing, race, xg_after, xg_by_standing
from xgoals.analysis.within_match.takers import FacedShot, MatchTaker, match_takers
from xgoals.domain.reason import Actor, ShotReasons

GOAL = {"is_goal": True, "outcome": "goal"}


@pytest.fixture
def numbers(shots):
    frame = shots(
        {"minute": 10, "xg": 0.1},
        {"minute": 20, "xg": 0.2, **GOAL},
        {"minute": 30, "xg": 0.4, "team": "Blues"},
        {"minute": 46, "period": 1, "xg": 0.05},
        {"minute": 50, "period": 2, "xg": 0.3, "team": "Blues", **GOAL},
        {"minute": 80, "period": 2, "xg": 0.5, **GOAL},
        {"minute": 91, "period": 2, "xg": 0.07, "team": "Blues"},
    )
    red = {
        "kind": "second_yellow_card",
        "team": "Reds",
        "player": "Anna",
        "period": 2,
        "minute": 80,
        "second": 0,
    }
    return match_numbers({**MATCH, "incidents": [red]}, frame)


def test_who_led_when_over_playing_time(numbers):
    found = race(numbers)
    assert found.states == (
        GameState(0.0, 20.0, 0), GameState(20.0, 51.0, 1), GameState(51.0, 81.0, 0), GameState(81.0, 92.0, 1),
    )  # fmt: skip
    assert minutes_by_standing(found.states) == {"level": 50.0, "ahead": 42.0, "behind": 0.0}


def test_a_goal_belongs_to_the_score_that_it_changed(numbers):
    sums = xg_by_standing(numbers, race(numbers))
    assert sums["home"] == pytest.approx({"level": 0.8, "ahead": 0.05, "behind": 0.0})
    assert sums["away"] == pytest.approx({"level": 0.0, "ahead": 0.0, "behind": 0.77})


def test_only_what_came_after_a_sending_off(numbers):
    assert xg_after(numbers, numbers.sent_off[0]) == pytest.approx({"home": 0.0, "away": 0.07})


def test_nobody_led_where_a_goal_or_its_half_is_not_known(shots):
    frame = shots({"minute": 20, **GOAL})
    lacking = match_numbers({**MATCH, "home_score": 2, "away_score": 0}, frame)
    assert race(lacking).states == ()
    assert xg_by_standing(lacking, race(lacking)) is None
    own = {"team": "Reds", "player": "A", "minute": 47}
    either_half = match_numbers({**MATCH, "home_score": 2, "away_score": 0, "own_goals": [own]}, frame)
    assert race(either_half).states == ()


def test_a_match_that_was_broken_off_ends_with_what_is_known_of_it(shots):
    frame = shots({"minute": 30}, {"minute": 55, "period": 2})
    assert race(match_numbers({**MATCH, "status": "abandoned"}, frame)).end_min == 55
    assert race(match_numbers({**MATCH, "status": "awarded"}, frame)).end_min == 90


def test_stoppage_time_is_known_of_cards_too(shots):
    late = {"kind": "yellow_card", "team": "Reds", "player": "A", "period": 1, "minute": 48, "second": 30}
    found = race(match_numbers({**MATCH, "incidents": [late]}, shots({"minute": 46, "period": 2})))
    assert found.half_time_min == 48.5
    assert found.steps["home"][0].at_min == 49.5


def test_of_the_shots_of_an_attack_only_one_can_be_the_goal(shots):
    frame = shots(
        {"minute": 10, "second": 0, "xg": 0.5},
        {"minute": 10, "second": 3, "xg": 0.4},
        {"minute": 60, "period": 2, "xg": 0.1},
        {"minute": 60, "period": 2, "xg": 0.2, "team": "Blues"},
    )
    home, away = (match_numbers(MATCH, frame).sides[side] for side in ("home", "away"))
    assert home.xg == pytest.approx(1.0)
    assert home.xg_by_attack == pytest.approx(1 - 0.5 * 0.6 + 0.1)
    assert away.xg_by_attack == pytest.approx(0.2)


def test_who_took_most_away_by_hand():
    people = pd.DataFrame(
        [("s0", 0, "Keeper"), ("s0", 1, "Back"), ("s0", 2, "Crowd"), ("s0", 3, "Crowded"), ("s1", 0, "Keeper"),
         ("s1", 1, None)],
        columns=["shot_id", "person_n", "player"],
    )  # fmt: skip
    first = (
        Actor(0, True, 0, -0.02, 0.02), Actor(1, False, 1, -0.1, 0.1), Actor(2, False, 2, -0.3, 0.3),
        Actor(3, False, 2, -0.3, 0.3),
    )  # fmt: skip
    second = (Actor(0, True, 0, 0.05, -0.05), Actor(1, False, 1, -0.5, 0.5))
    reasons = {7: ShotReasons(0.1, 0.2, {}, actors=first), 8: ShotReasons(0.1, 0.2, {}, actors=second)}
    faced = [FacedShot(7, "s0", "home"), FacedShot(8, "s1", "home"), FacedShot(9, "s2", "away")]
    assert match_takers(faced, people, reasons) == [
        MatchTaker("Back", "away", False, pytest.approx(0.1), 1),
        MatchTaker("Keeper", "away", True, pytest.approx(-0.03), 2),
    ]
    assert match_takers(faced, people.drop(columns="person_n"), reasons) == []


def test_penalties_stand_apart_from_the_best_and_the_large_chances(shots):
    frame = shots({"xg": 0.35}, {"xg": 0.78, "is_penalty": True, "minute": 30})
    home = match_numbers(MATCH, frame).sides["home"]
    assert (home.best, home.large, home.penalties) == (0.35, 1, 1)
    assert (home.xg, home.without_penalties) == (pytest.approx(1.13), pytest.approx(0.35))
