"""A season as numbers, against hand-worked ones: points by chance, what is known, luck, trends, extremes, reasons."""

import numpy as np
import pytest
from scipy.stats import chi2

from seasons_by_hand import SEASON, club, match, reasons_of, shots_of
from xgoals.analysis.season.chances import season_chances
from xgoals.analysis.season.coverage import coverage
from xgoals.analysis.season.extremes import extremes
from xgoals.analysis.season.luck import goal_luck, spread
from xgoals.analysis.season.numbers import KEEPER_SHOTS, season_numbers
from xgoals.analysis.season.reasons import season_reasons
from xgoals.analysis.season.table import points_distribution, table
from xgoals.analysis.season.trends import trends
from xgoals.domain.match import MatchStatus
from xgoals.domain.reason import Part


def test_points_of_two_matches_with_one_chance_each():
    # one shot of 0.5 and none of the other side: a win or a draw, half of the time each
    assert points_distribution([(0.0, 0.5, 0.5)] * 2) == pytest.approx([0, 0, 0.25, 0, 0.5, 0, 0.25])
    first, second = match(1, "Reds", "Blues", (1, 0)), match(2, "Blues", "Reds", (0, 0), matchday=2)
    shots = shots_of((first, "home", 0.5, True), (second, "away", 0.5, False))
    reds, blues = table(season_chances([first, second], shots))
    assert (reds.club, reds.points, reds.expected_points, reds.points_interval) == (
        club("Reds"),
        4,
        4.0,
        (2, 6),
    )
    assert (reds.won, reds.drawn, reds.lost, reds.goal_difference, reds.luck) == (1, 1, 0, 1, 0.0)
    assert reds.chance == 1.0
    # Blues: 0 or 1 points of each match, 1 on average; two draws would have been 2
    assert (blues.points, blues.expected_points, blues.points_interval) == (1, 1.0, (0, 2))
    assert (reds.xg_for, reds.xg_against, blues.xg_against) == (1.0, 0.0, 1.0)
    assert (reds.rank, reds.expected_rank, blues.rank, blues.expected_rank) == (1, 1, 2, 2)


def test_a_penalty_counts_in_one_sum_only_and_a_match_without_shots_in_no_chance():
    first, second = match(1, "Reds", "Blues", (1, 0)), match(2, "Reds", "Blues", (0, 3), n_shots=0)
    shots = shots_of((first, "home", 0.75, True), (first, "home", 0.25, False), penalties=(0,))
    rows = {row.club.name: row for row in table(season_chances([first, second], shots))}
    assert (rows["Reds"].xg_for, rows["Reds"].without_penalties) == (1.0, (0.25, 0.0))
    assert (rows["Reds"].played, rows["Reds"].n_covered, rows["Reds"].points_covered) == (2, 1, 3)
    assert rows["Blues"].points == 3
    assert rows["Blues"].points_covered == 0
    assert rows["Reds"].expected_rank is None, "places by chances need the chances of every match"


def test_points_far_from_their_chances_stand_out_among_those_of_all():
    matches = [match(n, "Reds", "Blues", (0, 1)) for n in range(6)] + [match(9, "Greens", "Greys", (0, 0))]
    shots = shots_of(*((m, "home", 0.9, False) for m in matches[:6]), (matches[6], "home", 0.1, False))
    rows = {row.club.name: row for row in table(season_chances(matches, shots))}
    assert rows["Reds"].chance == pytest.approx(2 * 0.0, abs=1e-9), "such chances never give six defeats"
    assert rows["Reds"].stands
    assert rows["Blues"].stands
    assert not rows["Greens"].stands


def known(*matches):
    return coverage(
        season_chances(matches, shots_of(*((m, "home", 0.1, False) for m in matches if m.n_shots)))
    )


def test_what_is_known_of_a_league():
    pairs = [("A", "B"), ("C", "D"), ("A", "C"), ("B", "D"), ("A", "D"), ("B", "C")]
    first_half = [match(n, *pair, (1, 0), matchday=n // 2 + 1) for n, pair in enumerate(pairs)]
    found = known(*first_half)
    assert (found.n_by_now, found.n_in_all, found.n_missing, found.has_table) == (6, 12, 0, True)
    assert found.is_under_way

    gap = known(*first_half[:4], match(9, "A", "D", (2, 0), matchday=6))
    assert (gap.n_counted, gap.n_by_now, gap.n_missing, gap.has_table) == (5, 12, 7, False)

    of_one = known(*(m for m in first_half if "A" in (m.home.name, m.away.name)))
    assert of_one.only_club == club("A")
    assert not of_one.has_table

    postponed = known(*first_half[:5], match(6, "B", "C", None, matchday=3, status=MatchStatus.UNFINISHED))
    assert (postponed.n_matches, postponed.n_counted, postponed.n_missing) == (6, 5, 1)


def test_what_is_known_of_a_cup_of_one_match_and_of_nothing():
    cup = known(match(1, "A", "B", (1, 0)), match(2, "A", "C", (2, 1), stage="Final"))
    assert (cup.is_league, cup.n_by_now, cup.has_table) == (False, None, False)
    one = known(match(1, "A", "B", (1, 0)))
    assert (one.n_clubs, one.only_club, one.n_in_all) == (2, None, None)
    nothing = known()
    assert (nothing.n_matches, nothing.is_league, nothing.has_table, nothing.last_matchday) == (
        0,
        False,
        False,
        None,
    )
    bare = known(match(1, "A", "B", (1, 0), n_shots=0))
    assert (bare.n_counted, bare.n_covered) == (1, 0)


def test_goals_minus_xg_with_its_exact_interval_and_all_tested_together():
    played = match(1, "Reds", "Blues", (4, 0))
    shots = shots_of(*((played, "home", 0.5, True) for _ in range(4)), (played, "away", 0.5, False))
    reds, blues = goal_luck(shots, list(shots["team"]))
    assert (reds.whose, reds.goals, reds.xg, reds.over, reds.variance) == ("Reds", 4, 2.0, 2.0, 1.0)
    assert reds.interval == (0, 4)  # 1, 4, 6, 4, 1 of 16: every count from 0 to 4 is within 95 %
    assert reds.chance == pytest.approx(2 / 16)
    assert not reds.is_outside
    assert not reds.stands
    found = spread([reds, blues])
    assert found.ratio == pytest.approx((2.0**2 / 1.0 + 0.5**2 / 0.25) / 2)
    assert found.p == pytest.approx(chi2.sf(5.0, 2))
    assert (found.n, found.n_outside, found.outside_by_chance) == (2, 0, 0.1)
    assert spread([]).ratio is None


def test_one_of_many_as_rare_as_chance_makes_the_rarest_does_not_stand_but_a_rarer_one_does():
    many = [match(n, f"Club {n}", "Blues", (0, 0)) for n in range(40)]
    ordinary = [(m, "home", 0.5, False) for m in many]
    lucky = match(99, "Lucky", "Blues", (9, 0))
    for goals, stands in ((6, False), (12, True)):
        shots = shots_of(*ordinary, *((lucky, "home", 0.5, True) for _ in range(goals)))
        rows = {row.whose: row for row in goal_luck(shots, list(shots["team"]))}
        assert rows["Lucky"].is_outside
        assert rows["Lucky"].stands is stands


def test_a_trend_is_the_mean_of_the_last_five_matches():
    matches = [match(n, "Reds", "Blues", (0, 0), matchday=n + 1) for n in range(7)]
    shots = shots_of(*((m, "home", 0.1 * (n + 1), False) for n, m in enumerate(matches)))
    reds = trends(season_chances(matches, shots))[club("Reds")]
    means = [point.mean_for for point in reds.points]
    assert means == pytest.approx([0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])
    assert [own for own, _ in reds.blocks] == pytest.approx([0.3, 0.65])
    assert all(point.mean_against == 0 for point in reds.points)


def test_no_shot_is_an_extreme_twice_penalties_are_none_and_results_count_only_where_they_are_known():
    won, lost = match(1, "A", "B", (1, 0)), match(2, "C", "D", (0, 1))
    open_end = match(3, "E", "F", None, status=MatchStatus.UNFINISHED)
    shots = shots_of(
        (won, "home", 0.9, True), (won, "home", 0.8, False), (lost, "home", 0.7, False), (lost, "away", 0.01, True),
        (open_end, "home", 0.99, True), penalties=(4,),
    )  # fmt: skip
    found = extremes(season_chances([won, lost, open_end], shots), shots, n=2)
    assert [m.match.key for m in found.results] == [lost.key, won.key]
    assert list(found.surprises["xg"]) == [0.01, 0.9]
    assert list(found.best["xg"]) == [0.8, 0.7]
    assert list(found.misses["xg"]) == []


def test_parts_of_the_reasons_with_matches_as_units():
    first, second = match(1, "A", "B", (0, 0)), match(2, "A", "B", (0, 0))
    shots = shots_of((first, "home", 0.1, False), (second, "home", 0.2, False), (second, "home", 0.3, False),
                     (first, "home", 0.7, True), penalties=(3,))  # fmt: skip
    nan = np.nan
    reasons = reasons_of({0: (0.1, nan, 0.02, 0.0), 1: (-0.3, 0.06, 0.0, 0.0), 3: (nan, nan, nan, nan)})
    found = season_reasons(shots, reasons)
    assert (found.n_with_reasons, found.n_shots, found.n_matches) == (2, 3, 2)
    place, keeper, opponents, _ = found.parts
    assert (place.mean_abs, place.n, place.holds, place.is_first) == (pytest.approx(0.2), 2, 1.0, 1.0)
    # two matches with one shot each: the standard error of the mean of 0.1 and 0.3 is 0.1
    assert place.interval == pytest.approx((0.2 - 0.196, 0.2 + 0.196))
    assert (keeper.n, keeper.mean_abs, keeper.interval) == (1, 0.06, None)
    assert opponents.holds == 0.0


def test_numbers_of_a_season_without_a_shot_and_of_none():
    bare = match(1, "A", "B", (1, 0), n_shots=0)
    for matches in ([bare], []):
        found = season_numbers(SEASON, matches, shots_of(), reasons_of({}))
        assert (found.n_shots, found.home_and_away, found.players) == (0, None, ())
        assert found.reasons.parts == ()
        assert len(found.table) == 2 * len(matches)


def test_rounds_come_newest_first_and_home_counts_apart_from_away():
    matches = [match(n, "A", "B", (1, 0), matchday=n) for n in (1, 2, 10)]
    found = season_numbers(
        SEASON, matches, shots_of(*((m, "home", 0.5, True) for m in matches)), reasons_of({})
    )
    assert [one.key.round for one in found.rounds] == ["10", "2", "1"]
    at = found.home_and_away
    assert at is not None
    assert (at.home_xg, at.away_xg, at.home_wins, at.draws, at.away_wins) == (0.5, 0.0, 3, 0, 0)
    assert (at.expected_home, at.expected_draws, at.expected_away) == pytest.approx((1.5, 1.5, 0.0))


def test_keepers_are_counted_from_fifty_shots_faced_on_the_fewest_goals_over_their_xg_first():
    games = [match(n, "Reds", "Blues", (0, 0)) for n in range(2)]
    kicks = [(games[n % 2], "home", 0.2, False) for n in range(KEEPER_SHOTS)]
    replies = [(games[n % 2], "away", 0.2, n < 20) for n in range(KEEPER_SHOTS)]
    shots = shots_of(*kicks, *replies)
    numbers = season_numbers(SEASON, games, shots, reasons_of({}))
    assert [(row.whose.player_id, row.goals, round(row.over, 6)) for row in numbers.keepers] == [
        ("kBlues", 0, -10.0), ("kReds", 20, 10.0),
    ]  # fmt: skip
    fewer = season_numbers(SEASON, games, shots.iloc[1:], reasons_of({}))
    assert [row.whose.player_id for row in fewer.keepers] == ["kReds"]
    assert fewer.n_keepers == 2
    unknown = season_numbers(SEASON, games, shots.assign(keeper_id=None), reasons_of({}))
    assert (unknown.keepers, unknown.n_keepers) == ((), 0)


def test_parts_are_weighed_at_the_shots_whose_people_are_known_and_at_the_others_only_where_there_are_no_such():
    own, nan = match(1, "A", "B", (0, 0)), np.nan
    shots = shots_of((own, "home", 0.1, False), (own, "home", 0.4, False))
    both = season_reasons(shots, reasons_of({0: (0.1, 0.05, 0.02, 0.0), 1: (0.4, nan, nan, nan)}))
    assert (both.n_with_reasons, both.parts[0].mean_abs) == (1, pytest.approx(0.1))
    none = season_reasons(shots, reasons_of({0: (0.1, nan, nan, nan), 1: (0.4, nan, nan, nan)}))
    assert [part.part for part in none.parts] == [Part.PLACE]
    one_known = shots.assign(has_positions=[True, False])
    assert season_numbers(SEASON, [own], one_known, reasons_of({})).n_without_positions == 1
