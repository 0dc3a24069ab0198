"""Pairs of features in pictures: what the partner's sides are called, and where they are furthest apart."""

import numpy as np

from xgoals.analysis.pairs import pair_summary
from xgoals.language import language
from xgoals.report.draw.pairs import pair_picture, side_words

EN = language("en")


def test_a_yes_or_no_partner_is_told_by_its_values(shots, model):
    rows = [
        {"AngleToGoal": float(a), "Header": h, "shap_AngleToGoal": h / 10} for a in range(60) for h in (-1, 1)
    ]
    pair = pair_summary(shots(*rows), model, "AngleToGoal", "Header")
    assert (pair.by_value, pair.low, pair.high) == (True, -1.0, 1.0)
    assert side_words(pair, "high", EN) == "Header: yes"
    assert {row.low.mean for row in pair.rows} == {None}  # 14 bands of fewer than 20 shots a side
    picture = pair_picture(pair, np.arange(3.0), np.zeros(3), np.ones(3), "xG", EN)
    assert picture.alt == "Values of Angle to goal; too few shots to tell its partner's sides apart."


def test_the_picture_says_where_the_sides_are_furthest_apart(shots, model):
    rng = np.random.default_rng(3)
    angle, distance = rng.uniform(10, 70, 3000), rng.uniform(5, 30, 3000)
    push = np.where(distance < 13, angle / 100, 0.0)
    rows = [
        {"AngleToGoal": a, "DistanceToGoal": d, "shap_AngleToGoal": p}
        for a, d, p in zip(angle, distance, push, strict=True)
    ]
    pair = pair_summary(shots(*rows), model, "AngleToGoal", "DistanceToGoal")
    picture = pair_picture(pair, angle, push, distance, "xG", EN)
    assert picture.alt.startswith("Mean value of Angle to goal, furthest apart at 68°: +0.6")
    assert "0.000 xG (Distance to goal from 21.8" in picture.alt
    assert len(picture.rows) == len(pair.rows) == 14
    assert "value in xG" in picture.svg
