"""What happened at a shot, by hand: the score before it, the shot it follows, its rank; goals on the clock."""

from typing import Any

import pytest
from by_hand import MATCH

from xgoals.analysis.facts.goals_in_time import possible_periods
from xgoals.analysis.facts.rank import kind_of, of_its_like, rank, ranked_kind
from xgoals.analysis.facts.shot_facts import AssistFacts, Rebound, ShotFacts, facts_of_shots
from xgoals.analysis.match import match_numbers
from xgoals.analysis.shots import knows_positions
from xgoals.domain.circumstances import PassHeight, PassKind, ShotEnd
from xgoals.domain.shot import BodyPart, Outcome, SetUp, ShotType, Technique

GOAL = {"is_goal": True, "outcome": "goal"}


def scores(match: dict[str, Any], frame: Any) -> list[tuple[int, int] | None]:
    return [facts.score for facts in facts_of_shots(match, frame).values()]


def test_the_score_before_each_shot_with_an_own_goal_on_the_right_side(shots):
    frame = shots(
        {"minute": 5},
        {"minute": 10, **GOAL},
        {"minute": 10, "second": 30},
        {"minute": 46, "second": 10},
        {"minute": 46, "second": 50},
        {"minute": 46, "period": 2, **GOAL},
        {"minute": 80, "period": 2, "team": "Blues"},
    )
    own = {"team": "Blues", "player": "Red", "minute": 46, "period": 1, "second": 30}
    match = {**MATCH, "home_score": 2, "away_score": 1, "own_goals": [own]}
    assert scores(match, frame) == [(0, 0), (0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (2, 1)]


def test_no_score_is_guessed(shots):
    frame = shots(
        {"minute": 5}, {"minute": 10, **GOAL}, {"minute": 46, "period": 2}, {"minute": 80, "period": 2}
    )
    one = {**MATCH, "home_score": 1, "away_score": 0}
    assert scores(one, frame) == [(0, 0), (0, 0), (1, 0), (1, 0)]
    # a goal of the result that nobody knows anything of; no result; an own goal of either half
    assert scores({**one, "away_score": 1}, frame) == [None] * 4
    assert scores({**one, "home_score": None}, frame) == [None] * 4
    either = {**one, "away_score": 1, "own_goals": [{"team": "Blues", "player": None, "minute": 47}]}
    assert scores(either, frame) == [(0, 0), (0, 0), None, (1, 1)]


@pytest.mark.parametrize(
    ("minute", "periods"), [(0, [1]), (44, [1]), (45, [1, 2]), (64, [1, 2]), (65, [2]), (125, [4])]
)
def test_the_halves_that_a_minute_can_belong_to(minute, periods):
    assert possible_periods(minute) == periods


def test_the_shot_from_which_the_ball_came_back(shots):
    def after(gap_s: float, **changes: Any) -> Rebound | None:
        first = {
            "player": "Anna",
            "body_part": "head",
            "outcome": "woodwork",
            "period_time_s": 600.0,
            "event_n": 1,
        }
        second = {"player": "Bea", "second": 30, "period_time_s": 600.0 + gap_s, "event_n": 2}
        frame = shots(first | changes, second)
        return facts_of_shots(MATCH, frame)["s1"].rebound_of

    assert after(3.0) == Rebound("Anna", BodyPart.HEAD, Outcome.WOODWORK)
    assert after(1.0) == after(5.0) == after(3.0)
    assert after(0.9) is after(5.1) is None
    assert after(3.0, outcome="off_target") is None
    assert after(3.0, team="Blues") is None
    assert after(3.0, period=2) is None
    assert after(3.0, period_time_s=None) is None
    assert after(3.0, player=None) == Rebound("", BodyPart.HEAD, Outcome.WOODWORK)


def test_what_the_feed_says_is_a_fact_and_what_it_does_not_say_is_none(shots):
    said = {
        "set_up": "counter", "technique": "lob", "assist_kind": "cross", "assist_player": "Bea",
        "assist_height": "high", "assist_is_switch": False, "end_x_m": 52.5, "end_y_m": 1.0, "end_z_m": None,
        "is_first_time": True,
        "is_one_on_one": False, "is_open_goal": None, "keeper": "Cleo", "has_positions": True, "has_keeper": True,
    }  # fmt: skip
    facts = facts_of_shots(MATCH, shots(said, {"minute": 11}))
    assert facts["s0"] == ShotFacts(
        BodyPart.RIGHT_FOOT, ShotType.OPEN_PLAY, SetUp.COUNTER, Technique.LOB,
        AssistFacts("Bea", PassKind.CROSS, PassHeight.HIGH, False), keeper="Cleo", end=ShotEnd(52.5, 1.0),
        is_first_time=True, is_one_on_one=False,
    )  # fmt: skip
    nothing = facts["s1"]
    assert (nothing.assist, nothing.end, nothing.keeper, nothing.is_first_time) == (None, None, "", None)
    assert facts_of_shots(MATCH, shots({})) == {"s0": ShotFacts(BodyPart.RIGHT_FOOT)}


def test_goals_half_time_and_sendings_off_of_a_match(shots):
    frame = shots(
        {"minute": 44, "player": "Anna", **GOAL}, {"minute": 70, "period": 2, "is_penalty": True, **GOAL}
    )
    own = {"team": "Blues", "player": "Red", "minute": 50, "period": 2, "second": 3}
    red = {"team": "Blues", "player": None, "period": 1, "minute": 30, "kind": "red_card"}
    numbers = match_numbers({**MATCH, "own_goals": [own], "incidents": [red]}, frame)
    assert [(goal.side, goal.minute, goal.is_own_goal, goal.is_penalty) for goal in numbers.goals] == [
        ("home", 44, False, False), ("away", 50, True, False), ("home", 70, False, True),
    ]  # fmt: skip
    assert numbers.half_time == (1, 0)
    assert [(card.side, card.player, card.minute) for card in numbers.sent_off] == [("away", "", 30)]
    assert match_numbers({**MATCH, "own_goals": [own], "home_score": 3}, frame).half_time is None
    assert match_numbers({**MATCH, "own_goals": [own | {"period": None}]}, frame).half_time is None


def test_a_rank_is_the_share_of_shots_that_are_worth_less():
    quantiles = [0.0, 0.02, 0.05, 0.1, 0.9]
    assert [rank(xg, quantiles) for xg in (0.0, 0.02, 0.05, 0.1, 0.9)] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert rank(0.5, quantiles) == pytest.approx(0.875)
    assert (rank(0.95, quantiles), rank(0.0, [0.01, 0.1])) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("shot", "kind"),
    [
        ({"shot_type": "open_play", "body_part": "left_foot"}, "foot"),
        ({"shot_type": "corner", "body_part": "right_foot"}, "foot"),
        ({"shot_type": "open_play", "body_part": "head"}, "head"),
        ({"shot_type": "free_kick", "body_part": "left_foot"}, "free_kick"),
        ({"shot_type": "open_play", "body_part": "other"}, "all"),
    ],
)
def test_kinds(shot, kind):
    assert kind_of(shot) == kind
    row = {**shot, "is_penalty": False}
    assert ranked_kind(row, {kind: [0, 1], "all": [0, 1]}) == kind
    assert ranked_kind(row, {"all": [0, 1]}) == "all"  # too few of its own
    assert ranked_kind(row, {}) is None
    assert ranked_kind({**row, "is_penalty": True}, {"all": [0, 1]}) is None


def test_a_number_knows_positions_where_one_of_its_features_does_and_is_ranked_among_its_like():
    model = {
        "features": [{"name": name, "group": group} for name, group in (("D", "place"), ("K", "keeper"))]
    }
    row = {"is_penalty": False, "D": 11.0, "K": 3.0}
    assert knows_positions(row, model)
    assert not knows_positions(row | {"K": float("nan")}, model)
    assert not knows_positions(row, {"features": model["features"][:1]})
    assert knows_positions(row | {"is_penalty": True, "K": None}, model)
    quantiles = {"foot": [0.0, 1.0], "all": [0.0, 0.9], "foot without positions": [0.0, 0.5]}
    assert of_its_like(quantiles, knows_positions=True) == {"foot": [0.0, 1.0], "all": [0.0, 0.9]}
    assert of_its_like(quantiles, knows_positions=False) == {"foot": [0.0, 0.5]}
