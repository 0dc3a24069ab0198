"""Dependence by hand: bands and values, what happened beneath, points counted into pixels."""

import numpy as np
import pytest

from xgoals.language import language
from xgoals.report.figures_dependence import dependence_picture, values_picture
from xgoals.report.raster import extent_of, raster
from xgoals.report.summarise_dependence import dependence

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


def test_counts_are_shown_value_by_value_and_the_rare_high_ones_share_a_line(shots, model):
    features = [{**model["features"][0], "name": "Opponents", "kind": "count", "unit": ""}]
    counts = [0] * 40 + [1] * 35 + [2] * 20 + [3] * 8 + [7] * 5
    frame = shots(*[{"Opponents": float(n), "shap_Opponents": n / 10} for n in counts])
    (found,) = dependence(frame, {**model, "features": features}, ["Opponents"])
    assert found["kind"] == "values"
    assert [(row["from"], row["to"], row["n"]) for row in found["rows"]] == [
        (0, 0, 40),
        (1, 1, 35),
        (2, 7, 33),
    ]
    soft = frame.assign(Opponents=frame["Opponents"] + 0.5)
    assert dependence(soft, {**model, "features": features}, ["Opponents"])[0]["kind"] == "bands"


def test_a_feature_of_one_value_or_none(shots, model):
    one, *none = dependence(shots({}, {}), model, ["AngleToGoal", "PlayerSpeed"])
    assert [row["n"] for row in one["rows"]] == [2]
    assert none == []


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
    assert picture.alt.startswith(
        "Angle to goal: from 12° to 58° the mean value goes from −0.132 to +0.332 xG"
    )
    assert len(picture.rows) == len(found["rows"])


def test_the_table_behind_a_picture_holds_every_number(shots, model):
    values = np.linspace(10, 60, 200)
    rows = [{"AngleToGoal": float(a), "shap_AngleToGoal": float(a - 25) / 100} for a in values]
    (found,) = dependence(shots(*rows), model, ["AngleToGoal"])
    picture = dependence_picture(found, values, (values - 25) / 100, "log-odds", EN)
    assert picture.head[:4] == ["from", "to", "shots", "goals"]
    assert picture.head[-1] == "mean value, log-odds"
    assert sum(int(row[2]) for row in picture.rows) == 200
    assert "value in log-odds" in picture.svg
    assert picture.svg.count("<image") == 1  # the points, in pixels


def test_a_category_is_drawn_line_by_line_with_its_name(shots, model):
    codes = np.repeat([0.0, 1.0], [30, 10])
    push = np.where(codes == 1, 0.4, -0.1)
    frame = shots(
        *[
            {"TakerSetup": c, "shap_TakerSetup": p, "is_goal": c == 1}
            for c, p in zip(codes, push, strict=True)
        ]
    )
    (found,) = dependence(frame, model, ["TakerSetup"])
    picture = values_picture(found, codes, push, "xG", EN)
    assert "open play · 30" in picture.svg
    assert "corner · 10" in picture.svg
    assert picture.alt == "Set-up: mean value from −0.100 xG (open play) to +0.400 xG (corner)."
    assert picture.rows[1] == ["corner", "10", "10", "1.000", "0.722", "1.000", "+0.400"]


def test_a_feature_of_a_single_value_can_be_drawn(shots, model):
    (found,) = dependence(shots({}, {}, {}), model, ["AngleToGoal"])
    picture = dependence_picture(found, np.full(3, 36.0), np.zeros(3), "xG", EN)
    assert "36°" in picture.alt
    left, right, bottom, top = extent_of(np.full(3, 36.0), np.zeros(3))
    assert left < 36 < right
    assert bottom < 0 < top
