"""Drift over matchdays: a shift is found with its beginning and whose it is; chance alone is seldom an alarm."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from xgoals.analysis.agreement import ndcg
from xgoals.analysis.drift import limits
from xgoals.analysis.drift.alarms import Cause, cause_of, run_of
from xgoals.analysis.drift.causes import parts_of, who_makes_it
from xgoals.analysis.drift.points import MIN_SHOTS, SeenMatch, points_of
from xgoals.analysis.drift.series import (
    MIN_REFERENCE_SHOTS,
    Reference,
    Runs,
    attribution_ndcg,
    series_of,
    slope,
    values_of,
)
from xgoals.analysis.drift.sums import ALL, N_BINS, Bins, Shots, packed, sums_of, unpacked

KINDS = {"Distance": "continuous", "Header": "binary", "SetUp": "category", "Defenders": "count"}
CLUBS = [f"club {n}" for n in range(10)]
DAY = date(2024, 8, 2)


def football(n_matches: int, seed: int, **changes: float) -> Shots:
    """25 shots a match of clubs in turn; ``further_m``, ``goals_times``, ``of_club`` change what is drawn."""
    rng = np.random.default_rng(seed)
    match = np.repeat(np.arange(n_matches), 25)
    n = len(match)
    distance = np.clip(rng.normal(17, 8, n) + 1.5 * rng.normal(size=n_matches)[match], 1, 60)
    club = np.array([CLUBS[(m + (i % 25 > 11)) % 10] for i, m in enumerate(match)])
    changed = np.isin(club, changes["of_clubs"]) if "of_clubs" in changes else np.ones(n, dtype=bool)
    xg = np.clip(0.5 * np.exp(-distance / 9), 0.01, 0.9)
    distance = distance + np.where(changed, changes.get("further_m", 0.0), 0.0)
    header = np.where(rng.random(n) < 0.2, 1.0, -1.0)
    values = np.stack(
        [distance, header, rng.integers(0, 5, n).astype(float), rng.integers(0, 6, n).astype(float)], axis=1
    )
    weights = np.array([0.05, 0.02, 0.01, 0.005])
    return Shots(
        match, values, weights * rng.normal(size=(n, 4)), rng.random(n) < xg * changes.get("goals_times", 1.0), xg,
        {
            "club": club, "venue": np.where(np.arange(n) % 25 > 11, "away", "home"), "provider": ["feed"] * n,
            "body_part": np.where(header > 0, "head", "foot"), "opponent": np.roll(club, 12),
        },
    )  # fmt: skip


def points(shots: Shots, bins: Bins, a_point: int = 9):
    facets = {name: of for name, of in shots.facets.items() if name != "opponent"}
    n_matches = int(shots.match.max()) + 1
    return sums_of(replace(shots, facets=facets), np.arange(n_matches) // a_point, bins)


def total(sums):
    found = sums[0]
    for of in sums[1:]:
        found = found + of
    return found


@pytest.fixture(scope="module")
def window():
    shots = football(200, 1)
    bins = Bins.of(shots.values, list(KINDS.values()))
    known = total(points(shots, bins))
    return bins, Reference.of(known, known, KINDS)


def alarms(series, at=-1):
    return {(value.kind, value.name): value for value in series[at] if value.alarm_over}


def seen(
    n: int, *, shots: int = 200, matchday: int | None = None, learned: bool = False, **changes
) -> SeenMatch:
    first = SeenMatch(
        "feed", f"m{n}", "League", "24/25", matchday, DAY + timedelta(days=n), learned, shots, "s"
    )
    return replace(first, **changes)


# --- points


def test_a_matchday_is_a_point_and_small_ones_are_joined_until_they_say_something():
    found = points_of([seen(1, matchday=1), seen(2, matchday=2, shots=3), seen(3, matchday=3, shots=146),
                       seen(4, matchday=4, shots=1), seen(5, matchday=5, shots=3)])  # fmt: skip
    assert [(of.first.matchday, of.last.matchday, of.n_shots, of.is_whole) for of in found] == [
        (1, 1, 200, True), (2, 4, MIN_SHOTS, True), (5, 5, 3, False),
    ]  # fmt: skip


def test_a_match_put_off_belongs_to_its_matchday_and_one_without_a_number_to_its_day():
    late = seen(9, matchday=1, match_id="late", match_date=DAY + timedelta(days=60))
    found = points_of([seen(1, matchday=1), late, seen(8, matchday=2), seen(70)])
    assert [[m.match_id for m in of.matches] for of in found] == [["m1", "late"], ["m8"], ["m70"]]


def test_the_window_and_what_came_later_are_counted_apart_and_only_what_changed_changes_its_key():
    before = points_of([seen(1, matchday=1, learned=True), seen(2, matchday=1), seen(3, matchday=2)])
    assert [(of.is_learned, of.n) for of in before] == [(True, 0), (False, 0), (False, 1)]
    after = points_of(
        [seen(1, matchday=1, learned=True), seen(2, matchday=1), seen(3, matchday=2, state="t")]
    )
    assert [a.state_key == b.state_key for a, b in zip(before, after, strict=True)] == [True, True, False]


# --- sums


def test_sums_of_points_are_the_sums_of_all_their_shots(window):
    shots = football(30, 4)
    parts, whole = points(shots, window[0]), points(shots, window[0], a_point=30)[0]
    added = total(parts)
    np.testing.assert_allclose(packed(added), packed(whole))
    assert added.groups.keys() == whole.groups.keys()
    np.testing.assert_allclose(added.groups[ALL], whole.groups[ALL])
    again = unpacked(added.n_matches, added.n_shots, packed(added), added.groups)
    np.testing.assert_array_equal(again.absolute_squares, added.absolute_squares)
    np.testing.assert_allclose(packed(Runs(parts).between(1, 2)), packed(parts[1] + parts[2]), atol=1e-6)


def test_a_code_that_the_window_does_not_know_has_a_bin_of_its_own_and_a_missing_value_the_last():
    bins = Bins.of(np.array([[0.0], [2.0], [2.0]]), ["category"])
    codes = bins.codes(np.array([[0.0], [1.0], [2.0], [7.0], [np.nan]])).ravel()
    assert codes.tolist() == [1, 2, 3, 4, N_BINS]


# --- attributions


def test_ndcg_is_that_of_model_monitor_by_hand_and_by_scikit_learn():
    """Its documentation's applicants: the ranking is turned round, the weights are the training data's."""
    training, live = np.array([0.70, 0.50, 0.05]), np.array([0.10, 0.20, 0.70])
    by_hand = (0.05 + 0.50 / np.log2(3) + 0.70 / 2) / (0.70 + 0.50 / np.log2(3) + 0.05 / 2)
    assert ndcg(live, training) == pytest.approx(by_hand) == pytest.approx(0.688, abs=5e-4)
    rng = np.random.default_rng(3)
    for _ in range(20):
        own, others = rng.random(17), rng.random(17)
        assert ndcg(own, others) == pytest.approx(ndcg_score([others], [own]), abs=1e-12)


def test_other_features_move_the_model_on_one_matchday(window):
    bins, reference = window
    shots = football(9, 5)
    turned = replace(shots, attributions=shots.attributions[:, ::-1])
    assert attribution_ndcg(points(shots, bins)[0], reference.window) > 0.99
    (value,) = [of for of in values_of(points(turned, bins)[0], reference, 0.9) if of.kind == "attribution"]
    assert value.is_beyond
    assert value.value < 0.9 < value.low
    (value,) = [of for of in values_of(points(turned, bins)[0], reference, 0.1) if of.kind == "attribution"]
    assert not value.is_beyond, "a limit that is lower is not passed"


def test_below_the_limit_by_chance_is_no_alarm(window):
    """Three shots of one match rank features as chance has it."""
    bins, reference = window
    few = football(1, 6)
    chance = reference.ndcg_by_chance(1)
    assert chance < 1
    assert chance <= reference.ndcg_by_chance(9)
    three = Shots(few.match[:3], few.values[:3], np.tile([0.0, 0.001, 0.0, 0.002], (3, 1)), few.is_goal[:3],
                  few.xg[:3], {name: list(of)[:3] for name, of in few.facets.items()})  # fmt: skip
    wide = replace(reference, _chance={1: 0.2})
    (value,) = [of for of in values_of(points(three, bins)[0], wide, 0.9) if of.kind == "attribution"]
    assert 0.2 < value.value < 0.9
    assert not value.is_beyond


# --- features, calibration, groups


def test_a_shift_is_found_with_its_beginning_and_all_clubs_in_it(window):
    bins, reference = window
    shots, moved = football(90, 7), football(54, 8, further_m=5.0)
    of_points = points(shots, bins) + points(moved, bins)
    series = series_of(of_points, reference, is_learned=False, ndcg_below=0.9)
    assert [n for n in range(16) if ("feature", "Distance") in alarms(series, n)] == list(range(10, 16))
    assert set(alarms(series)) == {("feature", "Distance")}
    matches = [seen(n, matchday=n // 9 + 1, shots=25) for n in range(144)]
    value = alarms(series)["feature", "Distance"]
    run = run_of(value, points_of(matches), Runs(of_points), reference)
    cause = cause_of(value, run, reference, bins, moved)
    assert (cause.since.matchday, cause.earliest.matchday, cause.latest.matchday) == (11, 11, 11)
    assert cause.mean - cause.window_mean == pytest.approx(5, abs=1)
    assert (cause.n_points, cause.n_shots) == (6, 54 * 25)
    assert who_makes_it(cause.parts["club"]) == ()
    assert sum(part.share for part in cause.parts["club"]) == pytest.approx(1)
    assert Cause.from_json(cause.as_json()) == cause


def test_those_whose_shots_make_it_are_named(window):
    bins, reference = window
    moved = football(54, 9, further_m=14.0, of_clubs=["club 3", "club 7"])
    of_points = points(moved, bins)
    series = series_of(of_points, reference, is_learned=False, ndcg_below=0.9)
    value = alarms(series)["feature", "Distance"]
    run = run_of(
        value,
        points_of([seen(n, matchday=n // 9 + 1, shots=25) for n in range(54)]),
        Runs(of_points),
        reference,
    )
    shots = moved if run.since.first == 0 else None
    assert shots is not None, "it was so from the first matchday on"
    who = who_makes_it(cause_of(value, run, reference, bins, shots).parts["club"])
    assert {part.name for part in who} == {"club 3", "club 7"}


def test_goals_that_the_champion_does_not_expect_are_an_alarm_of_all_and_of_no_single_club_at_once(window):
    bins, reference = window
    series = series_of(
        points(football(72, 10, goals_times=2.0), bins), reference, is_learned=False, ndcg_below=0.9
    )
    value = alarms(series)["calibration", "level"]
    assert value.value > value.window
    assert value.high is not None
    assert value.high > value.window


def test_of_what_the_champion_has_learned_from_there_is_no_alarm(window):
    bins, reference = window
    moved = points(football(27, 8, further_m=8.0), bins)
    series = series_of(moved, reference, is_learned=True, ndcg_below=0.9)
    assert any(value.is_beyond for values in series for value in values), "it is marked all the same"
    assert not any(alarms(series, n) for n in range(3))


def test_missing_values_and_unknown_codes_are_found(window):
    bins, reference = window
    shots = football(9, 11)
    values = shots.values.copy()
    values[::2, 3], values[::2, 2] = np.nan, 9.0
    found = {of.name: of for of in values_of(points(replace(shots, values=values), bins)[0], reference, None)}
    assert found["Defenders"].is_beyond
    assert found["Defenders"].value == pytest.approx(0.5, abs=0.01)
    assert found["SetUp"].is_beyond
    assert not found["Header"].is_beyond


def test_a_small_shift_however_sure_is_not_notable(window):
    bins, reference = window
    shots = points(football(2_000, 12, further_m=0.5), bins, a_point=2_000)[0]
    found = {of.name: of for of in values_of(shots, reference, None)}["Distance"]
    assert not found.is_beyond
    assert found.high == pytest.approx(limits.NOTABLE)
    assert not found.mean_low > found.mean
    assert not found.mean > found.mean_high


def test_a_competition_with_few_shots_in_the_window_is_held_against_all_of_it(window):
    bins, reference = window
    few, enough = (points(football(n, 13), bins, a_point=n)[0] for n in (MIN_REFERENCE_SHOTS // 25 - 1, 40))
    assert not Reference.of(few, reference.window, KINDS).is_own
    assert Reference.of(enough, reference.window, KINDS).is_own
    assert not Reference.of(None, reference.window, KINDS).is_own


def test_the_slope_is_that_of_a_logistic_regression():
    rng = np.random.default_rng(2)
    xg = rng.uniform(0.02, 0.5, 20_000)
    lever = np.log(xg / (1 - xg))
    for true in (1.0, 0.9):
        goal = rng.random(len(xg)) < 1 / (1 + np.exp(-true * lever))
        shots = Shots(
            np.zeros(len(xg), dtype=int), np.zeros((len(xg), 1)), np.ones((len(xg), 1)), goal, xg, {}
        )
        sums = sums_of(shots, np.zeros(1, dtype=int), Bins.of(shots.values, ["continuous"]))[0]
        value, error = slope(sums.groups[ALL], 1.0)
        assert value == pytest.approx(true, abs=3 * error)
        assert error < 0.03
    assert slope(np.zeros(9), 1.0) is None


def test_chance_alone_seldom_sets_off_any_alarm_in_a_season(window):
    """Twelve seasons of twelve points; promised are 5 % at most of seasons of forty."""
    bins, reference = window
    wrong = [
        bool(any(alarms(series, n) for n in range(12)))
        for series in (
            series_of(points(football(12 * 9, 100 + seed), bins), reference, is_learned=False, ndcg_below=0.9)
            for seed in range(12)
        )
    ]
    assert sum(wrong) <= 1


def test_the_error_rate_is_spent_once():
    spent = sum(
        limits.error_rate(n) * n * len(limits.LENGTHS) * limits.LOOKS for n in (1, 51, 2, 30)
    )  # nDCG, three looks at 17 features, level and slope, groups
    assert spent == pytest.approx(limits.ALARMS_BY_CHANCE)


def test_parts_add_up_and_nobody_is_named_where_all_are_alike():
    even = parts_of(np.ones(8), ["a", "b", "c", "d"] * 2)
    assert [part.share for part in even] == [0.25] * 4
    assert who_makes_it(even) == ()
    odd = parts_of(np.array([4.0, 0, 0, 0, 0, 0, 0, 1]), ["a", *"bcdefgh"])
    assert [part.name for part in who_makes_it(odd)] == ["a"]
    assert parts_of(np.array([1.0, -1.0]), ["a", "b"]) == ()
