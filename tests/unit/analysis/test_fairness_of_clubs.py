"""Parts of the shots against their honest xG: who is off by a known amount is found, and nobody else."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.evaluated.multiplicity import beyond_chance, false_discovery_rates
from xgoals.analysis.fairness.measure import FEW, NOT_KNOWN, ONE_PART, measure_fairness
from xgoals.analysis.fairness.summary import fairness
from xgoals.analysis.fairness.surplus import Shots, Surplus, dispersion, surpluses
from xgoals.analysis.fairness.verdicts import spread, verdict
from xgoals.domain.findings.fairness import MARGIN, SURPLUS, THRESHOLD, Facet, Verdict
from xgoals.model.goals_by_chance import goals_distribution, two_sided

N_CLUBS, SHOTS = 20, 12


def league(n_matches=380, seed=1, *, off=None, by=0.0, tilt=0.0):
    """Two clubs a match, strong ones with better chances.

    Club ``off`` scores ``by`` goals a shot more than its xG; a match makes all of its chances better or worse by a
    normal error of ``tilt`` on the log-odds, which makes its shots depend on each other.
    """
    rng, away = np.random.default_rng(seed), 1 + np.arange(n_matches) // N_CLUBS % (N_CLUBS - 1)
    match = np.repeat(np.arange(n_matches), 2 * SHOTS)
    side = np.tile(np.repeat([0, 1], SHOTS), n_matches)
    club = (match + side * away[match]) % N_CLUBS
    xg = np.clip(rng.beta(0.9, 8, len(match)) * np.where(club < 3, 1.4, 1.0), 0.005, 0.9)
    shift = rng.normal(0, tilt, n_matches)[match] if tilt else 0.0
    chance = np.clip(1 / (1 + (1 - xg) / xg * np.exp(-shift)) + np.where(club == off, by, 0.0), 0, 0.97)
    names = np.array([f"Club {number:02d}" for number in range(N_CLUBS)])
    return pd.DataFrame({
        "provider": "us", "match_id": match.astype(str), "match_date": pd.Timestamp("2024-08-01").date(),
        "competition": "League", "season": "2024/2025", "team": names[club],
        "home_team": names[match % N_CLUBS], "away_team": names[(match + away[match]) % N_CLUBS],
        "body_part": "head", "shot_type": "open_play", "x_m": 41.5, "y_m": 2.0, "pitch_length_m": 105.0,
        "is_penalty": False, "xg": xg, "is_goal": rng.random(len(match)) < chance,
    })  # fmt: skip


def in_parts(frame):
    return Shots(
        pd.factorize(frame["team"], sort=True)[0],
        pd.factorize(frame["match_id"])[0],
        frame["is_goal"].to_numpy(dtype=float),
        frame["xg"].to_numpy(),
    )


def of_clubs(frame, margin=1.0):
    found = fairness(measure_fairness(frame, margin)).facet(Facet.CLUB)
    assert found is not None
    return found


def test_the_club_that_is_off_by_a_known_amount_is_found_and_no_other():
    frame = league(off=5, by=0.07)
    found = of_clubs(frame)
    (club,) = found.of(Verdict.TOO_LOW, Verdict.TOO_HIGH)
    own = frame.query("team == 'Club 05'")
    assert (club.facet_value, club.verdict) == ("Club 05", Verdict.TOO_LOW)
    assert (club.n_shots, club.n_goals, club.n_matches) == (
        len(own),
        own["is_goal"].sum(),
        own["match_id"].nunique(),
    )
    assert club.value == pytest.approx(100 * (own["is_goal"] - own["xg"]).mean())
    assert club.low < 7.0 < club.high, "what was put in"
    assert club.q < 0.05
    assert found.spread is not None
    assert found.spread.low > 0, "one club of twenty makes clubs differ by more than chance"


def test_a_club_that_scores_too_little_has_an_xg_that_is_too_high():
    (club,) = of_clubs(league(off=7, by=-0.06)).of(Verdict.TOO_LOW, Verdict.TOO_HIGH)
    assert (club.facet_value, club.verdict) == ("Club 07", Verdict.TOO_HIGH)


def test_of_twenty_fair_clubs_none_is_off_however_often_one_looks():
    n_off, n_outside = 0, 0
    for seed in range(25):
        found = surpluses(in_parts(league(seed=seed, tilt=0.3)))
        n_off += any(beyond_chance([one.p for one in found]))
        n_outside += sum(not one.low <= 0 <= one.high for one in found)
    assert n_off <= 4, "5 % of 25 leagues, and what luck leaves"
    assert n_outside / (25 * N_CLUBS) == pytest.approx(0.05, abs=0.02)


def test_intervals_hold_the_true_surplus_though_shots_of_a_match_depend_on_each_other():
    held, true_surplus = [], _true_surplus(0.8)
    for seed in range(50):
        frame = league(40, seed=seed, tilt=0.8, off=3, by=0.05)
        own = surpluses(in_parts(frame.assign(team=np.where(frame["team"] == "Club 03", "off", "others"))))[0]
        held.append(own.low <= true_surplus <= own.high)
    assert np.mean(held) >= 0.88, "95 % of 50, and what luck leaves"


def _true_surplus(tilt):
    """Of Club 03, over many matches: what its shift and the matches' tilt make of its chances."""
    frame = league(4_000, seed=99, tilt=tilt, off=3, by=0.05).query("team == 'Club 03'")
    return 100 * (frame["is_goal"] - frame["xg"]).mean()


def test_dependent_shots_scatter_more_and_widen_every_interval():
    alone, tilted = in_parts(league()), in_parts(league(tilt=1.0))
    assert dispersion(alone) == pytest.approx(1.0, abs=0.12)
    assert dispersion(tilted) > 1.3
    widths = [np.mean([one.high - one.low for one in surpluses(shots)]) for shots in (alone, tilted)]
    assert widths[1] > 1.05 * widths[0]


def test_independent_shots_have_the_exact_p_and_an_interval_that_goes_with_it():
    shots = in_parts(league(100).query("team == 'Club 04'"))
    goals, exact = int(shots.goal.sum()), goals_distribution(shots.xg)
    (found,) = surpluses(Shots(shots.part, np.arange(len(shots.xg)), shots.goal, shots.xg))
    # the exact p counts the goals that fell as a whole on either side, ours half of them
    assert found.p == pytest.approx(two_sided(goals, exact) - exact[goals], abs=0.01)
    for one in surpluses(in_parts(league(100, off=5, by=0.1))):
        assert (one.low <= 0 <= one.high) == (one.p >= 0.05)
        assert one.low < one.per_100 < one.high


@pytest.mark.parametrize("goal", [0.0, 1.0])
def test_a_part_that_never_or_always_scores_has_its_figure_within_its_interval(goal):
    n = 120
    shots = Shots(np.zeros(n, dtype=np.intp), np.arange(n), np.full(n, goal), np.tile([0.001, 0.2], n // 2))
    (one,) = surpluses(shots)
    assert one.per_100 == pytest.approx(100 * goal - 10.05)
    assert one.low <= one.per_100 <= one.high


def test_a_verdict_needs_both_chance_and_what_matters():
    off, small = Surplus(2.0, 1.2, 2.8, 0.001), Surplus(0.5, 0.2, 0.8, 0.001)
    assert verdict(off, 0.01, 1.0) is Verdict.TOO_LOW
    assert verdict(Surplus(-2.0, -2.8, -1.2, 0.001), 0.01, 1.0) is Verdict.TOO_HIGH
    assert verdict(off, 0.06, 1.0) is Verdict.CANNOT_SAY, "one of many tests"
    assert verdict(small, 0.01, 1.0) is Verdict.FAIR, "sure, and too little to matter"
    assert verdict(small, 0.01, 0.6) is Verdict.CANNOT_SAY, "its interval reaches what matters"
    assert verdict(Surplus(0.0, -1.1, 0.9, 1.0), 1.0, 1.0) is Verdict.CANNOT_SAY


def test_few_shots_are_not_tested_and_penalties_and_sharp_dead_balls_left_out():
    frame = league(60)
    frame.loc[frame["match_id"] == "7", "team"] = "Guests"
    frame.loc[:9, "is_penalty"] = True
    found = of_clubs(frame)
    (guests,) = [row for row in found.untested if row.facet_value == "Guests"]
    assert (guests.note, guests.value, guests.verdict) == (FEW, None, Verdict.NOT_TESTED)
    assert sum(row.n_shots for row in (*found.tested, *found.untested)) == len(frame) - 10
    assert measure_fairness(frame[:0], 1.0) == []


def test_what_has_one_part_or_is_not_known_says_so():
    figures = measure_fairness(league(60), 1.0)
    notes = {one.facet: (one.facet_value, one.note) for one in figures if one.note}
    assert notes[Facet.PROVIDER] == ("us", ONE_PART)
    assert notes[Facet.PROMOTED] == ("", NOT_KNOWN)
    assert not {one.facet for one in figures} & {Facet.SEASON, Facet.CLUB_SEASON}
    of_all = {one.metric: one for one in figures if one.facet is None}
    assert set(of_all) == {SURPLUS, MARGIN, THRESHOLD}
    frame = league(60)
    assert (frame["xg"] >= of_all[THRESHOLD].value).sum() == frame["is_goal"].sum()


def test_the_spread_of_clubs_by_hand():
    assert spread([1.0] * 4, [1.0] * 4) is None
    alike = spread([1.0] * 6, [1.0] * 6)
    assert (alike.per_100, alike.low, alike.p) == (0.0, 0.0, pytest.approx(1.0))
    # equal errors: the variance between is the sample variance minus that of chance, 3.5 - 1
    apart = spread([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], [1.0] * 6)
    assert apart.per_100 == pytest.approx(2.5**0.5)
    assert apart.low < apart.per_100 < apart.high


def test_benjamini_and_hochberg_by_hand():
    # thresholds .0125, .025, .0375, .05: .03 passes as the third, and takes .026 with it
    assert beyond_chance([0.2, 0.001, 0.03, 0.026]) == [False, True, True, True]
    assert beyond_chance([0.2, 0.02, 0.3, 0.4]) == [False] * 4
    assert beyond_chance([]) == []
    # 4 * .001 / 1; .03 * 4 / 3 = .04 is less than .026 * 4 / 2 = .052
    assert false_discovery_rates([0.2, 0.001, 0.03, 0.026]) == pytest.approx([0.2, 0.004, 0.04, 0.04])
    assert false_discovery_rates([]) == []
