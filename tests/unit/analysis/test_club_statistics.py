"""A club's ways to its chances, its places, trend, finishing, keepers and defenders, against numbers worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from clubs_by_hand import LENGTH_M, actors, match, reasons, season, seen, shots_of, with_places

from xgoals.analysis.club.blocks import Direction
from xgoals.analysis.club.chances import chances
from xgoals.analysis.club.defenders import MIN_SHOTS, defenders
from xgoals.analysis.club.finishing import passers, players, surplus
from xgoals.analysis.club.keepers import keepers
from xgoals.analysis.club.numbers import club_numbers
from xgoals.analysis.club.origins import last_passes, origins, passes_known
from xgoals.analysis.club.places import square_numbers, squares, zones
from xgoals.analysis.club.season import season_shots
from xgoals.analysis.club.trend import ClubMatch, at_home, change, halves, per_match, rolling
from xgoals.domain.page_keys import MatchKey

GAME = match(1, "A", "B", (1, 0))
SECOND = match(2, "B", "A", (0, 0))


def some(*shots, changes=None, penalties=()):
    """Shots of A at home, (xG, goal)."""
    return with_places(
        shots_of(*((GAME, "home", xg, is_goal) for xg, is_goal in shots), penalties=penalties), changes
    )


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ({"set_up": "open_play"}, "open_play"),
        ({"set_up": "counter"}, "counter"),
        ({"set_up": "free_kick"}, "after_free_kick"),
        ({"set_up": "free_kick", "shot_type": "free_kick"}, "direct_free_kick"),
        ({"set_up": "corner"}, "corner"),
        ({"set_up": "other", "shot_type": "corner"}, "corner"),
        ({"set_up": "other", "shot_type": "penalty", "is_penalty": True}, "penalty"),
        ({"set_up": None}, "other"),
        ({"set_up": "a word of tomorrow"}, "other"),
    ],
)
def test_how_the_attack_began(said, origin):
    assert origins(some((0.1, False), changes={0: said})).tolist() == [origin]


def test_passes_are_known_of_matches_that_name_one():
    shots = with_places(
        shots_of((GAME, "home", 0.1, False), (GAME, "home", 0.1, False), (SECOND, "home", 0.1, False)),
        {0: {"assist_kind": "cut_back"}},
    )
    assert last_passes(shots).tolist()[:2] == ["cut_back", "none"]
    assert last_passes(shots).isna().tolist() == [
        False,
        False,
        True,
    ]  # its feed names no pass: not said is not none
    known = passes_known(shots)
    assert (known.n_matches, known.n_of) == (1, 2)


@pytest.mark.parametrize(
    ("depth_m", "left_m", "zone"),
    [
        (5.0, 9.0, "goal_area"), (5.0, -9.5, "box_sides"), (5.6, 0.0, "box_centre"), (16.5, 9.16, "box_centre"),
        (16.5, 20.0, "box_sides"), (16.6, 0.0, "outside"), (10.0, 20.3, "outside"),
    ],
)  # fmt: skip
def test_zones(depth_m, left_m, zone):
    shots = some((0.1, False), changes={0: {"x_m": LENGTH_M / 2 - depth_m, "y_m": left_m}})
    assert zones(shots).tolist() == [zone]


def test_a_penalty_and_a_shot_from_nowhere_have_no_zone_and_no_square():
    shots = some((0.8, True), (0.1, False), penalties=(0,), changes={1: {"x_m": np.nan}})
    assert zones(shots).isna().all()
    assert square_numbers(shots).tolist() == [-1, -1]


def test_squares_count_the_club_and_set_it_beside_the_others():
    at = {"x_m": LENGTH_M / 2 - 9.0, "y_m": -3.0}
    shots = with_places(
        shots_of((GAME, "home", 0.2, True), (GAME, "home", 0.1, False), (GAME, "away", 0.3, False)),
        {0: at, 1: {"x_m": LENGTH_M / 2 - 10.0, "y_m": -1.0}, 2: at},
    )
    own = (shots["team"] == "A").to_numpy()
    (square,) = squares(
        square_numbers(shots), own, shots["is_goal"].to_numpy(), shots["xg"].to_numpy(), n_matches=1, n_others=2
    )  # fmt: skip
    assert (square.left_m, square.depth_m) == (-4.0, 8.0)
    assert (square.n_shots, square.n_goals, square.xg) == (2, 1, pytest.approx(0.3))
    assert (square.per_match, square.league) == (2.0, 0.5)


def club_match(n, xg, against, *, is_home=True):
    return ClubMatch(MatchKey("feed", f"m{n}"), date(2030, 1, n + 1), "B", is_home, 0, 0, xg, against)


def test_rolling_means_begin_with_the_fifth_match():
    found = rolling(np.arange(1.0, 7.0))
    assert np.isnan(found[:4]).all()
    assert found[4:].tolist() == pytest.approx([3.0, 4.0])
    assert np.isnan(rolling(np.ones(4))).all()


def test_the_second_half_of_the_season_against_the_first():
    matches = [club_match(n, 1.0 if n < 5 else 2.0 + n % 2, 1.0) for n in range(10)]
    found = halves(matches)[Direction.FOR]
    assert (found.before, found.after) == (1.0, pytest.approx(2.6))
    assert found.low <= 1.6 <= found.high
    assert found.is_beyond_chance
    assert not halves(matches)[Direction.AGAINST].is_beyond_chance


def test_home_and_away_need_both_and_an_interval_needs_five_of_each():
    assert at_home([club_match(0, 1.0, 1.0)])[Direction.FOR] is None
    few = change(np.ones(5), np.array([2.0, 3.0, 2.0, 3.0]))
    assert few.value == pytest.approx(1.5)
    assert np.isnan(few.low)
    assert not few.is_beyond_chance
    assert per_match(np.array([])).n_matches == 0


def test_goals_minus_xg_with_what_chance_leaves():
    found = surplus(some((0.5, True), (0.5, True), (0.8, True), penalties=(2,)))
    assert (found.n_shots, found.goals, found.xg, found.over) == (2, 2, 1.0, 1.0)
    assert found.by_chance == (0, 2)  # 0, 1, 2 goals with 1/4, 1/2, 1/4: no tail of 2.5 %
    assert found.chance == pytest.approx(0.5)
    assert not found.is_beyond_chance
    assert surplus(some((0.01, True), (0.01, True))).is_beyond_chance
    nothing = surplus(some((0.8, True), penalties=(0,)))
    assert (nothing.n_shots, nothing.over, nothing.chance) == (0, 0.0, 1.0)


def test_players_of_one_name_are_two_and_whoever_has_no_name_keeps_his_number():
    same = {"player_id": "p1", "player": "Smith"}
    shots = some(
        (0.3, True), (0.2, False), (0.76, True), (0.1, False), (0.1, False), penalties=(2,),
        changes={0: same, 1: {"player_id": "p2", "player": "Smith"}, 2: same, 3: {"player_id": "p9", "player": None},
                 4: {"player_id": None, "player": None}},
    )  # fmt: skip
    found = players(shots)
    assert [(row.player_id, row.name) for row in found] == [("p1", "Smith"), ("p2", "Smith"), ("p9", "p9")]
    assert (found[0].n_shots, found[0].goals, found[0].penalties, found[0].penalty_goals) == (2, 2, 1, 1)
    assert (found[0].xg, found[0].open.xg, found[0].best) == pytest.approx((1.06, 0.3, 0.3))


def test_who_set_shots_up():
    shots = some(
        (0.3, True),
        (0.2, False),
        (0.1, False),
        changes={
            n: {"assist_player_id": who, "assist_player": who.upper()} for n, who in enumerate(["q", "q"])
        },
    )
    (row,) = passers(shots)
    assert (row.name, row.n_shots, row.goals, row.xg) == ("Q", 2, 1, pytest.approx(0.5))
    assert passers(some((0.3, True))) == ()


def facing(n, goals, *, xg=0.2, keeper="k", on_target=True):
    """Shots against one keeper, the first of them goals."""
    frame = some(*[(xg, i < goals) for i in range(n)]).assign(keeper_id=keeper, keeper=keeper.upper())
    return frame.assign(outcome=np.where(frame["is_goal"], "goal", "saved" if on_target else "off_target"))


def test_keepers_beside_xg_faced_and_beside_what_shots_on_target_become():
    others = facing(200, 60)  # at other clubs 30 of 100 shots on target of 0.2 xG went in
    faced = pd.concat([facing(10, 1), facing(10, 0, on_target=False)], ignore_index=True)
    found = keepers(faced, others)
    (keeper,) = found.keepers
    assert (keeper.name, keeper.n_matches, found.n_unknown) == ("K", 1, 0)
    assert (keeper.faced.n_shots, keeper.faced.goals, keeper.faced.xg) == (20, 1, pytest.approx(4.0))
    assert keeper.on_target.n_shots == 10
    assert keeper.on_target.xg == pytest.approx(3.0, abs=1e-4)


def test_a_better_chance_on_target_is_harder_to_save():
    others = pd.concat([facing(200, 20, xg=0.05), facing(200, 120, xg=0.5)], ignore_index=True)
    weak, strong = (keepers(facing(1, 0, xg=xg), others).keepers[0].on_target.xg for xg in (0.05, 0.5))
    assert (weak, strong) == pytest.approx(
        (0.1, 0.6), abs=1e-3
    )  # two points determine a curve of two numbers


@pytest.mark.parametrize(("n", "goals"), [(99, 40), (200, 19), (200, 181)])
def test_of_too_few_shots_on_target_nothing_is_learned(n, goals):
    assert keepers(facing(3, 1), facing(n, goals)).keepers[0].on_target is None


def test_nobody_known_in_goal_is_counted_but_at_penalties():
    faced = some((0.1, False), (0.1, False), (0.8, True), penalties=(2,)).assign(keeper_id=None, keeper=None)
    found = keepers(faced, facing(3, 1))
    assert (found.keepers, found.n_unknown) == ((), 2)


def standing(n_shots, n_matches=6):
    """Shots in several matches, at each of which "d" takes 0.1, "e" is in the picture and takes nothing."""
    games = [match(n, "A", "B", (0, 0)) for n in range(n_matches)]
    faced = with_places(shots_of(*((games[n % n_matches], "home", 0.1, False) for n in range(n_shots))))
    faced = faced.assign(empty_xg=0.3)
    who = seen(*((n, p, False, p == "k") for n in range(n_shots) for p in "dek"), (0, "mate", True, False))
    took = actors(
        *((n, "d", False, 0.1) for n in range(n_shots)), *((n, "k", True, 0.5) for n in range(n_shots))
    )
    return faced, took, who


def test_defenders_per_shot_in_whose_picture_they_are_beside_their_team_mates():
    found = defenders(*standing(24))
    d, e = sorted(found.defenders, key=lambda row: row.player_id)
    assert (d.name, d.n_matches, d.n_seen) == ("D", 6, 24)
    assert (d.takes, d.per_shot, d.others, d.more, d.most) == pytest.approx((2.4, 0.1, 0.0, 0.1, 0.1))
    assert (e.takes, e.per_shot, e.others, e.more) == pytest.approx((0.0, 0.0, 0.1, -0.1))
    assert e.name == "e"  # who took nothing is named by nobody
    assert (found.n_shots, found.n_of, found.n_beyond) == (24, 24, 2)
    assert found.by_chance == pytest.approx(0.1)


def test_shots_of_which_nobody_knows_who_took_what_are_not_counted():
    faced, took, who = standing(40)
    faced.loc[30:, "empty_xg"] = np.nan
    faced.loc[0, "is_penalty"] = True
    found = defenders(faced, took, who)
    assert (found.n_shots, found.n_of) == (29, 39)
    assert found.defenders[0].n_seen == 29


@pytest.mark.parametrize(("n", "listed"), [(MIN_SHOTS - 1, 0), (MIN_SHOTS, 2)])
def test_who_is_seldom_seen_is_not_listed(n, listed):
    assert len(defenders(*standing(n)).defenders) == listed


def test_few_matches_give_a_defender_no_interval():
    found = defenders(*standing(24, n_matches=4))
    assert np.isnan(found.defenders[0].low)
    assert found.by_chance == 0


def test_no_shot_stands_in_two_lists():
    chosen = [(0.9 - 0.1 * n, n % 2 == 0) for n in range(9)]
    shots = some(*chosen, (0.03, True), (0.02, True), (0.76, False), penalties=(11,))
    found = chances(shots, n=3)
    assert found.best["xg"].tolist() == pytest.approx([0.9, 0.8, 0.7])
    assert found.missed["xg"].tolist() == pytest.approx([0.6, 0.4, 0.2])
    assert found.unlikely["xg"].tolist() == pytest.approx([0.02, 0.03])


def test_a_model_that_has_seen_the_match_has_no_say_about_goals():
    shots = with_places(
        shots_of((GAME, "home", 0.5, True), (GAME, "home", 0.5, False), (GAME, "away", 0.2, False))
    )
    shots.loc[0, "has_seen_match"] = True
    data = season([GAME], shots, reasons=reasons({}))
    of = season_shots(data.shots, data.reasons, data.actors, data.seen, {"feed/a": 1, "feed/b": 1})
    found = club_numbers(of, "feed/a", [])
    assert found.n_seen_by_model == 1
    assert (found.sides[Direction.FOR].finishing.n_shots, found.players[0].goals) == (1, 0)
    assert len(found.sides[Direction.FOR].shots) == 2
