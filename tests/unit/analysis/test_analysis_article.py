"""The numbers behind the article's figures, by hand."""

import numpy as np
import pytest
from by_hand import evidence

from xgoals.analysis.article import figures as article
from xgoals.analysis.article.baseline import (
    ORIGINAL_BASELINE,
    CatalogueDifference,
    baseline_rows,
    catalogue_difference,
)
from xgoals.features.catalogue import ARTICLE_17, BEST_17


def test_the_original_baseline_has_every_feature_of_the_article_in_its_order():
    assert list(ORIGINAL_BASELINE) == [feature.name for feature in ARTICLE_17.features]
    assert list(ORIGINAL_BASELINE.values()) == [
        *(-1, 61.91, 25.88, 16.80, 15.52, 3.41, 2.63, 1, -1, 1, 2.0, 3.0, 2.0, 0.0, 12.50, 0.46, 0.68)
    ]


def as_facts(catalogue):
    keys = ("name", "label", "unit", "kind", "categories")
    return [{key: getattr(feature, key) for key in keys} for feature in catalogue.features]


def test_baselines_stand_side_by_side_and_say_which_features_differ():
    model = {"features": as_facts(BEST_17), "baseline": {"AngleToGoal": 25.2, "GoalkeeperInterception": 46.7}}
    rows = {row.feature["name"]: row for row in baseline_rows(model)}
    assert (rows["AngleToGoal"].original, rows["AngleToGoal"].own) == (25.88, 25.2)
    assert (rows["GoalkeeperCoverage"].in_model, rows["GoalkeeperCoverage"].own) == (False, None)
    assert (rows["GoalkeeperInterception"].original, rows["GoalkeeperInterception"].own) == (None, 46.7)
    assert rows["TakerSetup"].is_code
    difference = catalogue_difference(model)
    assert len(difference.absent) == len(difference.own) == 5
    assert "goal covered by the keeper" in difference.absent
    assert catalogue_difference({"features": as_facts(ARTICLE_17)}) == CatalogueDifference((), ())


def test_slow_and_fast_are_split_at_the_median():
    speed = np.tile([5.0, 20.0], 20)
    e = evidence({"AngleToGoal": np.full(40, 35.0), "PlayerSpeed": speed, "is_goal": speed > 10})
    found = article.slow_and_fast(e)
    row = next(step.rates for step in found.steps if step.angle_from_deg == 30.0)
    assert (row["slow"].rate, row["fast"].rate, found.median_speed_kmh) == (0.0, 1.0, 12.5)


def test_pressure_values_and_best_chances():
    push = np.linspace(-0.1, 0.1, 101)
    (found,) = article.pressure_values(evidence({"shap_PressureSum": push, "PressureSum": 1.0}))
    assert tuple(found.quantiles[q] for q in (25, 50, 75)) == pytest.approx((-0.05, 0.0, 0.05))
    data = {"DistanceToGoal": np.repeat([3.0, 9.0], 20), "PressureSum": np.repeat([2.0, 0.5], 20), "xg": 0.4}
    best = article.best_chances(evidence(data))
    assert [(band.distance_m, band.pressure, band.n_shots) for band in best.bands] == [
        (3.0, 2.0, 20),
        (9.0, 0.5, 20),
    ]
    assert article.best_chances(evidence({**data, "xg": 0.1})).bands == ()
