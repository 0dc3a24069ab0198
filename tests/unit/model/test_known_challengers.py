"""Challengers trained to be good or bad: a few on a simulated league, all of them on real matches (slow)."""

from itertools import islice
from pathlib import Path

import pytest
from bench_promotion import league_of, read_league
from challengers import (
    League,
    Recipe,
    bootstraps,
    judged,
    known_bad,
    make,
    mild_faults,
    other_seeds,
    other_windows,
)

from xgoals.feeds.simulator import simulate_league
from xgoals.model.promotion import decide
from xgoals.settings import Training

MARGIN = Training().promotion_margin_log_loss
OF_EACH_KIND = (
    "label leak, noise 0.5",
    "label leak in 25% of the goals",
    "labels shuffled, 100%",
    "log odds +0.4",
    "published model only: log odds +0.2",
    "AngleToGoal and DistanceToGoal swapped when asked",
    "rows shifted by one shot when asked",
)


@pytest.fixture(scope="module")
def simulated():
    """A season, some 7,000 shots, and its champion."""
    league = league_of(list(islice(simulate_league(), 306)))
    return league, make(league, Recipe(n_trees=60))


def verdict(league: League, champion, recipe: Recipe):
    decision = decide("new", "old", judged(league, champion, make(league, recipe)), margin_log_loss=MARGIN)
    failed = [check["name"] for check in decision.evidence["checks"] if not check["passed"]]
    return decision.verdict, failed


def short(recipe: Recipe) -> Recipe:
    from dataclasses import replace

    return replace(recipe, n_trees=60)


@pytest.mark.parametrize("name", OF_EACH_KIND)
def test_bad_ones_are_refused_by_statistics_alone(simulated, name):
    league, champion = simulated
    recipe = dict(known_bad(league))[name]
    found, failed = verdict(league, champion, short(recipe))
    assert (found, bool(failed)) == ("kept", True)


def test_good_ones_are_promoted(simulated):
    league, champion = simulated
    good = [*other_seeds(2), *other_windows(league, 2)]
    assert [verdict(league, champion, short(recipe)) for _, recipe in good] == [("promoted", [])] * 4


@pytest.fixture(scope="module")
def real(real_data: Path):
    """The 1,270 real matches, and their champion."""
    league = read_league("statsbomb", real_data / "statsbomb")
    return league, make(league, Recipe(seed=20_150_801))


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.timeout(3600)  # two minutes on a free machine
def test_thirty_bad_ones_are_refused_on_real_matches(real):
    league, champion = real
    bad = {name: verdict(league, champion, recipe) for name, recipe in known_bad(league)}
    assert len(bad) == 30
    assert [name for name, (found, _) in bad.items() if found != "kept"] == []


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.timeout(3600)  # four minutes
def test_of_a_hundred_good_ones_on_real_matches_at_most_one_is_refused(real):
    league, champion = real
    recipes = (*other_seeds(40), *other_windows(league, 30), *bootstraps(league, 30))
    good = {name: verdict(league, champion, recipe) for name, recipe in recipes}
    refused = {name: failed for name, (found, failed) in good.items() if found != "promoted"}
    assert len(good) == 100
    assert len(refused) <= 1, refused


def test_the_list_of_bad_ones_has_thirty_different_ones(simulated):
    league, _ = simulated
    names = [name for name, _ in known_bad(league)]
    assert len(set(names)) == len(names) == 30
    assert not set(names) & {name for name, _ in mild_faults(league)}
