"""Dependence in pictures: points counted into pixels, values line by line, every number in the table behind."""

import numpy as np

from xgoals.analysis.dependence import dependence
from xgoals.language import language
from xgoals.report.draw.dependence import dependence_picture, values_picture
from xgoals.report.draw.raster import extent_of, raster

EN = language("en")


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
    assert len(picture.rows) == len(found.rows)


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
