"""Matches and matchdays as numbers: sides, players, highlights, finishing, by hand."""

import pytest
from by_hand import MATCH, OTHER

from xgoals.analysis.finishing import finishing, sequence_numbers
from xgoals.analysis.highlights import SHOWN, matchday_highlights
from xgoals.analysis.match import match_numbers
from xgoals.analysis.matchday import Totals, matchday_numbers
from xgoals.analysis.results import Chance, sequences
from xgoals.analysis.sides import shots_of_match


def players(found):
    return list(found["player"])


def test_chances_surprises_and_sitters(day):
    found = matchday_numbers([MATCH, OTHER], day)
    assert players(found.highlights.surprises) == ["Anna"]  # the blind number decides where there is one
    assert players(found.highlights.best) == ["Bea", "Dora", "Eve", "Anna"]  # the other one of Anna's
    assert players(found.highlights.sitters) == []  # Bea's is told already
    assert players(found.highlights.largest_miss) == ["Bea"]
    assert found.totals == Totals(goals=4, xg=pytest.approx(2.52), n_shots=6, n_matches=2)


def test_every_shot_is_in_one_list_and_a_sitter_beyond_the_best_has_its_own(shots):
    large = [{"xg": 0.9 - n / 100} for n in range(SHOWN)]
    frame = shots(
        *large, {"xg": 0.45}, {"xg": 0.39}, {"xg": 0.039, "is_goal": True, "xg_out_of_fold": None},
        {"xg": 0.3, "is_goal": True, "xg_out_of_fold": 0.04},
    )  # fmt: skip
    found = matchday_highlights(frame)
    lists = (found.best, found.surprises, found.sitters)
    assert [list(rows["xg"]) for rows in lists[1:]] == [[0.039], [0.45]]
    told = [shot_id for rows in lists for shot_id in rows["shot_id"]]
    assert len(told) == len(set(told)) == SHOWN + 2
    assert list(found.largest_miss["xg"]) == [0.9]


def test_the_likelihood_of_the_real_result(day):
    found = matchday_numbers([MATCH, OTHER], day)
    second = next(one for one in found.matches if one.match["match_id"] == "m2")
    assert second.result == "away"
    assert second.likelihood == pytest.approx(0.2 * (1 - 0.39))


def test_finishing_by_hand(day):
    rows = {row.name: row for row in finishing(day, "team")}
    assert rows["Reds"].over == pytest.approx(2 - 0.55)
    assert rows["Blues"].over == pytest.approx(1 - 1.38)
    assert next(row.name for row in finishing(day, "team")) == "Reds"
    assert finishing(day.assign(player=None), "player") == []


def test_how_far_from_chance_by_hand(shots):
    frame = shots(
        {"team": "Reds", "xg": 0.5, "is_goal": True, "minute": 1},
        {"team": "Reds", "xg": 0.2, "is_goal": True, "minute": 2},
        {"team": "Blues", "xg": 0.5, "minute": 1},
        {"team": "Blues", "xg": 0.6, "minute": 2},
        {"team": "Greens", "xg": 0.5, "is_goal": True, "minute": 1},
        {"team": "Greens", "xg": 0.8, "minute": 2},
    )
    chance = {row.name: row.chance for row in finishing(frame, "team")}
    assert chance["Reds"] == pytest.approx(2 * 0.1)  # both
    assert chance["Blues"] == pytest.approx(2 * 0.2)  # none
    assert chance["Greens"] == 1.0  # one or fewer 0.6, one or more 0.9


def test_shots_of_one_sequence_are_one_chance_and_the_same_one_as_in_results(shots):
    """A save and the rebound 3 s later: 1 - .5 x .5; the next half, another team, and 6 s begin a new one."""
    frame = shots(
        {"xg": 0.5, "period": 1, "minute": 10, "second": 0},
        {"xg": 0.5, "period": 1, "minute": 10, "second": 3},
        {"xg": 0.1, "period": 1, "minute": 10, "second": 4, "team": "Blues"},
        {"xg": 0.2, "period": 1, "minute": 10, "second": 9},
        {"xg": 0.2, "period": 2, "minute": 10, "second": 10},
    )
    reds = next(row for row in finishing(frame, "team") if row.name == "Reds")
    assert reds.chance == pytest.approx(2 * 0.25 * 0.8 * 0.8)
    numbers = sequence_numbers(frame)
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 4
    chances = [Chance(shot.side, shot.period, shot.clock_s, shot.xg) for shot in shots_of_match(MATCH, frame)]
    by_results = sequences(chances)
    assert sorted(map(len, by_results.values())) == [1, 3]


def test_both_sides_and_their_players_by_hand(shots):
    frame = shots(
        {"player": "Anna", "xg": 0.4, "outcome": "saved", "body_part": "head"},
        {"player": "Anna", "xg": 0.1, "outcome": "goal", "is_goal": True},
        {"player": "Bea", "xg": 0.78, "outcome": "off_target", "is_penalty": True, "provider_xg": None},
        {"player": None, "xg": 0.2, "team": "Blues", "outcome": "blocked"},
    )
    found = match_numbers(MATCH, frame)
    home, away = found.sides["home"], found.sides["away"]
    assert {key: getattr(home, key) for key in ("on_target", "large", "headers", "penalties", "best")} == {
        "on_target": 2, "large": 1, "headers": 1, "penalties": 1, "best": 0.4,
    }  # fmt: skip
    assert home.without_penalties == pytest.approx(0.5)
    assert home.per_shot == pytest.approx(0.25)
    assert home.provider_xg is None  # not the sum of what is known of it
    assert away.provider_xg == pytest.approx(0.1)
    assert [(p.name, p.n_shots, p.goals, p.best) for p in found.players] == [
        ("Bea", 1, 0, 0.78),
        ("Anna", 2, 1, 0.4),
    ]
    nobody = match_numbers(MATCH, frame.iloc[:0]).sides["home"]
    assert (nobody.best, nobody.per_shot, nobody.provider_xg) == (None, None, None)
