"""Into which parts shots are put, and Clarify's metrics of them with their intervals."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.fairness.facets import PROMOTED, STAYED, facet_labels, place_bands, promoted
from xgoals.analysis.fairness.metrics import POST_TRAINING, Predicted, goal_threshold, metrics_of_parts
from xgoals.analysis.fairness.resampled import count_metrics
from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias
from xgoals.domain.findings.fairness import Facet


def matches(season, year, *clubs, competition="League"):
    """A shot of every club in a season that begins in August of a year, clubs paired in their order."""
    pairs = list(zip(clubs[::2], clubs[1::2], strict=True))
    rows = [(home, away, team) for home, away in pairs for team in (home, away)]
    return pd.DataFrame(rows, columns=["home_team", "away_team", "team"]).assign(
        provider="us", competition=competition, season=season, match_date=date(year, 8, 20), body_part="head"
    )


def test_a_club_is_promoted_that_was_not_there_the_season_before():
    shots = pd.concat(
        [
            matches("22/23", 2022, *"ABCD").assign(match_date=date(2023, 5, 20)),
            matches("23/24", 2023, *"ABCE"),
            matches("23/24", 2023, *"XY", competition="Cup"),
        ],
        ignore_index=True,
    )
    told = promoted(shots)
    assert told[:4].isna().all(), "nothing is known before the first season"
    of_team = dict(zip(shots["team"][4:8], told[4:8], strict=True))
    assert of_team == {"A": STAYED, "B": STAYED, "C": STAYED, "E": PROMOTED}
    assert told[8:].isna().all(), "the first season of another competition"


@pytest.mark.parametrize(
    ("earlier", "why"),
    [
        (matches("18/19", 2018, *"ABCD"), "years lie between"),
        (matches("22/23", 2022, *"AFGH").assign(match_date=date(2023, 5, 20)), "few clubs of it are known"),
        (
            matches("22/23", 2022, *"ABCD").assign(match_date=date(2023, 5, 20), provider="them"),
            "another provider's",
        ),
    ],
)
def test_a_season_before_that_is_not_stored_says_nothing(earlier, why):
    assert promoted(pd.concat([earlier, matches("23/24", 2023, *"ABCE")], ignore_index=True)).isna().all(), (
        why
    )


def test_parts_are_home_and_away_and_an_unknown_body_part_is_none():
    shots = matches("23/24", 2023, "A", "B").assign(body_part=["head", "unknown"])
    labels = facet_labels(shots)
    assert labels[Facet.VENUE].tolist() == ["home", "away"]
    assert labels[Facet.BODY_PART].tolist()[0] == "head"
    assert labels[Facet.BODY_PART].isna().tolist() == [False, True]
    assert Facet.SEASON not in labels, "a competition of one season"
    two = pd.concat([shots, matches("24/25", 2024, "A", "B")], ignore_index=True)
    assert facet_labels(two)[Facet.SEASON].tolist() == ["23/24"] * 2 + ["24/25"] * 2
    assert Facet.CLUB_SEASON not in facet_labels(two), "no club has two seasons with 100 shots"
    assert Facet.CLUB_SEASON in facet_labels(pd.concat([two] * 100, ignore_index=True))


def test_places_are_bands_of_distance_and_unknown_is_one_of_its_own():
    shots = pd.DataFrame(
        {"x_m": [50.0, 41.5, 20.0, np.nan], "y_m": [0.0, 0.0, 0.0, 0.0], "pitch_length_m": 105.0}
    )
    assert place_bands(shots).tolist() == [0, 2, 5, 6]


def some_shots(n=3_000, seed=3):
    rng = np.random.default_rng(seed)
    xg = rng.beta(0.9, 8, n)
    goal = rng.random(n) < xg
    return Predicted(
        goal, xg >= goal_threshold(xg, int(goal.sum())), rng.integers(0, 7, n), rng.integers(0, 120, n)
    )


def test_counts_give_what_the_metrics_give_of_the_shots_themselves():
    shots = some_shots()
    in_facet = np.random.default_rng(4).random(len(shots.goal)) < 0.2
    table = np.zeros((2, 1, 7, 2, 2))
    np.add.at(
        table, (in_facet.astype(int), 0, shots.band, shots.goal.astype(int), shots.predicted.astype(int)), 1
    )
    by_counts = count_metrics(table[1], table[0])
    of_shots = [
        *pre_training_bias(shots.goal, in_facet, shots.band),
        *post_training_bias(shots.goal, shots.predicted, in_facet, shots.band, methods=POST_TRAINING),
    ]
    assert set(by_counts) == {metric.name for metric in of_shots}
    for metric in of_shots:
        assert by_counts[metric.name][0] == pytest.approx(metric.value, abs=1e-12), metric.name


def test_a_resample_without_the_part_or_without_a_big_chance_has_no_number_or_an_infinite_one():
    nobody, some = np.zeros((1, 1, 2, 2)), np.array([[[[5.0, 1.0], [1.0, 2.0]]]])
    assert np.isnan(count_metrics(nobody, some)["DPL"]).all()
    without = np.array([[[[5.0, 0.0], [1.0, 0.0]]]])
    assert count_metrics(without, some)["DI"].tolist() == [0.0]
    assert count_metrics(some, without)["DI"].tolist() == [np.inf]
    assert count_metrics(without, some)["DCA"].tolist() == [-np.inf]


def test_every_metric_of_a_part_has_an_interval_that_holds_it():
    shots = some_shots()
    rows = np.flatnonzero(shots.match < 30)
    (found,) = metrics_of_parts(shots, [rows])
    assert len(found) == 20
    for one in found:
        low, high = one.interval
        assert low <= one.metric.value <= high, one.metric.name


def test_the_threshold_predicts_as_many_goals_as_fell():
    assert goal_threshold(np.array([0.1, 0.5, 0.3, 0.2]), 2) == 0.3
    assert goal_threshold(np.array([0.1, 0.5]), 0) == 1.0


@pytest.mark.parametrize("n", [40, 300, 5000])
def test_metrics_told_from_counts_are_those_of_the_shots_themselves(n):
    rng = np.random.default_rng(n)
    match = np.sort(rng.integers(0, n // 20, n))
    shots = Predicted(rng.random(n) < 0.1, rng.random(n) < 0.1, rng.integers(0, 4, n), match)
    parts = [np.flatnonzero(rng.random(n) < share) for share in (0.02, 0.3, 0.9)]
    for rows, found in zip(parts, metrics_of_parts(shots, parts), strict=True):
        in_part = np.isin(np.arange(n), rows)
        asked = (
            *pre_training_bias(shots.goal, in_part, shots.band),
            *post_training_bias(shots.goal, shots.predicted, in_part, shots.band, methods=POST_TRAINING),
        )
        assert [(one.metric.name, one.metric.error) for one in found] == [(m.name, m.error) for m in asked]
        values = [(one.metric.value, metric.value) for one, metric in zip(found, asked, strict=True)]
        assert all(a == b or a == pytest.approx(b, abs=1e-12) for a, b in values)


def test_a_part_with_goals_and_misses_is_measured_without_looking_at_everybody_again(monkeypatch):
    rng, n = np.random.default_rng(1), 4000
    shots = Predicted(rng.random(n) < 0.3, rng.random(n) < 0.3, rng.integers(0, 4, n), np.arange(n) // 20)
    for name in ("pre_training_bias", "post_training_bias"):
        monkeypatch.setattr(f"xgoals.analysis.fairness.metrics.{name}", None)
    parts = [np.flatnonzero(np.arange(n) % 50 == part) for part in range(50)]
    assert len(list(metrics_of_parts(shots, parts))) == 50
