"""What sets a club apart: figures beside all other clubs, intervals over matches, and what stands among all asked."""

import numpy as np
import pytest
from clubs_by_hand import reasons, round_robin, season, shots_of, with_places

from xgoals.analysis.club.blocks import Direction, Measure
from xgoals.analysis.club.comparison import MIN_MATCHES, MIN_SHOTS, compare, differences
from xgoals.analysis.club.numbers import club_numbers
from xgoals.analysis.club.reasons import profile
from xgoals.analysis.club.season import ranks, season_shots

FOR, AGAINST = Direction.FOR, Direction.AGAINST


def shots_by(matches, n_each=2):
    """Each side of each match shoots so often."""
    sides = [(m, side) for m in matches for side in ("home", "away") for _ in range(n_each)]
    return with_places(shots_of(*((m, side, 0.1, False) for m, side in sides)))


def test_means_beside_all_other_clubs():
    matches = round_robin(1)  # A plays B, C, D; each side shoots twice a match
    shots = shots_by(matches)
    value = np.where(shots["team"] == "A", 3.0, np.where(shots["team"] == "B", 1.0, 0.0))
    found = differences(compare(shots, [Measure("f", "m", value)]), "feed/a")
    assert (found["m", FOR].mean, found["m", FOR].league) == (3.0, pytest.approx(6 / 18))
    assert found["m", FOR].n_shots == 6
    assert found["m", FOR].n_matches == 3
    faced = [3.0 if a == "A" else 1.0 if a == "B" else 0.0 for a in "BCD" for _ in range(2)]
    assert found["m", AGAINST].mean == pytest.approx(np.mean(faced))


def test_a_measure_that_does_not_apply_to_a_shot_does_not_count_it():
    matches = round_robin(1)
    shots = shots_by(matches)
    value = np.where(np.arange(len(shots)) % 2, np.nan, 1.0)
    found = differences(compare(shots, [Measure("f", "m", value)]), "feed/a")["m", FOR]
    assert (found.n_shots, found.mean, found.league) == (3, 1.0, 1.0)


def test_a_club_that_differs_in_every_match_stands_and_others_do_not():
    matches = round_robin(6)  # 18 matches a club
    shots = shots_by(matches)
    noise = np.random.default_rng(3).normal(size=len(shots))
    planted = noise + 2.0 * (shots["team"] == "A")
    of = compare(shots, [Measure("f", "planted", planted.to_numpy()), Measure("f", "noise", noise)])
    stands = {(club, name) for club, name, direction in of.stands if direction is FOR}
    assert ("feed/a", "planted") in stands
    assert not {name for _, name in stands} & {"noise"}
    found = differences(of, "feed/a")["planted", FOR]
    assert found.low < found.value < found.high
    assert found.low > 1
    assert of.n_tested("f") == 4 * 2 * 2
    assert of.n_stand("f") >= 1
    assert of.n_tested("another") == 0


@pytest.mark.slow
def test_without_a_difference_nothing_stands_nineteen_times_in_twenty():
    matches = round_robin(6)
    shots = shots_by(matches)
    rng = np.random.default_rng(5)
    found = 0
    for seed in range(60):
        measures = [Measure("f", f"m{n}", rng.exponential(size=len(shots))) for n in range(5)]
        found += len(compare(shots, measures, seed=seed).stands) > 0
    assert found <= 8  # of 60 at 5 %: more than 8 once in 300


def test_shots_of_a_match_stay_together():
    matches = round_robin(6)
    shots = shots_by(matches, n_each=6)
    drawn = np.random.default_rng(1).normal(size=len(matches))
    of_match = dict(zip([m.key.match_id for m in matches], drawn, strict=True))
    value = shots["match_id"].map(of_match).to_numpy(dtype=float)
    by_match = differences(compare(shots, [Measure("f", "m", value)]), "feed/a")["m", FOR]
    single = np.random.default_rng(1).permutation(value)
    by_shot = differences(compare(shots, [Measure("f", "m", single)]), "feed/a")["m", FOR]
    assert by_match.high - by_match.low > 1.5 * (by_shot.high - by_shot.low)


@pytest.mark.parametrize(("n_rounds", "is_asked"), [(1, False), (2, True)])
def test_a_club_with_few_matches_has_neither_interval_nor_verdict(n_rounds, is_asked):
    matches = round_robin(n_rounds)  # three matches a club, or six
    assert (3 * n_rounds >= MIN_MATCHES) is is_asked
    shots = shots_by(matches, n_each=4)
    found = differences(compare(shots, [Measure("f", "m", np.arange(len(shots)) % 5.0)]), "feed/a")["m", FOR]
    assert found.is_tested is is_asked
    assert (not np.isnan(found.low)) is is_asked


@pytest.mark.parametrize(("n_known", "is_asked"), [(MIN_SHOTS - 1, False), (MIN_SHOTS, True)])
def test_nor_has_a_measure_of_few_shots(n_known, is_asked):
    shots = shots_by(round_robin(2))
    of_a = np.flatnonzero(shots["team"] == "A")
    value = (np.arange(len(shots)) % 3.0).astype(float)
    value[of_a[n_known:]] = np.nan
    found = differences(compare(shots, [Measure("f", "m", value)]), "feed/a")["m", FOR]
    assert found.n_shots == n_known
    assert (found.is_tested, not np.isnan(found.low)) == (is_asked, is_asked)


def test_two_clubs_of_one_name_from_two_providers_are_two():
    shots = shots_by(round_robin(1, "AB"))
    other = shots.assign(provider="other", shot_key=shots["shot_key"] + 100)
    both = with_places(type(shots)(shots.to_dict("records") + other.to_dict("records")))
    value = np.where(both["provider"] == "other", 1.0, 0.0)
    found = differences(compare(both, [Measure("f", "m", value)]), "other/a")["m", FOR]
    assert (found.n_shots, found.mean) == (2, 1.0)


def test_the_order_of_the_rows_changes_nothing():
    shots = shots_by(round_robin(2), n_each=3)
    value = np.random.default_rng(0).normal(size=len(shots))
    turned = np.random.default_rng(1).permutation(len(shots))
    as_it_is = differences(compare(shots, [Measure("f", "m", value)]), "feed/b")["m", AGAINST]
    frame = shots.iloc[turned].reset_index(drop=True)
    again = differences(compare(frame, [Measure("f", "m", value[turned])]), "feed/b")["m", AGAINST]
    assert (again.mean, again.low, again.p) == pytest.approx((as_it_is.mean, as_it_is.low, as_it_is.p))


def numbers_of(data, club="A"):
    counts = {f"feed/{key.team_id}": len(data.matches_of(key)) for key in data.clubs}
    of = season_shots(data.shots, data.reasons, data.actors, data.seen, counts)
    return of, club_numbers(of, f"feed/{club.lower()}", [])


def test_parts_beside_the_league_add_up_to_the_difference_of_xg():
    matches = round_robin(2)
    shots = shots_by(matches, n_each=3)
    rng = np.random.default_rng(2)
    values = rng.normal(scale=0.02, size=(len(shots), 4))
    shots["xg"] = 0.1 + values.sum(axis=1)
    data = season(matches, shots, reasons=reasons(dict(enumerate(values))))
    _, numbers = numbers_of(data)
    found = numbers.sides[FOR].reasons
    assert found is not None
    assert sum(of.value for of in found.parts.values()) == pytest.approx(found.xg.value)
    assert found.xg.mean == pytest.approx(shots.loc[shots["team"] == "A", "xg"].mean())


def test_reasons_are_of_the_shots_that_have_all_parts_and_say_how_many():
    matches = round_robin(1)
    shots = shots_by(matches)  # A: six shots
    of_a = list(shots.index[shots["team"] == "A"])
    values = dict.fromkeys(of_a[:3], (0.01, 0.02, 0.0, 0.0)) | {of_a[3]: (0.01, np.nan, np.nan, 0.0)}
    shots.loc[of_a[5], "is_penalty"] = True
    _, numbers = numbers_of(season(matches, shots, reasons=reasons(values)))
    found = numbers.sides[FOR].reasons
    assert (found.n_shots, found.n_of) == (3, 5)
    assert numbers.sides[AGAINST].reasons is None


def test_the_profile_sets_shots_beside_the_same_places_in_usual_circumstances():
    matches = round_robin(3)
    shots = shots_by(matches, n_each=1).assign(xg=0.3)  # nine shots of A, all from the spot, 11 m
    values = dict.fromkeys(shots["shot_key"], (0.1, 0.05, 0.04, -0.02))
    of, _ = numbers_of(season(matches, shots, reasons=reasons(values)))
    (point,) = profile(of.profiles, (shots["team"] == "A").to_numpy())
    assert (point.n_shots, point.distance_m, point.xg) == (9, 11.0, pytest.approx(0.3))
    assert point.usual == pytest.approx(0.23)
    assert point.more == pytest.approx(0.07)
    assert (point.low, point.high) == (pytest.approx(0.07), pytest.approx(0.07))
    assert point.league == pytest.approx(0.07)


def test_ranks_are_among_clubs_with_matches_enough():
    matches = round_robin(2)
    shots = shots_by(matches)
    shots.loc[shots["team"] == "C", "xg"] = 0.5
    of, _ = numbers_of(season(matches, shots))
    assert ranks(of, FOR)["feed/c"] == 1
    assert ranks(of, AGAINST)["feed/c"] == 1  # it alone never faces its own shots
    few = season_shots(shots, reasons({}), of.actors, of.seen, {"feed/a": 4, "feed/c": 6})
    assert ranks(few, FOR) == {"feed/c": 1}
