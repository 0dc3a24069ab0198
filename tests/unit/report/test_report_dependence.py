"""Dependence by hand: bands and values, what happened beneath, points counted into pixels."""

import numpy as np
import pytest

from xgoals.language import language
from xgoals.report.figures_dependence import dependence_picture, pair_picture, raster
from xgoals.report.summarise_dependence import PAIRS, dependence, interaction_table, partners

EN = language("en")


def test_bands_hold_every_known_shot_once(shots, model):
    rng = np.random.default_rng(1)
    angles = rng.uniform(0, 100, 300)
    rows = [{"AngleToGoal": a, "shap_AngleToGoal": a / 100, "is_goal": bool(a > 50)} for a in angles]
    (found,) = dependence(shots(*rows, {"AngleToGoal": None}, {"is_penalty": True}), model, ["AngleToGoal"])
    assert found["kind"] == "bands"
    assert sum(row["n"] for row in found["rows"]) == 300
    assert found["n_missing"] == 1
    means = [row["mean"] for row in found["rows"]]
    assert means == sorted(means)
    assert found["rows"][0]["rate"] == 0
    assert found["rows"][-1]["rate"] == 1
    assert found["rows"][-1]["mean"] == pytest.approx(found["rows"][-1]["value"] / 100)


def test_categories_are_shown_value_by_value(shots, model):
    frame = shots(
        {"TakerSetup": 1.0, "shap_TakerSetup": 0.4, "is_goal": True},
        {"TakerSetup": 1.0, "shap_TakerSetup": 0.2},
        {"TakerSetup": 0.0, "shap_TakerSetup": -0.1},
    )
    (found,) = dependence(frame, model, ["TakerSetup"])
    assert found["kind"] == "values"
    assert [(row["value"], row["n"], row["goals"]) for row in found["rows"]] == [(0.0, 1, 0), (1.0, 2, 1)]
    assert found["rows"][1]["mean"] == pytest.approx(0.3)
    assert found["reach"] == pytest.approx(0.3)


def test_a_feature_of_one_value_or_none(shots, model):
    one, *none = dependence(shots({}, {}), model, ["AngleToGoal", "PlayerSpeed"])
    assert [row["n"] for row in one["rows"]] == [2]
    assert none == []


def test_pairs_of_the_article_whose_features_are_used_then_the_strongest(model):
    used = ["DistanceToGoal", "AngleToGoal", "Header", "TakerSetup"]
    rows = [("Header", "AngleToGoal"), ("TakerSetup", "Header"), ("TakerSetup", "PlayerSpeed")]
    interactions = [{"feature": a, "partner": b, "mean_abs": 0.1} for a, b in rows]
    found = partners({**model, "interactions": interactions}, used)
    article = [pair for pair in PAIRS if set(pair) <= set(used)]
    assert article == [("DistanceToGoal", "AngleToGoal"), ("AngleToGoal", "Header")]
    assert found == [*article, ("TakerSetup", "Header")]
    assert partners(model, used) == article


def test_the_matrix_of_interactions_is_a_half(model):
    rows = [{"feature": "Header", "partner": "AngleToGoal", "n_shots": 9, "mean_abs": 0.3}]
    table = interaction_table({**model, "interactions": rows}, ["AngleToGoal", "Header", "TakerSetup"])
    assert table["cells"] == [[None, None, None], [0.3, None, None], [None, None, None]]
    assert table["top"] == 0.3
    assert interaction_table(model, ["AngleToGoal"]) is None


def test_points_become_pixels():
    x, y = np.array([0.0, 0.0, 1.0, 9.0]), np.array([1.0, 1.0, 0.0, 0.0])
    image = raster(x, y, np.array([0.0, 0.0, 1.0, 1.0]), extent=(0, 1, 0, 1))
    top_left, bottom_right = image[0, 0], image[-1, -1]
    assert tuple(top_left[:3]) == (38, 118, 188)  # low: blue
    assert tuple(bottom_right[:3]) == (224, 106, 34)  # high: orange
    assert top_left[3] == 255  # two points: the most
    assert 0 < bottom_right[3] < 255  # one point
    assert (image[..., 3] > 0).sum() == 2  # the fourth point lies outside


def test_a_pixel_has_the_mean_colour_and_missing_partners_are_grey():
    mixed = raster(np.zeros(3), np.zeros(3), np.array([0.0, 1.0, np.nan]), extent=(0, 1, 0, 1))
    assert tuple(mixed[-1, 0, :3]) == (150, 120, 160)
    grey = raster(np.zeros(1), np.zeros(1), np.array([np.nan]), extent=(0, 1, 0, 1))
    assert tuple(grey[-1, 0, :3]) == (128, 134, 140)


def test_pictures_follow_the_page_and_say_what_they_show(shots, model):
    values = np.linspace(10, 60, 200)
    rows = [{"AngleToGoal": float(a), "shap_AngleToGoal": float(a - 25) / 100} for a in values]
    (found,) = dependence(shots(*rows), model, ["AngleToGoal"])
    picture = dependence_picture(found, values, (values - 25) / 100, "xG", EN)
    assert "var(--ink)" in picture.svg
    assert "#0102" not in picture.svg
    assert "Angle to goal, °" in picture.svg
    assert picture.alt.startswith("Angle to goal: from 12° to 58° the mean value goes from −0.13 to +0.33 xG")
    assert len(picture.rows) == len(found["rows"])
    pair = pair_picture(
        model["features"][0], model["features"][2], values, values, np.full(200, -1.0), "xG", EN
    )
    assert "blue where Header is low" in pair.alt
